package working

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/twpayne/go-geom"
	geomewkb "github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
)

func itoa(n int) string { return strconv.Itoa(n) }

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

// shapeFor answers a shape as the layer stores it.
func shapeFor(l *layers.Layer, m orb.MultiPolygon) geom.T {
	all := geom.NewMultiPolygon(geom.XY)
	for _, polygon := range m {
		p := geom.NewPolygon(geom.XY)
		for _, ring := range polygon {
			flat := make([]float64, 0, 2*len(ring))
			for _, at := range ring {
				flat = append(flat, at[0], at[1])
			}
			if err := p.Push(geom.NewLinearRingFlat(geom.XY, flat)); err != nil {
				panic(err) // the layout is the same
			}
		}
		if l.Geometry.Type == "Polygon" && len(m) == 1 {
			return p
		}
		if err := all.Push(p); err != nil {
			panic(err)
		}
	}
	return all
}

// here brings points from the CRS of srid into that of the layer, in place.
func (s *Service) here(ctx context.Context, l *layers.Layer, srid int, points []*orb.Point) error {
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
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
		points[i][0], points[i][1] = *x, *y
		i++
		return nil
	})
	return err
}

// Shown is a shape as a client sees it.
type Shown struct {
	Shape geom.T  // nil where there is none
	Area  float64 // m², on the ground
}

// there answers shapes of the layer in the CRS of srid; nil stays nil.
func (s *Service) there(ctx context.Context, l *layers.Layer, srid int, shapes []orb.Geometry) ([]Shown, error) {
	binaries := make([][]byte, len(shapes))
	for i, shape := range shapes {
		if shape == nil {
			continue
		}
		var err error
		if binaries[i], err = ewkb.Marshal(shape, l.Source.SRID); err != nil {
			return nil, fmt.Errorf("writing a shape of a working set: %w", err)
		}
	}
	rows, err := s.pool.Query(ctx, `
		select ST_AsEWKB(arpent.transform(g, $2::integer)), coalesce(ST_Area(arpent.transform(g, 4326)::geography), 0)
		from unnest($1::bytea[]) with ordinality as u(b, position), ST_GeomFromEWKB(b) as g order by position`, binaries, srid)
	if err != nil {
		return nil, fmt.Errorf("projecting a working set: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Shown, error) {
		var shown Shown
		var b []byte
		if err := row.Scan(&b, &shown.Area); err != nil || b == nil {
			return shown, err
		}
		var err error
		shown.Shape, err = geomewkb.Unmarshal(b)
		return shown, err
	})
	if err != nil {
		return nil, fmt.Errorf("projecting a working set: %w", err)
	}
	return all, nil
}
