// Package geojson reads and writes the GeoJSON (RFC 7946) of features, with
// errors that name the place in the document.
package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"

	"arpent/layers"
)

// Decimals with which coordinates are written: finer than the grid of 1 mm
// that shapes are stored on, so that what comes back unchanged is unchanged.
const (
	degreeDecimals = 9
	metreDecimals  = 6
)

// depths is how deep the positions of each type are nested.
var depths = map[string]int{"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

// EncodeGeometry writes a geometry, null for nil. swap writes y before x, as
// some CRS want.
func EncodeGeometry(g geom.T, swap bool) (json.RawMessage, error) {
	if g == nil {
		return json.RawMessage("null"), nil
	}
	if swap {
		g = swapped(g)
	}
	decimals := metreDecimals
	if looksLikeDegrees(g) {
		decimals = degreeDecimals
	}
	return geojson.Marshal(g, geojson.EncodeGeometryWithMaxDecimalDigits(decimals))
}

func looksLikeDegrees(g geom.T) bool { return g.SRID() == 4326 || g.SRID() == 4258 }

// DecodeGeometry reads a geometry of the CRS; null gives nil. at is where it
// stands, for faults: "geometry". swap says that y comes before x.
func DecodeGeometry(data []byte, at string, srid int, swap bool) (geom.T, error) {
	if len(data) == 0 || bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil, nil
	}
	var head struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, Fault(at, "is no GeoJSON geometry: %v", err)
	}
	depth, ok := depths[head.Type]
	if !ok {
		return nil, Fault(at+".type", "%q is no type of geometry: Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon", head.Type)
	}
	var coordinates any
	if len(head.Coordinates) == 0 {
		return nil, Fault(at+".coordinates", "is missing")
	}
	if err := json.Unmarshal(head.Coordinates, &coordinates); err != nil {
		return nil, Fault(at+".coordinates", "%v", err)
	}
	size := 0
	if err := checkPositions(coordinates, at+".coordinates", depth, &size); err != nil {
		return nil, err
	}
	var g geom.T
	if err := geojson.Unmarshal(data, &g); err != nil {
		return nil, Fault(at, "is no GeoJSON geometry: %v", err)
	}
	if swap {
		g = swapped(g)
	}
	layers.SetSRID(g, srid)
	return g, nil
}

// checkPositions checks that positions are nested to the depth and all have
// the same number of coordinates, 2 or 3.
func checkPositions(value any, at string, depth int, size *int) error {
	list, ok := value.([]any)
	if !ok {
		return Fault(at, "is no list")
	}
	if depth > 0 {
		for i, part := range list {
			if err := checkPositions(part, fmt.Sprintf("%s[%d]", at, i), depth-1, size); err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) != 2 && len(list) != 3 {
		return Fault(at, "a position has two numbers, or three with height, not %d", len(list))
	}
	if *size == 0 {
		*size = len(list)
	}
	if len(list) != *size {
		return Fault(at, "has %d numbers, the positions before it have %d", len(list), *size)
	}
	for _, c := range list {
		if n, ok := c.(float64); !ok || math.IsNaN(n) || math.IsInf(n, 0) {
			return Fault(at, "%v is no number", c)
		}
	}
	return nil
}

// swapped is the geometry with x and y exchanged.
func swapped(g geom.T) geom.T {
	g = layers.Clone(g)
	flat, stride := g.FlatCoords(), g.Stride()
	for i := 0; i < len(flat); i += stride {
		flat[i], flat[i+1] = flat[i+1], flat[i]
	}
	return g
}

// Fault is an Invalid error at a place of the document.
func Fault(at, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return &layers.Error{Kind: layers.Invalid, Detail: at + ": " + message, Faults: []layers.Fault{{Location: at, Message: message}}}
}

// Feature is a feature as a client sends it.
type Feature struct {
	ID            string
	Properties    map[string]any // nil when absent
	Geometry      geom.T
	ClearGeometry bool // geometry is there and null
}

// DecodeFeature reads one Feature. In a merge patch (RFC 7396) members may be
// missing, in a whole feature not.
func DecodeFeature(data []byte, srid int, swap, patch bool) (*Feature, error) {
	var members map[string]json.RawMessage
	if err := decode(data, &members); err != nil {
		return nil, err
	}
	var kind string
	if raw, ok := members["type"]; ok {
		_ = json.Unmarshal(raw, &kind)
	}
	if kind != "Feature" && (!patch || kind != "") {
		return nil, Fault("type", `must be "Feature"`)
	}
	f := &Feature{}
	for name, raw := range members {
		var err error
		switch name {
		case "id":
			f.ID, err = decodeID(raw)
		case "properties":
			if err := json.Unmarshal(raw, &f.Properties); err != nil {
				return nil, Fault("properties", "is no object")
			}
			if f.Properties == nil {
				f.Properties = map[string]any{}
			}
		case "geometry":
			f.Geometry, err = DecodeGeometry(raw, "geometry", srid, swap)
			f.ClearGeometry = f.Geometry == nil
		}
		if err != nil {
			return nil, err
		}
	}
	if !patch {
		for _, name := range []string{"properties", "geometry"} {
			if _, ok := members[name]; !ok {
				return nil, Fault(name, "is missing")
			}
		}
	}
	return f, nil
}

func decodeID(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String(), nil
	}
	return "", Fault("id", "is neither a text nor a number")
}

// decode reads one JSON document and nothing after it.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(into); err != nil {
		place := ""
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
			place = fmt.Sprintf(" (line %d, byte %d)", line, syntax.Offset)
		}
		if errors.Is(err, io.EOF) {
			return layers.Errorf(layers.BadRequest, "the body is empty: send a GeoJSON Feature")
		}
		return layers.Errorf(layers.BadRequest, "the body is not JSON%s: %v", place, err.Error())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return layers.Errorf(layers.BadRequest, "there is something after the end of the feature (byte %d)", d.InputOffset())
	}
	return nil
}
