package layers

import (
	"fmt"
	"math"
	"strings"

	"github.com/twpayne/go-geom"
)

// maxOrdinate bounds coordinates: nothing on Earth is further from the origin
// of any CRS, in metres or degrees.
const maxOrdinate = 1e8

// SetSRID says the CRS of a geometry by its EPSG code.
func SetSRID(g geom.T, srid int) {
	switch g := g.(type) {
	case *geom.Point:
		g.SetSRID(srid)
	case *geom.LineString:
		g.SetSRID(srid)
	case *geom.Polygon:
		g.SetSRID(srid)
	case *geom.MultiPoint:
		g.SetSRID(srid)
	case *geom.MultiLineString:
		g.SetSRID(srid)
	case *geom.MultiPolygon:
		g.SetSRID(srid)
	case *geom.GeometryCollection:
		g.SetSRID(srid)
	}
}

// Clone copies a geometry, coordinates included. nil stays nil.
func Clone(g geom.T) geom.T {
	switch g := g.(type) {
	case *geom.Point:
		return g.Clone()
	case *geom.LineString:
		return g.Clone()
	case *geom.Polygon:
		return g.Clone()
	case *geom.MultiPoint:
		return g.Clone()
	case *geom.MultiLineString:
		return g.Clone()
	case *geom.MultiPolygon:
		return g.Clone()
	default:
		return g
	}
}

// TypeOf names the type of a geometry as OGC Simple Features does.
func TypeOf(g geom.T) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", g), "*geom.")
}

// Fit makes the geometry one that the layer can hold: a single part becomes a
// collection of one where the layer wants that. The error says what is wrong
// with the shape, CRS apart.
func (l *Layer) Fit(g geom.T) (geom.T, error) {
	if l.Source.Geometry == "" {
		return nil, fmt.Errorf("layer %s has no geometry: leave it out", l.ID)
	}
	want, is := l.Geometry.Type, TypeOf(g)
	if want != is && want != "Geometry" {
		promoted := promote(g, want)
		if promoted == nil {
			return nil, fmt.Errorf("is a %s, the layer holds %s", is, want)
		}
		g = promoted
	}
	if hasZ := g.Layout().ZIndex() >= 0; hasZ != l.Geometry.Z {
		if hasZ {
			return nil, fmt.Errorf("has a third coordinate, the layer is two-dimensional: leave it out")
		}
		return nil, fmt.Errorf("needs a third coordinate (height in metres) in every position")
	}
	if g.Empty() {
		return nil, fmt.Errorf("is empty: give it coordinates, or null for none")
	}
	return g, checkCoordinates(g)
}

// Snap rounds x and y to the nearest multiple of 1/grid, written as the nearest
// double of that decimal, so that equal places are equal bits wherever they come
// from. A grid of 0 is none.
func Snap(g geom.T, grid int) {
	if grid == 0 {
		return
	}
	if all, ok := g.(*geom.GeometryCollection); ok {
		for _, part := range all.Geoms() {
			Snap(part, grid)
		}
		return
	}
	n := float64(grid)
	flat, stride := g.FlatCoords(), g.Stride()
	for i := 0; i < len(flat); i += stride {
		flat[i] = math.Round(flat[i]*n) / n
		flat[i+1] = math.Round(flat[i+1]*n) / n
	}
}

func promote(g geom.T, want string) geom.T {
	var out geom.T
	switch g := g.(type) {
	case *geom.Point:
		if want == "MultiPoint" {
			out = geom.NewMultiPointFlat(g.Layout(), g.FlatCoords())
		}
	case *geom.LineString:
		if want == "MultiLineString" {
			out = geom.NewMultiLineStringFlat(g.Layout(), g.FlatCoords(), []int{len(g.FlatCoords())})
		}
	case *geom.Polygon:
		if want == "MultiPolygon" {
			out = geom.NewMultiPolygonFlat(g.Layout(), g.FlatCoords(), [][]int{g.Ends()})
		}
	}
	if out != nil {
		SetSRID(out, g.SRID())
	}
	return out
}

// checkCoordinates finds numbers that are no coordinates, rings that are not
// closed and parts that are too short.
func checkCoordinates(g geom.T) error {
	degrees := g.SRID() == 4326
	stride := g.Stride()
	for i, c := range g.FlatCoords() {
		if math.IsNaN(c) || math.IsInf(c, 0) || math.Abs(c) > maxOrdinate {
			return fmt.Errorf("position %d: %v is no coordinate", i/stride, c)
		}
		if degrees && (i%stride == 0 && math.Abs(c) > 180 || i%stride == 1 && math.Abs(c) > 90) {
			return fmt.Errorf("position %d: %v is no longitude or latitude in degrees: give positions as longitude, latitude (WGS 84), or name the coordinate reference system they are in", i/stride, c)
		}
	}
	switch g := g.(type) {
	case *geom.LineString:
		return checkLine(g, "line")
	case *geom.MultiLineString:
		for i := range g.NumLineStrings() {
			if err := checkLine(g.LineString(i), fmt.Sprintf("line %d", i)); err != nil {
				return err
			}
		}
	case *geom.Polygon:
		return checkRings(g, "ring")
	case *geom.MultiPolygon:
		for i := range g.NumPolygons() {
			if err := checkRings(g.Polygon(i), fmt.Sprintf("polygon %d, ring", i)); err != nil {
				return err
			}
		}
	case *geom.GeometryCollection:
		for _, part := range g.Geoms() {
			if err := checkCoordinates(part); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkLine(line *geom.LineString, where string) error {
	n := line.NumCoords()
	if n < 2 {
		return fmt.Errorf("%s has %d position: a line needs two", where, n)
	}
	first := line.Coord(0)
	for i := 1; i < n; i++ {
		if c := line.Coord(i); c[0] != first[0] || c[1] != first[1] {
			return nil
		}
	}
	return fmt.Errorf("%s has no length: all its positions are the same", where)
}

func checkRings(p *geom.Polygon, where string) error {
	for i := range p.NumLinearRings() {
		ring := p.LinearRing(i)
		n := ring.NumCoords()
		if n < 4 {
			return fmt.Errorf("%s %d has %d positions: a ring needs four, the last equal to the first", where, i, n)
		}
		if a, b := ring.Coord(0), ring.Coord(n-1); a[0] != b[0] || a[1] != b[1] {
			return fmt.Errorf("%s %d is not closed: repeat its first position at the end", where, i)
		}
	}
	return nil
}
