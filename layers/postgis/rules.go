package postgis

import (
	"context"
	"fmt"
	"strings"

	"arpent/layers"
)

// CheckRules finds the rows of the layer that break one of its rules. Uniqueness
// waits for other transactions that check it in the same layer, so that two
// that run at once cannot both pass.
func (w *writer) CheckRules(ctx context.Context, v layers.Viewer, l *layers.Layer, ids []string, limit int) ([]layers.Breach, error) {
	if err := w.assume(ctx, l); err != nil {
		return nil, err
	}
	st := &statement{}
	rows := scope{st, v, l, "t", new(int)}
	var checks []string
	var breaches []layers.Breach // what each of the checks means
	add := func(broken string, b layers.Breach) {
		checks = append(checks, broken)
		breaches = append(breaches, b)
	}
	unique := false
	for i := range l.Rules {
		rule := &l.Rules[i]
		b := layers.Breach{Rule: rule}
		if rule.Check != nil {
			add(fmt.Sprintf("(%s) is false", rows.expression(rule.Check)), b)
			continue
		}
		unique = true
		add(rows.hasTwin(rule.Unique), b)
	}
	for i := range l.Fields {
		rows.fieldRules(&l.Fields[i], add)
	}
	if len(checks) == 0 || len(ids) == 0 {
		return nil, nil
	}
	if unique {
		if _, err := w.tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('arpent.unique:' || $1, 0))`, l.ID); err != nil {
			return nil, err
		}
	}
	st.writef("select id, position from (select %s::text as id, array[%s] as broken from %s as t where %s = any (%s::text[]::%s[])) rows, unnest(broken) with ordinality as b (is_broken, position) where is_broken limit %s",
		rows.column(l.Source.ID), strings.Join(checks, ", "), identifier(l.Source.Table), rows.column(l.Source.ID), st.arg(ids), l.Source.IDType, st.arg(limit))
	answer, err := w.tx.Query(ctx, st.String(), st.args...)
	if err != nil {
		return nil, translate(err, l)
	}
	defer answer.Close()
	var found []layers.Breach
	for answer.Next() {
		var id string
		var position int
		if err := answer.Scan(&id, &position); err != nil {
			return nil, err
		}
		b := breaches[position-1]
		b.ID = id
		found = append(found, b)
	}
	return found, translate(answer.Err(), l)
}

// hasTwin is the condition that another row shares the values of the fields.
func (s scope) hasTwin(fields []string) string {
	other := s.inner(s.layer)
	var same, given []string
	for _, name := range fields {
		f := s.layer.Field(name)
		same = append(same, fmt.Sprintf("%s is not distinct from %s", s.plain(f), other.plain(f)))
		given = append(given, s.plain(f)+" is not null")
	}
	return fmt.Sprintf("(%s) and exists (select from %s as %s where %s <> %s and %s)", strings.Join(given, " or "),
		identifier(s.layer.Source.Table), other.alias, other.column(s.layer.Source.ID), s.column(s.layer.Source.ID), strings.Join(same, " and "))
}

// fieldRules are the rules of one field that its schema cannot say.
func (s scope) fieldRules(f *layers.Field, add func(string, layers.Breach)) {
	if !s.viewer.MaySee(s.layer, f) || f.Compute != nil {
		return
	}
	if f.RequiredIf != nil || f.Required && f.VisibleIf != nil {
		missing := fmt.Sprintf("coalesce(%s::text, '') = ''", s.value(f))
		for _, condition := range []*layers.Expression{f.VisibleIf, f.RequiredIf} {
			if condition != nil {
				missing += " and " + s.condition(condition)
			}
		}
		add(missing, layers.Breach{Field: f, Message: "is required here"})
	}
	for _, c := range f.Enum {
		if c.When != nil {
			add(fmt.Sprintf("coalesce(%s::text = %s::text, false) and not %s", s.value(f), s.st.arg(c.Value), s.condition(c.When)),
				layers.Breach{Field: f, Message: fmt.Sprintf("%s may not be chosen here", c.Value)})
		}
	}
	// A foreign key does not know rights: it must not tell of records that the
	// viewer may not read.
	if f.Reference != nil && !f.ReadOnly {
		target := s.inner(f.Reference.Target)
		conditions := []string{fmt.Sprintf("%s = %s", target.column(target.layer.Source.ID), s.column(f.Column))}
		for there, here := range f.Reference.Where {
			conditions = append(conditions, fmt.Sprintf("coalesce(%s = %s, true)", target.value(target.layer.Field(there)), s.value(s.layer.Field(here))))
		}
		add(fmt.Sprintf("%s is not null and not exists (select from %s where %s)", s.column(f.Column),
			target.rows(), strings.Join(conditions, " and ")),
			layers.Breach{Field: f, Message: "refers to a record that does not exist, or does not belong here"})
	}
}
