package postgis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
)

// Shapes brings geometries into the CRS of the layer and onto its grid, in
// place, and tells which cannot be stored and why, by index. Callers have
// checked that types fit the layer and coordinates are finite.
func (w *writer) Shapes(ctx context.Context, l *layers.Layer, edits []*layers.Edit) (map[int]string, error) {
	faults := map[int]string{}
	var at []int
	for i, e := range edits {
		if e.Geometry != nil {
			at = append(at, i)
		}
	}
	for part := range slices.Chunk(at, chunk) {
		if err := w.project(ctx, l, edits, part, faults); err != nil {
			return nil, err
		}
		for _, i := range part {
			if faults[i] != "" {
				continue
			}
			if !finite(edits[i].Geometry) {
				faults[i] = fmt.Sprintf("lies where EPSG:%d, the coordinate reference system of the layer, is not defined", l.Source.SRID)
				continue
			}
			layers.Snap(edits[i].Geometry, l.Source.Grid)
		}
		if err := w.validate(ctx, l, edits, part, faults); err != nil {
			return nil, err
		}
	}
	return faults, nil
}

// project transforms the geometries that are in another CRS.
func (w *writer) project(ctx context.Context, l *layers.Layer, edits []*layers.Edit, part []int, faults map[int]string) error {
	var foreign []int
	var shapes [][]byte
	for _, i := range part {
		g := edits[i].Geometry
		if g.SRID() == 0 || g.SRID() == l.Source.SRID {
			layers.SetSRID(g, l.Source.SRID)
			continue
		}
		shape, err := ewkb.Marshal(g, ewkb.NDR)
		if err != nil {
			return fmt.Errorf("writing a geometry of %s: %w", l.ID, err)
		}
		foreign, shapes = append(foreign, i), append(shapes, shape)
	}
	if len(foreign) == 0 {
		return nil
	}
	rows, err := w.tx.Query(ctx, `select ST_AsEWKB(arpent.transform(ST_GeomFromEWKB(shape), $2::integer)) from unnest($1::bytea[]) with ordinality as u(shape, position) order by position`, shapes, l.Source.SRID)
	if err != nil {
		return translate(err, l)
	}
	projected, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return translate(err, l)
	}
	for k, i := range foreign {
		g, err := decode(projected[k])
		if err != nil {
			return err
		}
		if g == nil {
			faults[i] = fmt.Sprintf("cannot be brought from EPSG:%d into EPSG:%d, the layer's coordinate reference system: check the coordinates and their order", edits[i].Geometry.SRID(), l.Source.SRID)
			continue
		}
		edits[i].Geometry = g
	}
	return nil
}

// validate finds the geometries that break the rules of OGC Simple Features.
func (w *writer) validate(ctx context.Context, l *layers.Layer, edits []*layers.Edit, part []int, faults map[int]string) error {
	shapes := make([][]byte, len(part))
	for k, i := range part {
		if faults[i] != "" {
			continue
		}
		var err error
		if shapes[k], err = encode(l, edits[i]); err != nil {
			return err
		}
	}
	rows, err := w.tx.Query(ctx, `
		select position, (detail).reason, ST_X((detail).location), ST_Y((detail).location)
		from (
			select position, ST_IsValidDetail(ST_GeomFromEWKB(shape)) as detail
			from unnest($1::bytea[]) with ordinality as u(shape, position)
			where shape is not null
		) checked
		where not (detail).valid`, shapes)
	if err != nil {
		return translate(err, l)
	}
	defer rows.Close()
	for rows.Next() {
		var position int
		var reason string
		var x, y *float64
		if err := rows.Scan(&position, &reason, &x, &y); err != nil {
			return err
		}
		message := "is not valid: " + reason
		if x != nil && y != nil {
			message += fmt.Sprintf(" at %s %s (EPSG:%d)", formatFloat(*x), formatFloat(*y), l.Source.SRID)
		}
		faults[part[position-1]] = message
	}
	return translate(rows.Err(), l)
}

func finite(g geom.T) bool {
	return !slices.ContainsFunc(g.FlatCoords(), func(c float64) bool { return math.IsNaN(c) || math.IsInf(c, 0) })
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
