package working

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"github.com/twpayne/go-geom/encoding/wkb"

	"arpent/layers"
)

// polygonsOf answers a shape that was read as the coverage takes it.
func polygonsOf(g geom.T) orb.MultiPolygon {
	switch g := g.(type) {
	case *geom.Polygon:
		return orb.MultiPolygon{polygonOf(g)}
	case *geom.MultiPolygon:
		m := make(orb.MultiPolygon, g.NumPolygons())
		for i := range m {
			m[i] = polygonOf(g.Polygon(i))
		}
		return m
	}
	return nil
}

func polygonOf(g *geom.Polygon) orb.Polygon {
	p := make(orb.Polygon, g.NumLinearRings())
	for i := range p {
		ring := g.LinearRing(i)
		p[i] = make(orb.Ring, ring.NumCoords())
		for k := range p[i] {
			c := ring.Coord(k)
			p[i][k] = orb.Point{c[0], c[1]}
		}
	}
	return p
}

// geometryOf answers polygons as the layer stores them.
func geometryOf(l *layers.Layer, m orb.MultiPolygon) geom.T {
	var flat []float64
	var endss [][]int
	for _, polygon := range m {
		var ends []int
		for _, ring := range polygon {
			for _, at := range ring {
				flat = append(flat, at[0], at[1])
			}
			ends = append(ends, len(flat))
		}
		endss = append(endss, ends)
	}
	if l.Geometry.Type == "Polygon" && len(m) == 1 {
		return geom.NewPolygonFlat(geom.XY, flat, endss[0]).SetSRID(l.Source.SRID)
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, endss).SetSRID(l.Source.SRID)
}

// fitted is a shape as the layer holds it: one part as a collection of one or
// alone, with a level of 0, which tells nothing, where the layer has levels and
// the shape none. What cannot be is left as it is.
func fitted(l *layers.Layer, g geom.T) geom.T {
	g = levelled(g, l.Geometry.Z)
	switch m := g.(type) {
	case *geom.Point:
		if l.Geometry.Type == "MultiPoint" {
			g = geom.NewMultiPointFlat(m.Layout(), m.FlatCoords())
		}
	case *geom.LineString:
		if l.Geometry.Type == "MultiLineString" {
			g = geom.NewMultiLineStringFlat(m.Layout(), m.FlatCoords(), []int{len(m.FlatCoords())})
		}
	case *geom.Polygon:
		if l.Geometry.Type == "MultiPolygon" {
			g = geom.NewMultiPolygonFlat(m.Layout(), m.FlatCoords(), [][]int{m.Ends()})
		}
	case *geom.MultiPoint:
		if l.Geometry.Type == "Point" && m.NumPoints() == 1 {
			g = m.Point(0)
		}
	case *geom.MultiLineString:
		if l.Geometry.Type == "LineString" && m.NumLineStrings() == 1 {
			g = m.LineString(0)
		}
	case *geom.MultiPolygon:
		if l.Geometry.Type == "Polygon" && m.NumPolygons() == 1 {
			g = m.Polygon(0)
		}
	}
	if g != nil {
		layers.SetSRID(g, l.Source.SRID)
	}
	return g
}

// levelled is a shape with a third coordinate, or without.
func levelled(g geom.T, z bool) geom.T {
	layout := geom.XY
	if z {
		layout = geom.XYZ
	}
	if g == nil || g.Layout() == layout || g.Layout() == geom.NoLayout {
		return g
	}
	stride, from := layout.Stride(), g.Stride()
	flat := make([]float64, 0, len(g.FlatCoords())/from*stride)
	for _, p := range placesOf(g) {
		flat = append(flat, p[0], p[1])
		switch {
		case z && g.Layout().ZIndex() > 0:
			flat = append(flat, p[2])
		case z:
			flat = append(flat, 0)
		}
	}
	turned := func(ends []int) []int {
		all := make([]int, len(ends))
		for i, end := range ends {
			all[i] = end / from * stride
		}
		return all
	}
	switch g := g.(type) {
	case *geom.Point:
		return geom.NewPointFlat(layout, flat)
	case *geom.MultiPoint:
		return geom.NewMultiPointFlat(layout, flat)
	case *geom.LineString:
		return geom.NewLineStringFlat(layout, flat)
	case *geom.MultiLineString:
		return geom.NewMultiLineStringFlat(layout, flat, turned(g.Ends()))
	case *geom.Polygon:
		return geom.NewPolygonFlat(layout, flat, turned(g.Ends()))
	case *geom.MultiPolygon:
		endss := make([][]int, len(g.Endss()))
		for i, ends := range g.Endss() {
			endss[i] = turned(ends)
		}
		return geom.NewMultiPolygonFlat(layout, flat, endss)
	}
	return g
}

// placesOf are the coordinates of a shape, not copied: x, y and what follows.
func placesOf(g geom.T) [][]float64 {
	if g == nil {
		return nil
	}
	if all, ok := g.(*geom.GeometryCollection); ok {
		var places [][]float64
		for _, part := range all.Geoms() {
			places = append(places, placesOf(part)...)
		}
		return places
	}
	flat, stride := g.FlatCoords(), g.Stride()
	places := make([][]float64, 0, len(flat)/max(stride, 1))
	for i := 0; i+stride <= len(flat) && stride > 0; i += stride {
		places = append(places, flat[i:i+stride])
	}
	return places
}

