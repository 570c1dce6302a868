package postgis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// rows is the item of FROM with the rows of the layer that the viewer may
// read. Row-level security allows those that any layer of the table allows, so
// that the narrower choice of this layer is made here.
//
// Of a public layer, the rows of the viewer's own collectivities come whole,
// the others as anybody sees them: through a view whose owner is
// arpent_public, with nothing in the other columns.
func (s scope) rows() string { return s.first("") }

// first is rows, cut short by the conditions, order and limit of a query. They
// hold for each half by itself, so that indexes answer: PostgreSQL would sort
// the halves whole before it takes the first.
func (s scope) first(end string) string {
	own, open := s.halves()
	if open == "" {
		if own == identifier(s.layer.Source.Table) {
			return own + " as " + s.alias
		}
		return fmt.Sprintf("(%s) as %s", own, s.alias)
	}
	if end != "" {
		own = fmt.Sprintf("select * from (%s) as %s%s", own, s.alias, end)
		open = fmt.Sprintf("select * from (%s) as %s%s", open, s.alias, end)
	}
	return fmt.Sprintf("((%s) union all (%s)) as %s", own, open, s.alias)
}

// halves are the rows of the layer that the viewer reads whole, and those it
// sees as anybody; "" for none.
func (s scope) halves() (own, open string) {
	l := s.layer
	table := identifier(l.Source.Table)
	if s.viewer.Anonymous() || s.viewer.Admin || l.Source.Collectivity == "" || l.Public && l.Source.ReadOnly {
		return table, ""
	}
	codes := s.st.arg(s.viewer.ReadsIn(l))
	owner := column(l.Source.Collectivity)
	shown := openColumns(l)
	var whole, bare []string
	for _, c := range s.tableColumns() {
		whole = append(whole, "o."+column(c.name))
		if slices.Contains(shown, c.name) {
			bare = append(bare, "o."+column(c.name))
		} else {
			bare = append(bare, "null::"+c.kind+" as "+column(c.name))
		}
	}
	if !l.Source.ReadOnly {
		whole, bare = append(whole, "o.xmin"), append(bare, "o.xmin")
	}
	own = fmt.Sprintf("select %s from %s as o where o.%s = any (%s::text[])", strings.Join(whole, ", "), table, owner, codes)
	if !l.Public {
		return own, ""
	}
	return own, fmt.Sprintf("select %s from %s as o where o.%s <> all (%s::text[])",
		strings.Join(bare, ", "), pgx.Identifier{"arpent_open", l.Source.Table}.Sanitize(), owner, codes)
}

// typedColumn is a column with its type.
type typedColumn struct{ name, kind string }

// tableColumns are the columns that expressions of the layer may look at.
func (s scope) tableColumns() []typedColumn {
	l := s.layer
	var found []typedColumn
	add := func(name, kind string) {
		if name != "" && !slices.ContainsFunc(found, func(c typedColumn) bool { return c.name == name }) {
			found = append(found, typedColumn{name, kind})
		}
	}
	add(l.Source.ID, l.Source.IDType)
	add(l.Source.Collectivity, "text")
	add(l.Source.Geometry, "geometry")
	for i := range l.Fields {
		if f := &l.Fields[i]; !f.Personal || s.viewer.MaySee(l, f) {
			add(f.Column, f.ColumnType)
		}
	}
	return found
}

// openColumns are the columns of a layer that anybody may read when it is
// public.
func openColumns(l *layers.Layer) []string {
	columns := []string{l.Source.ID}
	add := func(name string) {
		if name != "" && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	add(l.Source.Geometry)
	add(l.Source.Collectivity)
	for i := range l.Fields {
		if f := &l.Fields[i]; !f.Private && !f.Personal {
			add(f.Column)
		}
	}
	return columns
}

// sees are the collectivities in whose rows the viewer sees the field, or that
// it sees it in all that rows gives: those of others then have nothing there.
func (s scope) sees(f *layers.Field) (codes []string, all bool) {
	codes, all = s.viewer.SeesIn(s.layer, f)
	l := s.layer
	if !all && len(codes) > 0 && !(l.Public && l.Source.ReadOnly) && slices.Equal(codes, s.viewer.ReadsIn(l)) {
		return nil, true
	}
	return codes, all
}
