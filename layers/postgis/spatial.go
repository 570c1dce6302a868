package postgis

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
	"arpent/layers/cql2"
)

// predicates are the functions of PostGIS for the operators of shapes.
var predicates = map[string]string{
	"s_intersects": "ST_Intersects", "s_equals": "ST_Equals", cql2.Disjoint: "ST_Intersects", "s_touches": "ST_Touches", "s_within": "ST_Within",
	"s_overlaps": "ST_Overlaps", "s_crosses": "ST_Crosses", "s_contains": "ST_Contains", cql2.DWithin: "ST_DWithin",
}

// spatial compares the shapes of the rows with one of the filter, or with
// those of features.
func (s scope) spatial(e cql2.Expr) (string, error) {
	condition, err := "", error(nil)
	if e.Args[1].Features != nil {
		condition, err = s.besides(e)
	} else {
		condition, err = s.drawn(e)
	}
	if e.Op == cql2.Disjoint {
		condition = "(not " + condition + ")"
	}
	return condition, err
}

// drawn compares with a shape of the filter. It is brought into the CRS of the
// layer once, by a subquery, so that an index on the shapes answers.
func (s scope) drawn(e cql2.Expr) (string, error) {
	shape := e.Args[1].Geometry
	data, err := ewkb.Marshal(shape, ewkb.NDR)
	if err != nil {
		return "", fmt.Errorf("writing a shape of a filter: %w", err)
	}
	drawn := fmt.Sprintf("ST_MakeValid(ST_GeomFromEWKB(%s::bytea))", s.st.arg(data))
	if shape.SRID() != s.layer.Source.SRID {
		drawn = fmt.Sprintf("ST_Transform(ST_Segmentize(%s, %s::float8), %s::integer)", drawn, s.st.arg(stride(shape)), s.st.arg(s.layer.Source.SRID))
	}
	return s.compared(e, "(select "+drawn+")"), nil
}

// besides is met by rows that compare so with one of the features. Starting
// from these, each finds its rows by an index.
func (s scope) besides(e cql2.Expr) (string, error) {
	of := s.st.others[e.Args[1].Features.Layer]
	if of == nil {
		return "", layers.BadParameter("filter", e.Args[1].Features.Layer, "there is no layer of this name that you may read")
	}
	rows, others := s.inner(s.layer), s.inner(of)
	from := rows.rows() + ", " + others.rows()
	shape := others.column(of.Source.Geometry)
	if of.Source.SRID != s.layer.Source.SRID {
		shape = fmt.Sprintf("ST_Transform(%s, %s::integer)", shape, s.st.arg(s.layer.Source.SRID))
	}
	var ids []string
	for _, id := range e.Args[1].Features.IDs {
		if fitsID(of, id) {
			ids = append(ids, id)
		}
	}
	return fmt.Sprintf("(%s in (select %s from %s where %s = any (%s::text[]::%s[]) and %s))", s.column(s.layer.Source.ID), rows.column(s.layer.Source.ID), from,
		others.column(of.Source.ID), s.st.arg(ids), of.Source.IDType, rows.compared(e, shape)), nil
}

// compared compares the shapes of the rows with one in the CRS of the layer.
func (s scope) compared(e cql2.Expr, shape string) string {
	own := s.column(s.layer.Source.Geometry)
	if e.Op == cql2.DWithin {
		metres, _ := e.Args[2].Literal.(float64)
		distance := s.st.arg(metres) + "::float8"
		return fmt.Sprintf("(%[1]s && (select arpent.around(%[2]s, %[3]s)) and ST_DWithin(ST_Transform(%[1]s, 4326)::geography, (select ST_Transform(%[2]s, 4326)::geography), %[3]s))", own, shape, distance)
	}
	return fmt.Sprintf("(%[1]s && %[2]s and %[3]s(%[1]s, %[2]s))", own, shape, predicates[e.Op])
}

// sides is into how many parts the outline of a large shape is cut before it
// is brought into another CRS, in which its sides are arcs.
const sides = 2000

// stride is how long the sides of a shape may be, in its own units, to be
// brought into another CRS: at 200 m they leave the arcs by some millimetres.
func stride(g geom.T) float64 {
	flat, step := g.FlatCoords(), g.Stride()
	length, degrees := 0.0, true
	for i := 0; i < len(flat); i += step {
		degrees = degrees && math.Abs(flat[i]) <= 360 && math.Abs(flat[i+1]) <= 90
		if i > 0 {
			length += math.Hypot(flat[i]-flat[i-step], flat[i+1]-flat[i+1-step])
		}
	}
	if degrees {
		return max(0.002, length/sides)
	}
	return max(200, length/sides)
}

// Pick are the identifiers of the features that q selects, no more than its
// limit, and the envelope of their shapes in the CRS of srid; nil for none.
func (s *Store) Pick(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query, srid int) (ids []string, box *layers.BBox, err error) {
	err = s.selecting(ctx, v, l, q, func(tx pgx.Tx, st *statement, rows scope) error {
		shape := "null::geometry"
		if l.Source.Geometry != "" {
			shape = fmt.Sprintf("ST_Transform(%s, %s::integer)", rows.column(l.Source.Geometry), st.arg(srid))
		}
		st.writef("select array_agg(id), ST_XMin(ST_Extent(shape)), ST_YMin(ST_Extent(shape)), ST_XMax(ST_Extent(shape)), ST_YMax(ST_Extent(shape)) from (select %s::text as id, %s as shape", rows.column(l.Source.ID), shape)
		if err := st.from(ctx, tx, v, l, q); err != nil {
			return err
		}
		st.writef(" order by %s limit %s) picked", rows.column(l.Source.ID), st.arg(q.Limit))
		var side [4]*float64
		if err := tx.QueryRow(ctx, st.String(), st.args...).Scan(&ids, &side[0], &side[1], &side[2], &side[3]); err != nil || side[0] == nil {
			return err
		}
		box = &layers.BBox{MinX: *side[0], MinY: *side[1], MaxX: *side[2], MaxY: *side[3], SRID: srid}
		return nil
	})
	return ids, box, err
}
