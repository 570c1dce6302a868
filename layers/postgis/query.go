package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
)

// statement is SQL that is being written together with its parameters.
type statement struct {
	strings.Builder
	args []any
	role string // that reads; "" for the reading role of the layer
	// others are the layers with whose features a filter compares.
	others map[string]*layers.Layer
}

// arg adds a parameter and returns its placeholder.
func (s *statement) arg(value any) string {
	s.args = append(s.args, value)
	return "$" + strconv.Itoa(len(s.args))
}

func (s *statement) writef(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// Features reads features as the caller asks for them.
func (s *Store) Features(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query) layers.Features {
	return func(yield func(*layers.Feature, error) bool) {
		stopped, q := false, q
		role := queryRole(v, l, q)
		err := s.readAs(ctx, v, role, l, func(tx pgx.Tx) error {
			for _, p := range partsOf(l, q) {
				st := &statement{role: role}
				if err := st.selection(ctx, tx, v, l, q, p); err != nil {
					return err
				}
				read, err := readRows(ctx, tx, st, l, v.Fields(l), q, func(f *layers.Feature) bool {
					stopped = !yield(f, nil)
					return !stopped
				})
				if err != nil || stopped || read == q.Limit && q.Limit > 0 {
					return err
				}
				if q.Limit > 0 {
					q.Limit -= read
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(nil, readingError(err))
		}
	}
}

// readRows hands on the features of a statement and tells how many they were.
func readRows(ctx context.Context, tx pgx.Tx, st *statement, l *layers.Layer, fields []layers.Field, q layers.Query, yield func(*layers.Feature) bool) (int, error) {
	rows, err := tx.Query(ctx, st.String(), st.args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		f, err := scan(rows, l, fields, q)
		if err != nil {
			return n, err
		}
		n++
		if !yield(f) {
			return n, nil
		}
	}
	return n, rows.Err()
}

// readingError is what a query that does not fit the data means to its
// reader: a value in it is wrong.
func readingError(err error) error {
	if layers.KindOf(err) == layers.Invalid {
		return layers.Errorf(layers.BadRequest, "a value of the query does not fit its field%w", quiet{err})
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "XX000" && (strings.Contains(e.Message, "SRID") || strings.HasPrefix(e.Message, "transform")) {
		return layers.Errorf(layers.BadRequest, "the shapes cannot be brought into this coordinate reference system: choose another%w", quiet{err})
	}
	return err
}

// Count counts the features that q selects, without its limit and After.
func (s *Store) Count(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query) (int64, error) {
	var n int64
	err := s.selecting(ctx, v, l, q, func(tx pgx.Tx, st *statement, _ scope) error {
		st.WriteString("select count(*)")
		if err := st.from(ctx, tx, v, l, q); err != nil {
			return err
		}
		return tx.QueryRow(ctx, st.String(), st.args...).Scan(&n)
	})
	return n, err
}

// counted is how far Size counts.
const counted = 100_000

// Size counts as Count does, but no further than counted: beyond is what
// PostgreSQL estimates.
func (s *Store) Size(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query) (n int64, exact bool, err error) {
	err = s.selecting(ctx, v, l, q, func(tx pgx.Tx, st *statement, _ scope) error {
		st.WriteString("select")
		if err := st.from(ctx, tx, v, l, q); err != nil {
			return err
		}
		bounded := fmt.Sprintf("select count(*) from (%s limit %d) as bounded", st.String(), counted+1)
		if err := tx.QueryRow(ctx, bounded, st.args...).Scan(&n); err != nil || n <= counted {
			return err
		}
		var plan []struct {
			Plan struct {
				Rows float64 `json:"Plan Rows"`
			}
		}
		if err := tx.QueryRow(ctx, "explain (format json) "+st.String(), st.args...).Scan(&plan); err != nil {
			return err
		}
		n = max(n, int64(plan[0].Plan.Rows))
		return nil
	})
	return n, n <= counted, err
}

// estimated is the number of rows from which the extent of a layer is that of
// the statistics of the table: to read them all would take too long.
const estimated = 50_000

// Extent is the envelope of all features in the CRS of srid; nil for none. Of
// a large public layer it is a little less at times: that of the statistics,
// which tell nothing of who may see which rows.
func (s *Store) Extent(ctx context.Context, v layers.Viewer, l *layers.Layer, srid int) (*layers.BBox, error) {
	if l.Public && !l.Source.ReadOnly {
		if box, err := s.estimatedExtent(ctx, l, srid); err != nil || box != nil {
			return box, err
		}
	}
	var box *layers.BBox
	err := s.read(ctx, v, l, func(tx pgx.Tx) error {
		st := &statement{}
		st.transformedExtent(l, srid, fmt.Sprintf("ST_Extent(%s)", column(l.Source.Geometry)), st.rows(v, l, time.Time{}))
		var err error
		box, err = scanBox(tx.QueryRow(ctx, st.String(), st.args...), srid)
		return err
	})
	return box, err
}

// estimatedExtent is the extent by the statistics of a large table; nil where
// the table is small or has none yet.
func (s *Store) estimatedExtent(ctx context.Context, l *layers.Layer, srid int) (*layers.BBox, error) {
	st := &statement{}
	schema, table, _ := strings.Cut(l.Source.Table, ".")
	extent := fmt.Sprintf("ST_EstimatedExtent(%s, %s, %s)", st.arg(schema), st.arg(table), st.arg(l.Source.Geometry))
	st.transformedExtent(l, srid, extent, fmt.Sprintf("pg_class where oid = to_regclass(%s) and reltuples > %d", st.arg(identifier(l.Source.Table)), estimated))
	return scanBox(s.pool.QueryRow(ctx, st.String(), st.args...), srid)
}

// transformedExtent selects the sides of an extent in the CRS of the layer,
// brought to that of srid.
func (s *statement) transformedExtent(l *layers.Layer, srid int, extent, from string) {
	s.writef(`select ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) from (
			select ST_Envelope(ST_Transform(ST_Segmentize(b, greatest(ST_Length(ST_ExteriorRing(b)), 1e-9) / 64), %s::integer)) as e
			from (select ST_SetSRID(ST_Envelope(ST_Buffer(ST_SetSRID(%s::geometry, 0), 1e-9)), %s::integer) as b from %s) extent
			where b is not null
		) transformed`, s.arg(srid), extent, s.arg(l.Source.SRID), from)
}

func scanBox(row pgx.Row, srid int) (*layers.BBox, error) {
	b := layers.BBox{SRID: srid}
	err := row.Scan(&b.MinX, &b.MinY, &b.MaxX, &b.MaxY)
	if err == pgx.ErrNoRows {
		return nil, nil
	}
	return &b, err
}

// selection writes the SELECT of a part of a query; scan reads its rows.
func (st *statement) selection(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, q layers.Query, p part) error {
	rows := scopeOf(st, v, l, q.At)
	shape := "null::geometry"
	if !q.NoGeometry && l.Source.Geometry != "" {
		shape = rows.column(l.Source.Geometry)
		if q.SRID != 0 && q.SRID != l.Source.SRID {
			shape = fmt.Sprintf("ST_Transform(%s, %s::integer)", shape, st.arg(q.SRID))
		}
		if q.WithBBox {
			shape = fmt.Sprintf("ST_Envelope(%s)", shape)
		}
	}
	area, length := "null::float8", "null::float8"
	if q.Measures && l.Source.Geometry != "" {
		area = rows.measure("ST_Area(%s)")
		length = fmt.Sprintf("case ST_Dimension(t.%s) when 2 then %s else %s end", column(l.Source.Geometry), rows.measure("ST_Perimeter(%s)"), rows.measure("ST_Length(%s)"))
	}
	collectivity := "null"
	if l.Source.Collectivity != "" {
		collectivity = rows.column(l.Source.Collectivity)
	}
	st.writef("select %s::text, %s, %s::text, ST_AsEWKB(%s), %s, %s", rows.column(l.Source.ID), rows.version(q.At), collectivity, shape, area, length)
	fields := v.Fields(l)
	for i := range fields {
		st.writef(", %s", rows.readable(&fields[i]))
	}
	if q.Labels {
		st.writef(", %s", rows.label(0))
		for _, f := range references(fields) {
			st.writef(", %s", rows.words(f, 0))
		}
	}
	if q.Sort != "" {
		value := "null"
		if !p.empty {
			value = rows.unsorted(p.field)
		}
		st.writef(", %s::text", value)
	}
	where, err := st.conditions(ctx, tx, v, l, q, p)
	if err != nil {
		return err
	}
	end := where + " order by " + p.order(rows)
	if q.Limit > 0 {
		end += " limit " + st.arg(q.Limit)
	}
	from := ""
	if q.Limit > 0 && q.At.IsZero() {
		from = rows.first(end)
	} else {
		from = st.rows(v, l, q.At)
	}
	st.writef(" from %s%s", from, end)
	return nil
}

// version is the expression that changes whenever the row does: the
// transaction that wrote it, or for views their content. Rows of the past have
// none.
func (s scope) version(at time.Time) string {
	switch {
	case !at.IsZero():
		return "''"
	case s.layer.Source.ReadOnly:
		var columns []string
		for _, name := range columnsOf(s.viewer, s.layer) {
			columns = append(columns, s.column(name))
		}
		if g := s.layer.Source.Geometry; g != "" {
			columns = append(columns, s.column(g))
		}
		return fmt.Sprintf("md5(row(%s)::text)", strings.Join(columns, ", "))
	}
	return s.column("xmin") + "::text"
}

// references are the fields that refer to other records.
func references(fields []layers.Field) []*layers.Field {
	var found []*layers.Field
	for i := range fields {
		if fields[i].Reference != nil {
			found = append(found, &fields[i])
		}
	}
	return found
}

// titleOf is the title of a feature whose label may be nothing.
func titleOf(l *layers.Layer, id string, label *string) string {
	if label == nil {
		return l.Title.In("fr") + " " + id
	}
	return *label
}

// scan reads a row of the selection of a query with the fields.
func scan(rows pgx.Rows, l *layers.Layer, fields []layers.Field, q layers.Query) (*layers.Feature, error) {
	f := &layers.Feature{Layer: l.ID, Properties: make(map[string]any, len(fields))}
	var collectivity *string
	var shape []byte
	var area, length *float64
	values := make([]any, len(fields))
	targets := []any{&f.ID, &f.Version, &collectivity, &shape, &area, &length}
	for i := range values {
		targets = append(targets, &values[i])
	}
	var label *string
	referring := references(fields)
	words := make([]*string, len(referring))
	if q.Labels {
		targets = append(targets, &label)
		for i := range words {
			targets = append(targets, &words[i])
		}
	}
	if q.Sort != "" {
		targets = append(targets, &f.Cursor.Value)
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, fmt.Errorf("reading a row of %s: %w", l.Source.Table, err)
	}
	for i, field := range fields {
		f.Properties[field.Name] = values[i]
	}
	if collectivity != nil {
		f.Collectivity = *collectivity
	}
	f.Cursor.ID = f.ID
	if q.Labels {
		f.Label = titleOf(l, f.ID, label)
		f.Labels = map[string]string{}
		for i, field := range referring {
			if words[i] != nil {
				f.Labels[field.Name] = *words[i]
			}
		}
	}
	if area != nil && length != nil {
		f.Measures = &layers.Measures{Area: *area, Length: *length}
	}
	var err error
	f.Geometry, err = decode(shape)
	return f, err
}

func decode(shape []byte) (geom.T, error) {
	if shape == nil {
		return nil, nil
	}
	g, err := ewkb.Unmarshal(shape)
	if err != nil {
		return nil, fmt.Errorf("reading a geometry: %w", err)
	}
	return g, nil
}

// where writes the conditions of q.
func (s *statement) where(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, q layers.Query) error {
	where, err := s.conditions(ctx, tx, v, l, q, part{})
	s.WriteString(where)
	return err
}

// conditions are those of a part of q, " where" before them.
func (s *statement) conditions(ctx context.Context, tx pgx.Tx, v layers.Viewer, l *layers.Layer, q layers.Query, p part) (string, error) {
	rows := scopeOf(s, v, l, q.At)
	id := rows.column(l.Source.ID)
	conditions, err := p.conditions(rows)
	if err != nil {
		return "", err
	}
	and := func(format string, args ...any) { conditions = append(conditions, fmt.Sprintf(format, args...)) }

	if q.IDs != nil {
		ids := slices.DeleteFunc(slices.Clone(q.IDs), func(id string) bool { return !fitsID(l, id) })
		and("%s = any (%s::text[]::%s[])", id, s.arg(ids), l.Source.IDType)
	}
	for _, name := range sortedKeys(q.Equal) {
		f := l.Field(name)
		value, err := textValue(f, q.Equal[name])
		if err != nil {
			return "", err
		}
		and("%s = %s", rows.plain(f), s.typed(f, value))
	}
	if q.Filter != nil {
		s.others = q.Others
		condition, err := rows.filter(*q.Filter)
		if err != nil {
			return "", err
		}
		and("%s", condition)
	}
	if q.Text != "" {
		words, err := fold(ctx, tx, q.Text)
		if err != nil {
			return "", err
		}
		for _, word := range words {
			and("%s like %s", rows.searchText(), s.arg("% "+word+"%"))
		}
		if codes, all := v.SearchesIn(l); !all {
			and("%s = any (%s::text[])", rows.column(l.Source.Collectivity), s.arg(codes))
		}
	}
	if q.ValidOn != "" && l.Validity != nil {
		day := s.arg(q.ValidOn) + "::text::date"
		if f := l.Field(l.Validity.From); f != nil {
			and("coalesce(%s <= %s, true)", rows.value(f), day)
		}
		if f := l.Field(l.Validity.Until); f != nil {
			and("coalesce(%s >= %s, true)", rows.value(f), day)
		}
	}
	if q.BBox != nil {
		var boxes []string
		for _, part := range q.BBox.Parts() {
			condition, err := s.meets(ctx, tx, l, part)
			if err != nil {
				return "", err
			}
			boxes = append(boxes, condition)
		}
		and("(%s)", strings.Join(boxes, " or "))
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " where " + strings.Join(conditions, " and "), nil
}

// fitsID reports whether id can be an identifier of the layer; one that
// cannot belongs to no feature.
func fitsID(l *layers.Layer, id string) bool {
	switch l.Source.IDType {
	case "bigint", "integer", "smallint":
		bits := map[string]int{"bigint": 64, "integer": 32, "smallint": 16}[l.Source.IDType]
		n, err := strconv.ParseInt(id, 10, bits)
		return err == nil && strconv.FormatInt(n, 10) == id
	case "uuid":
		return uuidPattern.MatchString(id)
	default:
		return !strings.ContainsRune(id, 0)
	}
}

// meets is the condition that the geometry meets the box. Boxes of moderate
// size are brought into the layer's CRS, where the index answers; larger ones
// may not exist there, so that each feature is brought into theirs.
func (s *statement) meets(ctx context.Context, tx pgx.Tx, l *layers.Layer, box layers.BBox) (string, error) {
	g := "t." + column(l.Source.Geometry)
	envelope := fmt.Sprintf("ST_SetSRID(ST_MakeBox2D(ST_Point(%s, %s), ST_Point(%s, %s))::geometry, %s::integer)", s.arg(box.MinX), s.arg(box.MinY), s.arg(box.MaxX), s.arg(box.MaxY), s.arg(box.SRID))
	if box.SRID == l.Source.SRID {
		return fmt.Sprintf("%[1]s && %[2]s and ST_Intersects(%[1]s, %[2]s)", g, envelope), nil
	}
	var near bool
	err := tx.QueryRow(ctx, `select arpent.transforms_well($1, $2, $3, $4, $5, $6)`,
		box.MinX, box.MinY, box.MaxX, box.MaxY, box.SRID, l.Source.SRID).Scan(&near)
	if err != nil {
		return "", err
	}
	if !near {
		return fmt.Sprintf("ST_Intersects(ST_Transform(%s, %s::integer), %s)", g, s.arg(box.SRID), envelope), nil
	}
	side := max(box.MaxX-box.MinX, box.MaxY-box.MinY)
	if side > 0 {
		envelope = fmt.Sprintf("ST_Segmentize(%s, %s)", envelope, s.arg(side/16))
	}
	envelope = fmt.Sprintf("ST_Transform(%s, %s::integer)", envelope, s.arg(l.Source.SRID))
	return fmt.Sprintf("%[1]s && %[2]s and ST_Intersects(%[1]s, %[2]s)", g, envelope), nil
}
