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

// TileMargin is how far a tile shows beyond itself, in parts of its side.
const TileMargin = float64(TileBuffer) / TileExtent

// Tile encodes a layer in one tile of WebMercatorQuad as a Mapbox vector tile
// of one layer, named as the layer is, of the features that q selects, with the
// extra attributes asked for. It is nil when nothing is there. The same rows
// give the same bytes.
func (s *Store) Tile(ctx context.Context, v layers.Viewer, l *layers.Layer, z, x, y int, q layers.Query, extra layers.TileExtra) ([]byte, error) {
	var tile []byte
	err := s.readTile(ctx, v, l, z, x, y, q, func(tx pgx.Tx, st *statement, at tileAt) error {
		st.writef(`select nullif(ST_AsMVT("#features", %s, %d, '#geom', '#feature'), '') from (`, st.arg(l.ID), TileExtent)
		_, err := st.tile(ctx, tx, v, l, at, q, extra, TileMargin, func(shape, tile string) string {
			return fmt.Sprintf("ST_AsMVTGeom(%s, %s), %d, %d, true)", shape, tile, TileExtent, TileBuffer)
		})
		if err != nil {
			return err
		}
		st.writef(` order by t.%s) "#features" where "#geom" is not null`, column(l.Source.ID))
		return tx.QueryRow(ctx, st.String(), st.args...).Scan(&tile)
	})
	return tile, err
}

// tileAt is a tile of WebMercatorQuad; near tells whether the CRS of the layer
// is defined there.
type tileAt struct {
	z, x, y int
	near    bool
}

// readTile calls fn in a transaction that sees what the viewer may read.
func (s *Store) readTile(ctx context.Context, v layers.Viewer, l *layers.Layer, z, x, y int, q layers.Query, fn func(pgx.Tx, *statement, tileAt) error) error {
	role := queryRole(v, l, q)
	err := s.readAs(ctx, v, role, l, func(tx pgx.Tx) error {
		at := tileAt{z: z, x: x, y: y}
		err := tx.QueryRow(ctx, `select arpent.transforms_well(ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b), 3857, $4) from ST_TileEnvelope($1, $2, $3) b`,
			z, x, y, l.Source.SRID).Scan(&at.near)
		if err != nil {
			return err
		}
		return fn(tx, &statement{role: role}, at)
	})
	if err = s.checkTable(ctx, l, readingError(err)); err != nil { // such as a label that counts beyond what a number holds
		return fmt.Errorf("encoding tile %d/%d/%d of layer %s: %w", z, x, y, l.ID, err)
	}
	return nil
}

// tile writes the query of the rows in a tile, and answers the names of their
// attributes: after "#geom", what is made of a shape in EPSG:3857 and the
// envelope of the tile, left open for a margin, "#feature", the number, and id.
// A tile that is near selects rows by its box there, from an index: the
// tile with its buffer, cut at the edge of the world, with enough points on
// its sides that it covers the tile. Else each row is brought to the tile, and
// left out where that cannot be. Names that no field can have keep the columns
// of the tile apart from those of the table. Personal data may choose the rows,
// but is in no tile.
func (st *statement) tile(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, at tileAt, q layers.Query, extra layers.TileExtra, margin float64, geometry func(shape, tile string) string) ([]string, error) {
	where, err := st.conditions(ctx, tx, v, l, q, part{})
	if err != nil {
		return nil, err
	}
	from := st.rows(v, l, q.At)
	v.Purpose = ""
	rows := scopeOf(st, v, l, q.At)
	tile := st.envelope(at)
	st.writef(`select %s as "#geom", %s as "#feature", t.%s::text as id`, geometry(at.mercator(l), tile), featureID(l), column(l.Source.ID))
	var names []string
	attribute := func(name, value string) {
		names = append(names, name)
		st.writef(", %s as %s", value, column(name))
	}
	for _, f := range v.Fields(l) {
		if f.Name != "id" && (l.InTile(&f, at.z) || slices.Contains(extra.Fields, f.Name)) {
			attribute(f.Name, rows.readable(&f))
		}
	}
	if TileTitled(l, at.z) {
		attribute("_label", rows.label(0))
	}
	text := extra.Text
	if text == nil {
		text = l.LabelText(at.z)
	}
	if text != nil {
		attribute("_text", fmt.Sprintf("(%s)::text", rows.expression(text)))
	}
	st.writef(" from %s%s", from, where)
	if at.near {
		st.writef(" %s %s", following(where), st.inTile(l, tile, margin))
	}
	return names, nil
}

// envelope is that of a tile in EPSG:3857, left open for a margin.
func (st *statement) envelope(at tileAt) string {
	return fmt.Sprintf("ST_TileEnvelope(%s::integer, %s::integer, %s::integer", st.arg(at.z), st.arg(at.x), st.arg(at.y))
}

// mercator is the shape of a row in EPSG:3857.
func (at tileAt) mercator(l *layers.Layer) string {
	if !at.near {
		return fmt.Sprintf("arpent.transform(t.%s, 3857)", column(l.Source.Geometry))
	}
	return fmt.Sprintf("ST_Transform(t.%s, 3857)", column(l.Source.Geometry))
}

// inTile is the condition that the box of a row meets that of a tile with a
// margin, in parts of its side.
func (st *statement) inTile(l *layers.Layer, tile string, margin float64) string {
	return fmt.Sprintf(`t.%s && (
			select ST_Envelope(ST_Transform(ST_Segmentize(box, (ST_XMax(box) - ST_XMin(box)) / 16), %s::integer))
			from ST_Intersection(%s, margin => %s::float8), ST_MakeEnvelope(-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244, 3857)) as box)`,
		column(l.Source.Geometry), st.arg(l.Source.SRID), tile, st.arg(margin))
}

// TileTitled reports whether the tiles of a zoom carry the titles of features,
// which cannot be made of their fields alone, as attribute _label.
func TileTitled(l *layers.Layer, zoom int) bool { return zoom >= titledZoom && l.LabelRefers() }

// titledZoom is the zoom from which tiles carry titles.
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
