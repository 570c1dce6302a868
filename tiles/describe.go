package tiles

import (
	"context"
	"slices"
	"strings"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Description is what a client must know of the tiles of one layer or of the
// composite of several.
type Description struct {
	Title            string // in the viewer's language
	MinZoom, MaxZoom int
	Bounds           [4]float64 // west, south, east, north in degrees (EPSG:4326); the world when nothing is there
	Layers           []VectorLayer
}

// VectorLayer is a layer of tiles as TileJSON 3.0 has it.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
	// Overviews are what is drawn at low zooms; TileJSON has no word for it.
	Overviews []Overview `json:"overviews,omitempty"`
}

// Overview tells which features stand for several, and which are left out, at the
// zooms up to one, from the next lower one on.
type Overview struct {
	MaxZoom  int      `json:"maxzoom"`
	Union    []string `json:"union,omitempty"`
	Cluster  int      `json:"cluster,omitempty"`
	Smallest float64  `json:"smallest,omitempty"`
}

// mercator is what Web Mercator shows of the world, in degrees.
var mercator = [4]float64{-180, -85.05112877980659, 180, 85.05112877980659}

// Center is where a map of the tiles begins, in degrees, with its zoom.
func (d *Description) Center() (at [2]float64, zoom int) {
	return [2]float64{(d.Bounds[0] + d.Bounds[2]) / 2, (d.Bounds[1] + d.Bounds[3]) / 2}, min(max(d.MinZoom, 14), d.MaxZoom)
}

// Describe tells of the tiles of layers, of one with the attributes that a
// style asks for. It fails as Tile does.
func (s *Service) Describe(ctx context.Context, v layers.Viewer, ids, fields []string, text string) (*Description, error) {
	if len(ids) > 1 && (len(fields) > 0 || text != "") {
		return nil, layers.BadParameter("fields", nil, "attributes can be asked for of one layer at a time")
	}
	d := &Description{Bounds: mercator}
	var titles []string
	var bounds *layers.BBox
	for i, id := range ids {
		l, err := s.part(v, ids[:i], id)
		if err != nil {
			return nil, err
		}
		extra, err := s.layers.Catalog().TileExtra(v, l, fields, text)
		if err != nil {
			return nil, err
		}
		titles = append(titles, l.Title.In(v.Language))
		d.Layers = append(d.Layers, vectorLayerOf(l, v, extra))
		if i == 0 || l.Tiles.MinZoom < d.MinZoom {
			d.MinZoom = l.Tiles.MinZoom
		}
		d.MaxZoom = max(d.MaxZoom, l.Tiles.MaxZoom)
		if l.Source.Geometry == "" {
			continue
		}
		box, err := s.layers.Extent(ctx, v, l.ID, 4326)
		if err != nil {
			return nil, err
		}
		bounds = unite(bounds, box)
	}
	d.Title = strings.Join(titles, ", ")
	if bounds != nil {
		d.Bounds = [4]float64{bounds.MinX, bounds.MinY, bounds.MaxX, bounds.MaxY}
	}
	return d, nil
}

// part is a layer of a composite that the viewer may read; before are those named before it.
func (s *Service) part(v layers.Viewer, before []string, id string) (*layers.Layer, error) {
	if slices.Contains(before, id) {
		return nil, layers.Errorf(layers.BadRequest, "layer %s is named twice: a tile has each layer once", id)
	}
	return s.layers.Catalog().Get(v, id)
}

func unite(a, b *layers.BBox) *layers.BBox {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	return &layers.BBox{MinX: min(a.MinX, b.MinX), MinY: min(a.MinY, b.MinY), MaxX: max(a.MaxX, b.MaxX), MaxY: max(a.MaxY, b.MaxY), SRID: a.SRID}
}

func vectorLayerOf(l *layers.Layer, v layers.Viewer, extra layers.TileExtra) VectorLayer {
	fields := map[string]string{"id": "String"}
	if extra.Text != nil || l.LabelText(l.Tiles.MaxZoom) != nil {
		fields["_text"] = "String"
	}
	v.Purpose = ""
	for _, f := range v.Fields(l) {
		if !l.InTile(&f, l.Tiles.MaxZoom) && !slices.Contains(extra.Fields, f.Name) {
			continue
		}
		switch f.Type {
		case "integer", "number":
			fields[f.Name] = "Number"
		case "boolean":
			fields[f.Name] = "Boolean"
		default:
			fields[f.Name] = "String"
		}
	}
	layer := VectorLayer{ID: l.ID, Description: l.Title.In(v.Language), MinZoom: l.Tiles.MinZoom, MaxZoom: l.Tiles.MaxZoom, Fields: fields}
	for _, o := range l.Tiles.Overviews {
		if !postgis.SeesWholly(v, l, fieldsOf(l, o.Union)) { // who has features one by one
			continue
		}
		layer.Overviews = append(layer.Overviews, Overview(o))
		if o.Aggregates() {
			fields[layers.CountKey] = "Number"
		}
	}
	return layer
}
