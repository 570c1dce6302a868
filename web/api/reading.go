package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"arpent/web/auth"
)

// registerReading adds what the tools ask by which one reads the map.
func (s *Server) registerReading(a huma.API) {
	operate(a, "pick", http.MethodPost, "/api/layers/{layer}/pick", "Identifiers of chosen records, such as those that meet a condition on shapes, and where they lie", s.pick)
	operate(a, "getHeights", http.MethodPost, "/api/heights", "Heights at places of the map, as features there have them", s.getHeights)
	operate(a, "listCRS", http.MethodGet, "/api/crs", "Coordinate reference systems in which the viewer's territory is described", s.listCRS)
}

type pickOutput struct {
	Body struct {
		IDs  []string    `json:"ids" nullable:"false" doc:"At most 10,000"`
		BBox *[4]float64 `json:"bbox,omitempty" doc:"In EPSG:3857"`
	}
}

func (s *Server) pick(ctx context.Context, in *selectedInput) (*pickOutput, error) {
	q, err := in.Body.query()
	if err != nil {
		return nil, err
	}
	ids, box, err := s.Layers.Pick(ctx, auth.Viewer(ctx), in.Layer, q, srid)
	if err != nil {
		return nil, err
	}
	out := &pickOutput{}
	out.Body.IDs, out.Body.BBox = append([]string{}, ids...), corners(box)
	return out, nil
}

type heightsInput struct {
	Body struct {
		Places [][2]float64 `json:"places" minItems:"1" maxItems:"500" nullable:"false" doc:"In EPSG:3857"`
		Within float64      `json:"within" doc:"How far from a place a feature may be, in metres"`
	}
}

// Height is the height at a place.
type Height struct {
	Z     float64 `json:"z"`
	Layer string  `json:"layer"`
	ID    string  `json:"id"`
	Label string  `json:"label"`
}

type heightsOutput struct {
	Body struct {
		Heights []*Height `json:"heights" nullable:"false" doc:"Of each place; null where nothing tells it"`
	}
}

func (s *Server) getHeights(ctx context.Context, in *heightsInput) (*heightsOutput, error) {
	found, err := s.Layers.Heights(ctx, auth.Viewer(ctx), in.Body.Places, in.Body.Within)
	if err != nil {
		return nil, err
	}
	out := &heightsOutput{}
	out.Body.Heights = make([]*Height, len(found))
	for i, h := range found {
		if h != nil {
			out.Body.Heights[i] = &Height{h.Z, h.Layer, h.ID, h.Label}
		}
	}
	return out, nil
}

// CRS is a coordinate reference system.
type CRS struct {
	Code string `json:"code" doc:"As EPSG:2154"`
	Name string `json:"name"`
	Proj string `json:"proj" doc:"Its definition for PROJ"`
}

type crsOutput struct {
	Body struct {
		CRS []CRS `json:"crs" nullable:"false"`
	}
}

const (
	srid84        = 4326
	sridLambert93 = 2154
	sridCC42      = 3942 // conic of France around 42° north; the next eight are a degree apart
)

// listCRS lists WGS 84, the systems of the layers, and for metropolitan France
// Lambert-93 and the conics in whose zones the layers lie.
func (s *Server) listCRS(ctx context.Context, _ *struct{}) (*crsOutput, error) {
	v := auth.Viewer(ctx)
	codes := []int{}
	add := func(code int) {
		if code != 0 && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	var own []int
	south, north := 90.0, -90.0
	for _, l := range s.Layers.Catalog().Readable(v) {
		if l.Source.Geometry == "" {
			continue
		}
		own = append(own, l.Source.SRID)
		box, err := s.Layers.Extent(ctx, v, l.ID, srid84)
		if err != nil {
			return nil, err
		}
		if box != nil && box.MinX > -6 && box.MaxX < 10 && box.MinY > 41 && box.MaxY < 51.5 {
			south, north = min(south, box.MinY), max(north, box.MaxY)
		}
	}
	if south < north {
		add(sridLambert93)
	}
	for _, code := range own {
		add(code)
	}
	for zone := range 9 {
		if middle := float64(42 + zone); south < middle+1 && north > middle-1 {
			add(sridCC42 + zone)
		}
	}
	add(srid84)
	add(srid)
	known, err := s.Store.CRS(ctx, codes)
	if err != nil {
		return nil, err
	}
	out := &crsOutput{}
	out.Body.CRS = []CRS{}
	for _, c := range known {
		out.Body.CRS = append(out.Body.CRS, CRS{fmt.Sprintf("EPSG:%d", c.SRID), c.Name, c.Proj})
	}
	return out, nil
}
