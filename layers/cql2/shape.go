package cql2

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"
)

// Bounds of shapes in a filter: they are drawn by hand, or picked on the map.
const (
	maxPositions = 5000
	maxFeatures  = 1000
	maxMetres    = 100_000
	maxOrdinate  = 1e8
)

// lonLat is the CRS of a shape that names none: longitude and latitude in
// degrees, as GeoJSON has them.
const lonLat = 4326

// crsName is how a shape names its CRS: "EPSG:2154", or by its address.
var crsName = regexp.MustCompile(`^(?:EPSG:|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/)(\d{4,6})$`)

// depths is how deep the positions of each type are nested.
var depths = map[string]int{"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

// fitsSpatial reports whether an operator of shapes takes an argument at its
// place.
func fitsSpatial(i int, arg Expr) error {
	metres, isNumber := arg.Literal.(float64)
	switch {
	case i == 0 && arg.Property == "":
		return errors.New(`names no property: write {"property": "geometry"} first`)
	case i == 1 && arg.Geometry == nil && arg.Features == nil:
		return errors.New("is no shape: write a GeoJSON geometry, {\"bbox\": […]} or {\"features\": {\"layer\": …, \"ids\": […]}}")
	case i == 2 && (!isNumber || metres < 0 || metres > maxMetres):
		return fmt.Errorf("is no distance: write metres from 0 to %d", maxMetres)
	}
	return nil
}

func isShape(object map[string]any) bool {
	for _, name := range []string{"coordinates", "bbox", "features"} {
		if _, ok := object[name]; ok {
			return true
		}
	}
	return false
}

// shape reads a geometry, a box, or the features whose shapes are meant.
func (r *reader) shape(object map[string]any, path string) (Expr, error) {
	if features, ok := object["features"]; ok {
		return r.features(features, path)
	}
	srid, err := sridOf(object["crs"])
	if err != nil {
		return Expr{}, fault(path, "%w", err)
	}
	if box, ok := object["bbox"]; ok {
		if _, whole := object["coordinates"]; !whole {
			return r.box(box, srid, path)
		}
	}
	kind, _ := object["type"].(string)
	depth, ok := depths[kind]
	if !ok {
		return Expr{}, fault(path, "%q is no type of geometry: Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon", kind)
	}
	g, err := r.geometry(kind, depth, object["coordinates"], path+".coordinates")
	if err != nil {
		return Expr{}, err
	}
	if g.Empty() {
		return Expr{}, fault(path, "has no coordinates")
	}
	return Expr{Geometry: withSRID(g, srid)}, nil
}

func (r *reader) features(value any, path string) (Expr, error) {
	object, _ := value.(map[string]any)
	layer, _ := object["layer"].(string)
	list, _ := object["ids"].([]any)
	if layer == "" || len(list) == 0 {
		return Expr{}, fault(path, `"features" wants the layer and the ids of at least one`)
	}
	if len(list) > maxFeatures {
		return Expr{}, fault(path, "names %d features, more than %d: select fewer, or draw around them", len(list), maxFeatures)
	}
	f := &Features{Layer: layer}
	for i, each := range list {
		id, ok := each.(string)
		if !ok {
			return Expr{}, fault(path, "ids[%d] is no text", i)
		}
		f.IDs = append(f.IDs, id)
	}
	return Expr{Features: f}, nil
}

func (r *reader) box(value any, srid int, path string) (Expr, error) {
	list, _ := value.([]any)
	var side [4]float64
	if len(list) != len(side) {
		return Expr{}, fault(path, "a box has four numbers: minx, miny, maxx, maxy")
	}
	for i, each := range list {
		c, ok := ordinate(each)
		if !ok {
			return Expr{}, fault(path, "%v is no coordinate", each)
		}
		side[i] = c
	}
	if side[0] >= side[2] || side[1] >= side[3] {
		return Expr{}, fault(path, "the lower corner of the box comes first: minx, miny, maxx, maxy")
	}
	flat := []float64{side[0], side[1], side[2], side[1], side[2], side[3], side[0], side[3], side[0], side[1]}
	return Expr{Geometry: geom.NewPolygonFlat(geom.XY, flat, []int{len(flat)}).SetSRID(srid)}, nil
}

// geometry reads coordinates nested to the depth; heights are left out, as the
// predicates know none.
func (r *reader) geometry(kind string, depth int, value any, path string) (geom.T, error) {
	var flat []float64
	var ends []int
	var endss [][]int
	var walk func(value any, path string, depth int) error
	walk = func(value any, path string, depth int) error {
		list, ok := value.([]any)
		if !ok {
			return fault(path, "is no list")
		}
		if depth == 0 {
			return r.position(list, path, &flat)
		}
		start := len(flat)
		for i, part := range list {
			if err := walk(part, fmt.Sprintf("%s[%d]", path, i), depth-1); err != nil {
				return err
			}
		}
		switch line := flat[start:]; {
		case depth == 1 && kind == "MultiPoint":
		case depth == 1 && (kind == "Polygon" || kind == "MultiPolygon") && (len(line) < 8 || line[0] != line[len(line)-2] || line[1] != line[len(line)-1]):
			return fault(path, "is no ring: it has at least four positions, the last as the first")
		case depth == 1 && len(line) < 4:
			return fault(path, "is no line: it has at least two positions")
		case depth == 1:
			ends = append(ends, len(flat))
		case depth == 2 && kind == "MultiPolygon":
			endss, ends = append(endss, ends), nil
		}
		return nil
	}
	if err := walk(value, path, depth); err != nil {
		return nil, err
	}
	switch kind {
	case "Point":
		return geom.NewPointFlat(geom.XY, flat), nil
	case "MultiPoint":
		return geom.NewMultiPointFlat(geom.XY, flat), nil
	case "LineString":
		return geom.NewLineStringFlat(geom.XY, flat), nil
	case "MultiLineString":
		return geom.NewMultiLineStringFlat(geom.XY, flat, ends), nil
	case "Polygon":
		return geom.NewPolygonFlat(geom.XY, flat, ends), nil
	default:
		return geom.NewMultiPolygonFlat(geom.XY, flat, endss), nil
	}
}

func (r *reader) position(list []any, path string, flat *[]float64) error {
	if r.positions++; r.positions > maxPositions {
		return fmt.Errorf("has shapes of more than %d positions: draw fewer", maxPositions)
	}
	if len(list) < 2 || len(list) > 3 {
		return fault(path, "a position has two numbers, or three with height, not %d", len(list))
	}
	for _, each := range list[:2] {
		c, ok := ordinate(each)
		if !ok {
			return fault(path, "%v is no coordinate", each)
		}
		*flat = append(*flat, c)
	}
	return nil
}

func ordinate(value any) (float64, bool) {
	c, ok := value.(float64)
	return c, ok && math.Abs(c) <= maxOrdinate
}

func sridOf(value any) (int, error) {
	if value == nil {
		return lonLat, nil
	}
	name, _ := value.(string)
	match := crsName.FindStringSubmatch(name)
	if match == nil {
		return 0, fmt.Errorf("%v is no CRS: write it as \"EPSG:2154\"", value)
	}
	return strconv.Atoi(match[1])
}

func withSRID(g geom.T, srid int) geom.T {
	switch g := g.(type) {
	case *geom.Point:
		return g.SetSRID(srid)
	case *geom.MultiPoint:
		return g.SetSRID(srid)
	case *geom.LineString:
		return g.SetSRID(srid)
	case *geom.MultiLineString:
		return g.SetSRID(srid)
	case *geom.Polygon:
		return g.SetSRID(srid)
	case *geom.MultiPolygon:
		return g.SetSRID(srid)
	}
	return g
}

// marshalShape writes a geometry with the CRS that it is in.
func marshalShape(g geom.T) ([]byte, error) {
	data, err := geojson.Marshal(g)
	if err != nil || g.SRID() == lonLat {
		return data, err
	}
	return append(data[:len(data)-1], fmt.Sprintf(`,"crs":"EPSG:%d"}`, g.SRID())...), nil
}
