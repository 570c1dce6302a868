package postgis

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"arpent/layers"
)

// TileRow is a feature as tiles are made of it. Its slices are only good until
// the next row.
type TileRow struct {
	ID       []byte // the identifier as text
	Number   int64  // of the feature in tiles
	Numbered bool
	Owner    []byte   // code of the collectivity; nil for none
	Shape    []byte   // WKB in EPSG:3857, within the world and without arcs; nil for none
	Values   []Scalar // by name
}

// Scalar is a value of an attribute.
type Scalar struct {
	Kind  ScalarKind
	Text  []byte
	Int   int64
	Float float64 // also of a truth value: 1 or 0
}

// ScalarKind is the type of a Scalar.
type ScalarKind uint8

// The types of scalars.
const (
	Null ScalarKind = iota
	Text
	Int
	Float
	Bool
)

// TileRows are features that are read one after another.
type TileRows = iter.Seq2[*TileRow, error]

// inWorld makes WKB of a shape in EPSG:3857 that meets a box, nothing of others.
// What reaches beyond Web Mercator is cut off, arcs become lines; the shape is
// computed once.
func inWorld(shape, box string) string {
	const world = "ST_MakeEnvelope(-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244, 3857)"
	if box == "" {
		box = "s"
	}
	return fmt.Sprintf(`(select ST_AsBinary(case when s @ %[1]s then s else ST_ClipByBox2D(s, %[1]s) end)
		from (select case when ST_HasArc(g) then ST_CurveToLine(g) else g end as s from (select %[2]s as g offset 0) "#g" offset 0) "#s" where s && %[3]s)`, world, shape, box)
}

// TileRows calls fn with the rows in a tile, or so many more pixels of a tile of
// 256 around it, whose attributes have the names: what Tile encodes.
func (s *Store) TileRows(ctx context.Context, v layers.Viewer, l *layers.Layer, z, x, y, around int, q layers.Query, extra layers.TileExtra, fn func(names []string, rows TileRows) error) error {
	return s.readTile(ctx, v, l, z, x, y, q, func(tx pgx.Tx, st *statement, at tileAt) error {
		st.WriteString("select * from (")
		margin := TileMargin + float64(around)/256
		names, err := st.tile(ctx, tx, v, l, at, q, extra, margin, func(shape, tile string) string {
			return inWorld(shape, fmt.Sprintf("%s, margin => %s::float8)", tile, st.arg(margin)))
		})
		if err != nil {
			return err
		}
		st.WriteString(` offset 0) "#rows" where "#geom" is not null`)
		return fn(names, tileRows(ctx, tx, st, false))
	})
}

// AllTileRows calls fn with all rows of a layer, or those of some identifiers
// where ids is not nil, whoever may see them, with the values of the fields,
// which have columns.
func (s *Store) AllTileRows(ctx context.Context, l *layers.Layer, fields []*layers.Field, ids []string, fn func(TileRows) error) error {
	system := layers.Viewer{Admin: true}
	return s.readAs(ctx, system, roleOwner, l, func(tx pgx.Tx) error {
		st := &statement{role: roleOwner}
		where, err := st.conditions(ctx, tx, system, l, layers.Query{IDs: ids}, part{})
		if err != nil {
			return err
		}
		rows := scopeOf(st, system, l, layers.Query{}.At)
		shape := fmt.Sprintf("arpent.transform(t.%s, 3857)", column(l.Source.Geometry))
		if l.Source.SRID == 3857 {
			shape = "t." + column(l.Source.Geometry)
		}
		st.writef(`select %s, %s, t.%s::text, %s`, inWorld(shape, ""), featureID(l), column(l.Source.ID), ownerOf(l))
		for _, f := range fields {
			st.writef(", %s", rows.readable(f))
		}
		st.writef(" from %s%s", rows.rows(), where)
		return fn(tileRows(ctx, tx, st, true))
	})
}

