package postgis

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// The extent and buffer of tiles, in their own units.
const (
	TileExtent = 4096
	TileBuffer = 64
)

// Tile encodes a layer in one tile of WebMercatorQuad as a Mapbox vector tile
// of one layer, named as the layer is, of the features that q selects, with the
// extra attributes asked for. It is nil when nothing is there. The same rows
// give the same bytes.
func (s *Store) Tile(ctx context.Context, v layers.Viewer, l *layers.Layer, z, x, y int, q layers.Query, extra layers.TileExtra) ([]byte, error) {
	var tile []byte
	role := queryRole(v, l, q)
	err := s.readAs(ctx, v, role, l, func(tx pgx.Tx) error {
		var near bool
		err := tx.QueryRow(ctx, `select arpent.transforms_well(ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b), 3857, $4) from ST_TileEnvelope($1, $2, $3) b`,
			z, x, y, l.Source.SRID).Scan(&near)
		if err != nil {
			return err
		}
		st := &statement{role: role}
		if err := st.tile(ctx, tx, v, l, z, x, y, near, q, extra); err != nil {
			return err
		}
		return tx.QueryRow(ctx, st.String(), st.args...).Scan(&tile)
	})
	if err = readingError(err); err != nil { // such as a label that counts beyond what a number holds
		return nil, fmt.Errorf("encoding tile %d/%d/%d of layer %s: %w", z, x, y, l.ID, err)
	}
	return tile, nil
}

// tile writes the query of a tile. A tile that is near, where the
// layer's CRS is defined, selects rows by its box there, from an index: the
// tile with its buffer, cut at the edge of the world, with enough points on
// its sides that it covers the tile. Else each row is brought to the tile, and
// left out where that cannot be. Names that no field can have keep the columns
// of the tile apart from those of the table. Personal data may choose the rows,
// but is in no tile.
func (st *statement) tile(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, z, x, y int, near bool, q layers.Query, extra layers.TileExtra) error {
	where, err := st.conditions(ctx, tx, v, l, q, part{})
	if err != nil {
		return err
	}
	from := st.rows(v, l, q.At)
	v.Purpose = ""
	rows := scopeOf(st, v, l, q.At)
	id, g := column(l.Source.ID), column(l.Source.Geometry)
	tile := fmt.Sprintf("ST_TileEnvelope(%s::integer, %s::integer, %s::integer", st.arg(z), st.arg(x), st.arg(y))
	shape := fmt.Sprintf("ST_Transform(t.%s, 3857)", g)
	if !near {
		shape = fmt.Sprintf("arpent.transform(t.%s, 3857)", g)
	}
	st.writef(`select nullif(ST_AsMVT("#features", %s, %d, '#geom', '#feature'), '') from (
		select ST_AsMVTGeom(%s, %s), %d, %d, true) as "#geom", %s as "#feature", t.%s::text as id`,
		st.arg(l.ID), TileExtent, shape, tile, TileExtent, TileBuffer, featureID(l), id)
	for _, f := range v.Fields(l) {
		if f.Name != "id" && (l.InTile(&f, z) || slices.Contains(extra.Fields, f.Name)) {
			st.writef(", %s as %s", rows.readable(&f), column(f.Name))
		}
	}
	if z >= titledZoom && l.LabelRefers() {
		st.writef(`, %s as "_label"`, rows.label(0))
	}
	text := extra.Text
	if text == nil {
		text = l.LabelText(z)
	}
	if text != nil {
		st.writef(`, (%s)::text as "_text"`, rows.expression(text))
	}
	st.writef(" from %s%s", from, where)
	if near {
		and := "where"
		if where != "" {
			and = "and"
		}
		st.writef(` %s t.%s && (
			select ST_Envelope(ST_Transform(ST_Segmentize(box, (ST_XMax(box) - ST_XMin(box)) / 16), %s::integer))
			from ST_Intersection(%s, margin => %s::float8), ST_MakeEnvelope(-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244, 3857)) as box)`,
			and, g, st.arg(l.Source.SRID), tile, st.arg(float64(TileBuffer)/TileExtent))
	}
	st.writef(` order by t.%s) "#features" where "#geom" is not null`, id)
	return nil
}

// titledZoom is the zoom from which tiles carry the titles of features that
// cannot be made of their fields alone, as attribute _label.
const titledZoom = 15

// featureID is the number of a feature in tiles: its identifier when that is a
// number, else 52 bits of a hash of it.
func featureID(l *layers.Layer) string {
	id := "t." + column(l.Source.ID)
	switch l.Source.IDType {
	case "bigint", "integer", "smallint":
		return "case when " + id + " >= 0 then " + id + "::bigint end"
	default:
		return "('x' || substr(md5(" + id + "::text), 1, 13))::bit(52)::bigint"
	}
}

// CheckTile reports whether a tile is in the matrix set.
func CheckTile(z, x, y int) error {
	if z < 0 || z > 22 {
		return layers.Errorf(layers.NotFound, "there is no tile matrix %d: zooms go from 0 to 22", z)
	}
	if n := 1 << z; x < 0 || y < 0 || x >= n || y >= n {
		return layers.Errorf(layers.NotFound, "tile %d/%d is outside matrix %s: columns and rows go from 0 to %d", x, y, strconv.Itoa(z), n-1)
	}
	return nil
}
