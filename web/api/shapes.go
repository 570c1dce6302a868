package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/web/auth"
	"arpent/web/geojson"
)

type shapeInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Operation string            `json:"operation" enum:"buffer,offset,split,merge,reshape,cut,mend"`
		Shapes    []json.RawMessage `json:"shapes" minItems:"1" nullable:"false" doc:"GeoJSON geometries in EPSG:3857: what is worked on"`
		With      json.RawMessage   `json:"with,omitempty" doc:"GeoJSON in EPSG:3857: the line of a split or reshape, the area of a cut"`
		Distance  float64           `json:"distance,omitempty" doc:"Of a buffer or an offset: m, on the ground; negative inwards, or to the right of a line"`
		Corners   string            `json:"corners,omitempty" enum:"round,mitre,bevel"`
	}
}

// ShapeRefusal says why an operation makes nothing of what was drawn.
type ShapeRefusal struct {
	Reason layers.ShapingReason `json:"reason" enum:"missed,too-thin,nothing-left,several-parts"`
	Detail string               `json:"detail"`
}

type shapeOutput struct {
	Body struct {
		Shapes  []json.RawMessage `json:"shapes" nullable:"false" doc:"GeoJSON geometries in EPSG:3857; of a split the largest first"`
		Refusal *ShapeRefusal     `json:"refusal"`
	}
}

// shape makes shapes of shapes; nothing is stored by it.
func (s *Server) shape(ctx context.Context, in *shapeInput) (*shapeOutput, error) {
	sh := layers.Shaping{Operation: layers.ShapingOperation(in.Body.Operation), Distance: in.Body.Distance, Corners: layers.Corners(in.Body.Corners)}
	var err error
	sh.Shapes = make([]geom.T, len(in.Body.Shapes))
	for i, shape := range in.Body.Shapes {
		if sh.Shapes[i], err = geojson.DecodeGeometry(shape, fmt.Sprintf("shapes[%d]", i), srid, false); err != nil {
			return nil, err
		}
	}
	if sh.With, err = geojson.DecodeGeometry(in.Body.With, "with", srid, false); err != nil {
		return nil, err
	}
	out := &shapeOutput{}
	out.Body.Shapes = []json.RawMessage{}
	made, err := s.Layers.Shape(ctx, auth.Viewer(ctx), in.Layer, sh, srid)
	if refused, ok := errors.AsType[*layers.ShapingRefusal](err); ok {
		out.Body.Refusal = &ShapeRefusal{refused.Reason, refused.Error()}
		return out, nil
	}
	for _, g := range made {
		encoded, err := geojson.EncodeGeometry(g, false)
		if err != nil {
			return nil, err
		}
		out.Body.Shapes = append(out.Body.Shapes, encoded)
	}
	return out, err
}