// tileRows runs a statement that selects shape, number, identifier, perhaps
// owner, and attributes.
func tileRows(ctx context.Context, tx pgx.Tx, st *statement, owned bool) TileRows {
	return func(yield func(*TileRow, error) bool) {
		rows, err := tx.Query(ctx, st.String(), st.args...)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		var row TileRow
		for rows.Next() {
			raw, columns := rows.RawValues(), rows.FieldDescriptions()
			row.Shape, row.ID = raw[0], raw[2]
			row.Number, row.Numbered = 0, raw[1] != nil
			at := 3
			if row.Numbered {
				row.Number = int64(binary.BigEndian.Uint64(raw[1]))
			}
			row.Owner = nil
			if owned {
				row.Owner, at = raw[3], 4
			}
			row.Values = row.Values[:0]
			for i := at; i < len(raw); i++ {
				value, err := scalar(columns[i].DataTypeOID, columns[i].Format, raw[i])
				if err != nil {
					yield(nil, fmt.Errorf("reading column %s: %w", columns[i].Name, err))
					return
				}
				row.Values = append(row.Values, value)
			}
			if !yield(&row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// scalar reads a value of the types that attributes have.
func scalar(kind uint32, format int16, raw []byte) (Scalar, error) {
	if raw == nil {
		return Scalar{}, nil
	}
	text := kind == pgtype.TextOID || kind == pgtype.VarcharOID
	switch {
	case text:
		return Scalar{Kind: Text, Text: raw}, nil
	case format != pgtype.BinaryFormatCode:
	case kind == pgtype.Int8OID:
		return Scalar{Kind: Int, Int: int64(binary.BigEndian.Uint64(raw))}, nil
	case kind == pgtype.Float8OID:
		return Scalar{Kind: Float, Float: math.Float64frombits(binary.BigEndian.Uint64(raw))}, nil
	case kind == pgtype.BoolOID:
		return Scalar{Kind: Bool, Float: float64(raw[0])}, nil
	}
	return Scalar{}, fmt.Errorf("a value of type %d in format %d is in no tile", kind, format)
}

// TileSight tells of a viewer whether it sees the rows of a collectivity, nil
// for rows without, and which of the fields in them, bit by bit: what the
// queries of tiles say in SQL (scope.halves, scope.value).
func TileSight(v layers.Viewer, l *layers.Layer, fields []*layers.Field) func(owner string) (rows bool, seen uint64) {
	v.Purpose = ""
	st := &statement{}
	s := scopeOf(st, v, l, layers.Query{}.At)
	v = s.viewer
	whole := v.Anonymous() || v.Admin || l.Source.Collectivity == "" || l.Public && l.Source.ReadOnly
	reads, open := v.ReadsIn(l), openColumns(l)
	type sight struct {
		codes []string
		all   bool
		open  bool
	}
	sights := make([]sight, len(fields))
	for i, f := range fields {
		codes, all := s.sees(f)
		sights[i] = sight{codes, all, slices.Contains(open, f.Column)}
	}
	return func(owner string) (bool, uint64) {
		own := whole || owner != "" && slices.Contains(reads, owner)
		if !own && (!l.Public || owner == "") {
			return false, 0
		}
		var seen uint64
		for i, f := range sights {
			if (f.all || owner != "" && slices.Contains(f.codes, owner)) && (own || f.open) {
				seen |= 1 << i
			}
		}
		return true, seen
	}
}

// TileFields are the fields of a layer that have columns and are in the tiles of
// some zoom or needed for its overviews, personal data apart.
func TileFields(l *layers.Layer) []*layers.Field {
	var fields []*layers.Field
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Name == "id" || f.Compute != nil || f.Personal || strings.HasPrefix(f.Name, "_") {
			continue
		}
		for z := l.Tiles.MinZoom; z <= l.Tiles.MaxZoom; z++ {
			if l.InTile(f, z) || l.OverviewNeeds(f) {
				fields = append(fields, f)
				break
			}
		}
	}
	return fields
}
