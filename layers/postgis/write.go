package postgis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
)

// chunk is how many rows one statement writes.
const chunk = 5000

// Write calls fn in one transaction that may change what the viewer may.
func (s *Store) Write(ctx context.Context, v layers.Viewer, cause string, fn func(layers.Writer) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return translate(err, nil)
	}
	defer rollback(tx)
	if err := assume(ctx, tx, v, writingRole(v)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select set_config('arpent.cause', $1, true)`, cause); err != nil {
		return fmt.Errorf("noting the cause: %w", err)
	}
	if err := fn(&writer{tx: tx, viewer: v}); err != nil {
		return translate(err, nil)
	}
	return translate(tx.Commit(ctx), nil)
}

type writer struct {
	tx       pgx.Tx
	viewer   layers.Viewer
	personal bool // the transaction may touch personal columns
}

// assume lets the rest of the transaction touch personal columns, if the viewer
// may write those of the layer. What is read then is compared with what is
// written, and not shown.
func (w *writer) assume(ctx context.Context, l *layers.Layer) error {
	if w.personal || w.viewer.System() || !w.viewer.WritesPersonal(l) {
		return nil
	}
	return w.touchPersonal(ctx)
}

func (w *writer) touchPersonal(ctx context.Context) error {
	if _, err := w.tx.Exec(ctx, `select set_config('role', $1, true)`, rolePersonal); err != nil {
		return fmt.Errorf("assuming role %s: %w", rolePersonal, err)
	}
	w.personal = true
	return nil
}

// allFields is a viewer that sees all that the transaction may touch.
func (w *writer) allFields() layers.Viewer {
	if w.personal || w.viewer.System() {
		return layers.Viewer{Admin: true}
	}
	return layers.Viewer{UserID: w.viewer.UserID, Admin: true} // gave no reason to read personal data
}

var _ layers.Writer = (*writer)(nil)

// Lock reads rows and keeps others from changing them until the end of the
// transaction. Rows that the viewer may not write are missing.
func (w *writer) Lock(ctx context.Context, l *layers.Layer, ids []string) (map[string]*layers.Feature, error) {
	if err := w.assume(ctx, l); err != nil {
		return nil, err
	}
	v := w.allFields()
	found := make(map[string]*layers.Feature, len(ids))
	fields := v.Fields(l)
	for some := range slices.Chunk(ids, chunk) {
		st, q := &statement{}, layers.Query{IDs: some}
		if err := st.selection(ctx, w.tx, v, l, q, part{}); err != nil {
			return nil, err
		}
		st.WriteString(" for update")
		_, err := readRows(ctx, w.tx, st, l, fields, q, func(f *layers.Feature) bool {
			found[f.ID] = f
			return true
		})
		if err != nil {
			return nil, translate(err, l)
		}
	}
	return found, nil
}

// Exists reports whether the viewer may read a row with this identifier.
func (w *writer) Exists(ctx context.Context, l *layers.Layer, id string) (bool, error) {
	st := &statement{}
	st.writef("select exists (select from %s", scope{st, w.viewer, l, "t", new(int)}.rows())
	if err := st.where(ctx, w.tx, w.viewer, l, layers.Query{IDs: []string{id}}); err != nil {
		return false, err
	}
	st.WriteString(")")
	var exists bool
	err := w.tx.QueryRow(ctx, st.String(), st.args...).Scan(&exists)
	return exists, translate(err, l)
}

// Insert creates rows and returns their identifiers and versions in order.
func (w *writer) Insert(ctx context.Context, l *layers.Layer, edits []*layers.Edit) ([]layers.EditResult, error) {
	if err := w.assume(ctx, l); err != nil {
		return nil, err
	}
	results := make([]layers.EditResult, 0, len(edits))
	for len(edits) > 0 {
		names := given(l, edits[0])
		n := 1
		for n < len(edits) && n < chunk && slices.Equal(given(l, edits[n]), names) {
			n++
		}
		part, err := w.insert(ctx, l, edits[:n], names)
		if err != nil {
			return nil, err
		}
		results = append(results, part...)
		edits = edits[n:]
	}
	return results, nil
}

// insert creates rows that all give the same properties.
func (w *writer) insert(ctx context.Context, l *layers.Layer, edits []*layers.Edit, names []string) ([]layers.EditResult, error) {
	st := &statement{}
	var columns, arrays, aliases, values []string
	add := func(name, columnType string, texts []*string) {
		alias := fmt.Sprintf("c%d", len(columns))
		columns = append(columns, column(name))
		arrays = append(arrays, st.arg(texts)+"::text[]")
		aliases = append(aliases, alias)
		values = append(values, alias+"::"+columnType)
	}
	text := func(get func(*layers.Edit) string) []*string {
		texts := make([]*string, len(edits))
		for i, e := range edits {
			s := get(e)
			texts[i] = &s
		}
		return texts
	}

	if edits[0].ID != "" && l.Field(l.Source.ID) == nil {
		add(l.Source.ID, l.Source.IDType, text(func(e *layers.Edit) string { return e.ID }))
	}
	if l.Source.Collectivity != "" {
		add(l.Source.Collectivity, "text", text(func(e *layers.Edit) string { return e.Collectivity }))
	}
	for _, name := range names {
		f := l.Field(name)
		if f.Column == l.Source.Collectivity {
			continue
		}
		texts := make([]*string, len(edits))
		for i, e := range edits {
			texts[i] = encodeValue(e.Properties[name])
		}
		add(f.Column, f.ColumnType, texts)
	}
	if l.Source.Geometry != "" {
		shapes := make([][]byte, len(edits))
		for i, e := range edits {
			var err error
			if shapes[i], err = encode(l, e); err != nil {
				return nil, err
			}
		}
		columns = append(columns, column(l.Source.Geometry))
		arrays = append(arrays, st.arg(shapes)+"::bytea[]")
		aliases = append(aliases, "shape")
		values = append(values, "ST_GeomFromEWKB(shape)")
	}
	source := fmt.Sprintf("unnest(%s) with ordinality as u(%s, position)", strings.Join(arrays, ", "), strings.Join(aliases, ", "))
	if initial := initialFields(l, names); len(initial) > 0 {
		columns, values, source = withInitial(st, w.allFields(), l, initial, columns, values, source)
	}
	st.writef("insert into %s as t (%s) select %s from %s order by position returning %s::text, t.xmin::text",
		identifier(l.Source.Table), strings.Join(columns, ", "), strings.Join(values, ", "), source, column(l.Source.ID))

	rows, err := w.tx.Query(ctx, st.String(), st.args...)
	if err != nil {
		return nil, translate(err, l)
	}
	results, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (layers.EditResult, error) {
		r := layers.EditResult{Layer: l.ID, Created: true}
		err := row.Scan(&r.ID, &r.Version)
		return r, err
	})
	return results, translate(err, l)
}

// initialFields are the fields with a first value that is computed and that
// the edits do not give.
func initialFields(l *layers.Layer, given []string) []*layers.Field {
	var fields []*layers.Field
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Initial != nil && !slices.Contains(given, f.Name) {
			fields = append(fields, f)
		}
	}
	return fields
}

// withInitial adds to an insertion the computed first values: what is given
// becomes rows t of the table, over which the expressions are read.
func withInitial(st *statement, v layers.Viewer, l *layers.Layer, initial []*layers.Field, columns, values []string, source string) (names, selected []string, from string) {
	var given []string
	for i, name := range columns {
		given = append(given, values[i]+" as "+name)
		selected = append(selected, "t."+name)
	}
	rest := func(name, kind string) {
		if name != "" && !slices.Contains(columns, column(name)) {
			given = append(given, "null::"+kind+" as "+column(name))
		}
	}
	rest(l.Source.ID, l.Source.IDType)
	for i := range l.Fields {
		if name := l.Fields[i].Column; name != l.Source.ID {
			rest(name, l.Fields[i].ColumnType)
		}
	}
	rows := scope{st, v, l, "t", new(int)}
	for _, f := range initial {
		columns = append(columns, column(f.Column))
		selected = append(selected, fmt.Sprintf("(%s)::%s", rows.expression(f.Initial), f.ColumnType))
	}
	return columns, selected, fmt.Sprintf("(select position, %s from %s) as t", strings.Join(given, ", "), source)
}

// Update changes rows that are locked; those that change the same fields go
// to the database together.
func (w *writer) Update(ctx context.Context, l *layers.Layer, edits []*layers.Edit) ([]layers.EditResult, error) {
	results := make([]layers.EditResult, 0, len(edits))
	for len(edits) > 0 {
		names, shaped := given(l, edits[0]), shapes(l, edits[0])
		n := 1
		for n < len(edits) && n < chunk && shapes(l, edits[n]) == shaped && slices.Equal(given(l, edits[n]), names) {
			n++
		}
		part, err := w.update(ctx, l, edits[:n], names, shaped)
		if err != nil {
			return nil, err
		}
		results = append(results, part...)
		edits = edits[n:]
	}
	return results, nil
}

// shapes reports whether the edit changes the shape.
func shapes(l *layers.Layer, e *layers.Edit) bool {
	return l.Source.Geometry != "" && (e.Geometry != nil || e.ClearGeometry)
}

// update changes rows in the same fields.
func (w *writer) update(ctx context.Context, l *layers.Layer, edits []*layers.Edit, names []string, shaped bool) ([]layers.EditResult, error) {
	st := &statement{}
	ids := make([]string, len(edits))
	for i, e := range edits {
		ids[i] = e.ID
	}
	arrays, aliases := []string{st.arg(ids) + "::text[]"}, []string{"id"}
	var set []string
	for k, name := range names {
		f := l.Field(name)
		texts := make([]*string, len(edits))
		for i, e := range edits {
			texts[i] = encodeValue(e.Properties[name])
		}
		arrays, aliases = append(arrays, st.arg(texts)+"::text[]"), append(aliases, fmt.Sprintf("c%d", k))
		set = append(set, fmt.Sprintf("%s = u.c%d::%s", column(f.Column), k, f.ColumnType))
	}
	if shaped {
		shapes := make([][]byte, len(edits))
		for i, e := range edits {
			var err error
			if shapes[i], err = encode(l, e); err != nil {
				return nil, err
			}
		}
		arrays, aliases = append(arrays, st.arg(shapes)+"::bytea[]"), append(aliases, "shape")
		set = append(set, column(l.Source.Geometry)+" = ST_GeomFromEWKB(u.shape)")
	}
	if len(set) == 0 { // nothing to change, but the row is touched, so that its version tells of the edit
		set = append(set, fmt.Sprintf("%[1]s = t.%[1]s", column(l.Source.ID)))
	}
	st.writef("update %s as t set %s from unnest(%s) with ordinality as u(%s, position) where t.%s = u.id::%s returning u.position, t.%s::text, t.xmin::text",
		identifier(l.Source.Table), strings.Join(set, ", "), strings.Join(arrays, ", "), strings.Join(aliases, ", "),
		column(l.Source.ID), l.Source.IDType, column(l.Source.ID))
	rows, err := w.tx.Query(ctx, st.String(), st.args...)
	if err != nil {
		return nil, translate(err, l)
	}
	defer rows.Close()
	results := make([]layers.EditResult, len(edits))
	changed := 0
	for rows.Next() {
		var position int
		r := layers.EditResult{Layer: l.ID}
		if err := rows.Scan(&position, &r.ID, &r.Version); err != nil {
			return nil, err
		}
		results[position-1] = r
		changed++
	}
	if err := rows.Err(); err != nil {
		return nil, translate(err, l)
	}
	return results[:changed], nil
}

// Delete deletes rows that are locked.
func (w *writer) Delete(ctx context.Context, l *layers.Layer, ids []string) error {
	sql := fmt.Sprintf("delete from %s where %s = any ($1::text[]::%s[])", identifier(l.Source.Table), column(l.Source.ID), l.Source.IDType)
	_, err := w.tx.Exec(ctx, sql, ids)
	return translate(err, l)
}

// given are the names of the properties that an edit gives, in the order of
// the layer's fields.
func given(l *layers.Layer, e *layers.Edit) []string {
	var names []string
	for _, f := range l.Fields {
		if _, ok := e.Properties[f.Name]; ok {
			names = append(names, f.Name)
		}
	}
	return names
}

// encodeValue writes a property as text that PostgreSQL casts to the type of
// its column. nil stays null.
func encodeValue(value any) *string {
	if value == nil {
		return nil
	}
	s := fmt.Sprint(value)
	if f, ok := value.(float64); ok {
		s = formatFloat(f)
	}
	return &s
}

func encode(l *layers.Layer, e *layers.Edit) ([]byte, error) {
	if e.Geometry == nil {
		return nil, nil
	}
	shape, err := ewkb.Marshal(e.Geometry, ewkb.NDR)
	if err != nil {
		return nil, fmt.Errorf("writing a geometry of %s: %w", l.ID, err)
	}
	return shape, nil
}
