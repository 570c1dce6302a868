package postgis

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
)

//go:embed shaping.sql
var shapingFile string

// shapings are the statements of shaping.sql by name.
var shapings = func() map[string]string {
	all := map[string]string{}
	for _, part := range strings.Split(shapingFile, "-- name: ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		all[name] = strings.TrimSpace(text)
	}
	return all
}()

const (
	// reach in units of the plane: how far the ends of a line are made longer,
	// and how close to a corner it passes through the corner. A side that is
	// straight on the map's plane bends by less in that of the layer.
	reach = 0.005
	// deviation in metres: how far a round corner may be from the arc.
	deviation = 0.01
)

// Shape makes shapes of shapes in the plane of the layer, or where that is in
// degrees in the one that PostGIS finds best at the place.
func (s *Store) Shape(ctx context.Context, v layers.Viewer, l *layers.Layer, sh layers.Shaping, srid int) ([]geom.T, error) {
	bytes := make([][]byte, len(sh.Shapes))
	for i, g := range sh.Shapes {
		var err error
		if bytes[i], err = placed(l, g); err != nil {
			return nil, err
		}
	}
	var made []geom.T
	err := s.read(ctx, v, l, func(tx pgx.Tx) error {
		plane, err := plane(ctx, tx, l, bytes)
		if err != nil {
			return err
		}
		name, args, err := arguments(ctx, tx, l, sh, plane)
		if err != nil {
			return err
		}
		target := srid
		if target == 0 {
			target = l.Source.SRID
		}
		grid := 0.0
		if l.Source.Grid > 0 {
			grid = 1 / float64(l.Source.Grid)
		}
		args = append([]any{bytes, plane}, args...)
		// On the grid a shape may touch itself: then it is brought there as a whole.
		sql := fmt.Sprintf(`with given as (%s), made as (%s),
			gridded as (select place, case when $%d::float8 = 0 then shape when ST_IsValid(near) then near else ST_ReducePrecision(shape, $%[3]d::float8) end as shape
				from (select place, shape, ST_SnapToGrid(shape, $%[3]d::float8) as near from made) as m)
			select place, ST_AsEWKB(ST_Transform(shape, $%[4]d::integer)) from gridded`,
			shapings["given"], shapings[name], len(args)+1, len(args)+2)
		rows, err := tx.Query(ctx, sql, append(args, grid, target)...)
		if err != nil {
			return err
		}
		var place *int
		var data []byte
		_, err = pgx.ForEachRow(rows, []any{&place, &data}, func() error {
			g, err := decode(data)
			if err != nil {
				return err
			}
			if g == nil || g.Empty() {
				return nothingLeft(sh, place)
			}
			if target == l.Source.SRID {
				layers.Snap(g, l.Source.Grid)
			}
			made = append(made, single(g))
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := checkMade(l, sh, made); err != nil {
		return nil, err
	}
	return made, nil
}

// placed is a shape as EWKB, in the CRS of the layer where it says none.
func placed(l *layers.Layer, g geom.T) ([]byte, error) {
	if g.SRID() == 0 {
		g = layers.Clone(g)
		layers.SetSRID(g, l.Source.SRID)
	}
	data, err := ewkb.Marshal(g, ewkb.NDR)
	if err != nil {
		return nil, fmt.Errorf("writing a shape on layer %s: %w", l.ID, err)
	}
	return data, nil
}

// plane is the EPSG code of the plane in which shapes on a layer are computed.
func plane(ctx context.Context, tx pgx.Tx, l *layers.Layer, shapes [][]byte) (int, error) {
	var out, lost int
	err := tx.QueryRow(ctx, `
		select case when $3 then _ST_BestSRID(ST_SetSRID(ST_Extent(ST_Transform(g, 4326))::geometry, 4326)::geography) else $2 end,
			count(*) filter (where arpent.transform(g, $2::integer) is null)
		from (select ST_GeomFromEWKB(bytes) as g from unnest($1::bytea[]) as u(bytes)) as given`,
		shapes, l.Source.SRID, l.Source.Grid == 0).Scan(&out, &lost)
	if err == nil && lost > 0 {
		err = layers.Errorf(layers.Invalid, "a shape lies where EPSG:%d, the coordinate reference system of layer %s, is not defined: draw nearer", l.Source.SRID, l.ID)
	}
	return out, err
}

// arguments are the statement of an operation and its parameters from $3.
func arguments(ctx context.Context, tx pgx.Tx, l *layers.Layer, sh layers.Shaping, plane int) (name string, args []any, err error) {
	name = string(sh.Operation)
	switch sh.Operation {
	case layers.Buffer, layers.Offset:
		if _, isLine := lines(sh.Shapes[0]); sh.Operation == layers.Offset && !isLine {
			name = string(layers.Buffer)
		}
		return name, []any{sh.Distance, corners(sh)}, nil
	case layers.Split, layers.Reshape:
		line, err := longer(ctx, tx, l, sh.With.(*geom.LineString), plane)
		if _, isLine := lines(sh.Shapes[0]); sh.Operation == layers.Reshape {
			name = map[bool]string{true: "reshape line", false: "reshape area"}[isLine]
		}
		return name, []any{line, reach}, err
	case layers.Cut:
		area, err := placed(l, sh.With)
		return name, []any{area}, err
	}
	return name, nil, nil
}

func lines(g geom.T) (geom.T, bool) {
	switch g.(type) {
	case *geom.LineString, *geom.MultiLineString:
		return g, true
	}
	return g, false
}

// corners are the parameters of ST_Buffer and ST_OffsetCurve: a quarter of a
// circle has as many sides as keep it within the deviation.
func corners(sh layers.Shaping) string {
	if sh.Corners == layers.Mitre || sh.Corners == layers.Bevel {
		return "join=" + string(sh.Corners)
	}
	sides := math.Ceil(math.Pi / (4 * math.Acos(max(0, 1-deviation/math.Abs(sh.Distance)))))
	return fmt.Sprintf("quad_segs=%d join=round", int(min(max(sides, 4), 500)))
}

// longer is a line in the plane, a little longer at both ends: an end on a
// border of one plane lies a hair beside it in another.
func longer(ctx context.Context, tx pgx.Tx, l *layers.Layer, line *geom.LineString, plane int) ([]byte, error) {
	data, err := placed(l, line)
	if err != nil {
		return nil, err
	}
	if err := tx.QueryRow(ctx, `select ST_AsEWKB(ST_Force2D(arpent.transform(ST_GeomFromEWKB($1), $2::integer)))`, data, plane).Scan(&data); err != nil {
		return nil, err
	}
	g, err := decode(data)
	if err != nil || g == nil {
		return nil, layers.Errorf(layers.Invalid, "with: the line lies where EPSG:%d is not defined: draw nearer", l.Source.SRID)
	}
	flat := g.FlatCoords()
	n := len(flat)
	if n < 4 {
		return data, nil
	}
	extended := append(beyond(flat[2:4], flat[0:2]), flat...)
	extended = append(extended, beyond(flat[n-4:n-2], flat[n-2:])...)
	out := geom.NewLineStringFlat(geom.XY, extended).SetSRID(plane)
	return ewkb.Marshal(out, ewkb.NDR)
}

// beyond is the place at reach behind b, as seen from a.
func beyond(a, b []float64) []float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	d := math.Hypot(dx, dy)
	if d == 0 {
		return []float64{b[0], b[1]}
	}
	return []float64{b[0] + dx/d*reach, b[1] + dy/d*reach}
}

// single is the one part of a collection of one, else the collection.
func single(g geom.T) geom.T {
	var one geom.T
	switch m := g.(type) {
	case *geom.MultiPoint:
		if m.NumPoints() == 1 {
			one = m.Point(0)
		}
	case *geom.MultiLineString:
		if m.NumLineStrings() == 1 {
			one = m.LineString(0)
		}
	case *geom.MultiPolygon:
		if m.NumPolygons() == 1 {
			one = m.Polygon(0)
		}
	}
	if one == nil {
		return g
	}
	layers.SetSRID(one, g.SRID())
	return one
}

// nothingLeft tells that no shape came of an operation, or of one of its shapes.
func nothingLeft(sh layers.Shaping, place *int) error {
	i := 0
	if place != nil {
		i = *place - 1
	}
	switch sh.Operation {
	case layers.Reshape:
		return layers.RefuseShaping(layers.Missed, "the line does not meet the shape twice: begin and end it on the border, or across it")
	case layers.Buffer, layers.Offset:
		return layers.RefuseShaping(layers.NothingLeft, "shapes[%d]: nothing is left of it %s m inwards: give less", i, formatFloat(math.Abs(sh.Distance)))
	case layers.Split:
		return layers.RefuseShaping(layers.TooThin, "a part would be thinner than a millimetre: draw the line further from the border, or on it")
	case layers.Cut:
		return layers.RefuseShaping(layers.NothingLeft, "shapes[%d]: nothing is left of it: the area that is cut out covers it whole", i)
	}
	return layers.RefuseShaping(layers.NothingLeft, "shapes[%d]: nothing is left of it", i)
}

// checkMade tells what an operation did not do, and what the layer cannot hold.
func checkMade(l *layers.Layer, sh layers.Shaping, made []geom.T) error {
	if sh.Operation == layers.Split && len(made) < 2 {
		return layers.RefuseShaping(layers.Missed, "the line does not cut the shape in two: begin and end it outside, or on the border")
	}
	if strings.HasPrefix(l.Geometry.Type, "Multi") || l.Geometry.Type == "Geometry" || sh.Operation == layers.Buffer {
		return nil
	}
	for _, g := range made {
		if strings.HasPrefix(layers.TypeOf(g), "Multi") {
			return layers.RefuseShaping(layers.SeveralParts, "what comes of it is in several parts, a record of layer %s has one: %s", l.ID, inOne(sh.Operation))
		}
	}
	return nil
}

// inOne says how to stay in one part.
func inOne(o layers.ShapingOperation) string {
	switch o {
	case layers.Merge:
		return "merge shapes that touch"
	case layers.Cut:
		return "cut without dividing it, or split it by a line"
	case layers.Offset:
		return "give a smaller distance"
	}
	return "draw it in one part"
}