// boundOf is the extent of a shape; false when it has none.
func boundOf(g geom.T) (orb.Bound, bool) { return boundAround(placesOf(g)) }

// boundAround is the extent of places; false for none.
func boundAround(places [][]float64) (orb.Bound, bool) {
	if len(places) == 0 {
		return orb.Bound{}, false
	}
	b := orb.Point{places[0][0], places[0][1]}.Bound()
	for _, p := range places {
		b = b.Extend(orb.Point{p[0], p[1]})
	}
	return b, true
}

// extent gathers boxes.
type extent struct {
	orb.Bound
	any bool
}

func (e *extent) add(b orb.Bound) {
	if e.any {
		b = e.Union(b)
	}
	e.Bound, e.any = b, true
}

func (e *extent) shape(g geom.T, pad float64) {
	if b, ok := boundOf(g); ok {
		e.add(b.Pad(pad))
	}
}

// same tells whether two shapes are the same to the bit, whatever CRS they say.
func same(a, b geom.T) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, errX := packed(a)
	y, errY := packed(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// packed writes a shape as WKB, without its CRS: that is the layer's. nil stays nil.
func packed(g geom.T) ([]byte, error) {
	if g == nil {
		return nil, nil
	}
	b, err := wkb.Marshal(g, wkb.NDR)
	if err != nil {
		return nil, fmt.Errorf("writing a shape of a working set: %w", err)
	}
	return b, nil
}

func packedAll(shapes []geom.T) ([][]byte, error) {
	all := make([][]byte, len(shapes))
	for i, g := range shapes {
		var err error
		if all[i], err = packed(g); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// unpacked reads what packed has written, in the CRS of srid.
func unpacked(b []byte, srid int) (geom.T, error) {
	if b == nil {
		return nil, nil
	}
	g, err := wkb.Unmarshal(b)
	if err != nil {
		return nil, fmt.Errorf("reading a shape of a working set: %w", err)
	}
	layers.SetSRID(g, srid)
	return g, nil
}

// here brings places from the CRS of srid into that of the layer, in place.
func (s *Service) here(ctx context.Context, l *layers.Layer, srid int, places [][]float64) error {
	if srid == l.Source.SRID || len(places) == 0 {
		return nil
	}
	xs, ys := make([]float64, len(places)), make([]float64, len(places))
	for i, p := range places {
		xs[i], ys[i] = p[0], p[1]
	}
	rows, err := s.pool.Query(ctx, `select ST_X(p), ST_Y(p) from unnest($1::float8[], $2::float8[]) with ordinality as u(x, y, position),
		arpent.transform(ST_SetSRID(ST_MakePoint(x, y), $3::integer), $4::integer) as p order by position`, xs, ys, srid, l.Source.SRID)
	if err != nil {
		return fmt.Errorf("projecting an operation: %w", err)
	}
	i := 0
	var x, y *float64
	_, err = pgx.ForEachRow(rows, []any{&x, &y}, func() error {
		if x == nil || y == nil {
			return layers.Errorf(layers.Invalid, "point %d lies where EPSG:%d, the coordinate reference system of the layer, is not defined", i, l.Source.SRID)
		}
		places[i][0], places[i][1] = *x, *y
		i++
		return nil
	})
	return err
}

// Shown is a shape as a client sees it.
type Shown struct {
	Shape  geom.T  // nil where there is none
	Area   float64 // m², on the ground; 0 for points and lines
	Length float64 // m, of lines
}

// there answers shapes of the layer in the CRS of srid; nil stays nil.
func (s *Service) there(ctx context.Context, l *layers.Layer, srid int, shapes []geom.T) ([]Shown, error) {
	binaries, err := packedAll(shapes)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select ST_AsEWKB(arpent.transform(g, $2::integer)), coalesce(ST_Area(ground), 0), case when ST_Dimension(g) = 1 then ST_Length(ground) else 0 end
		from unnest($1::bytea[]) with ordinality as u(b, position), lateral (select ST_SetSRID(ST_GeomFromEWKB(b), $3::integer) as g) as read,
			lateral (select ST_Force2D(arpent.transform(g, 4326))::geography as ground) as measured order by position`, binaries, srid, l.Source.SRID)
	if err != nil {
		return nil, fmt.Errorf("projecting a working set: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Shown, error) {
		var shown Shown
		var b []byte
		var length *float64
		if err := row.Scan(&b, &shown.Area, &length); err != nil || b == nil {
			return shown, err
		}
		if length != nil {
			shown.Length = *length
		}
		var err error
		shown.Shape, err = ewkb.Unmarshal(b)
		return shown, err
	})
	if err != nil {
		return nil, fmt.Errorf("projecting a working set: %w", err)
	}
	return all, nil
}

// Shapes answers shapes in the CRS of srid, in order; nil where one is gone.
func (s *Service) Shapes(ctx context.Context, v layers.Viewer, layer string, shapes []geom.T, srid int) ([]Shown, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	return s.there(ctx, sh.home, srid, shapes)
}
