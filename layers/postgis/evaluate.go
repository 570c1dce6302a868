package postgis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Evaluate reads the expressions of a form over what is filled in.
func (s *Store) Evaluate(ctx context.Context, v layers.Viewer, l *layers.Layer, d layers.Draft) (*layers.Evaluation, error) {
	var out *layers.Evaluation
	err := s.readAs(ctx, v, evaluatingRole(v, l), l, func(tx pgx.Tx) error {
		st := &statement{}
		rows := scope{st, v, l, "t", new(int)}
		var items []string
		var take []func(*layers.Evaluation, any)
		ask := func(sql string, fn func(*layers.Evaluation, any)) {
			items = append(items, sql)
			take = append(take, fn)
		}
		for _, f := range v.Fields(l) {
			rows.ask(&f, d, ask)
		}
		for i := range l.Rules {
			if rule := &l.Rules[i]; rule.Check != nil {
				ask(rows.expression(rule.Check), func(e *layers.Evaluation, value any) {
					if value == false {
						e.Broken = append(e.Broken, rule)
					}
				})
			}
		}
		out = &layers.Evaluation{Values: map[string]any{}, Initial: map[string]any{}, Choices: map[string][]string{}}
		if len(items) == 0 {
			return nil
		}
		sql := fmt.Sprintf("select %s from %s", strings.Join(items, ", "), rows.draft(d))
		answer, err := tx.Query(ctx, sql, st.args...)
		if err != nil {
			return err
		}
		values, err := pgx.CollectExactlyOneRow(answer, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
		if err != nil {
			return err
		}
		for i, value := range values {
			take[i](out, value)
		}
		return nil
	})
	return out, err
}

// evaluatingRole is the role under which a viewer fills in a form.
func evaluatingRole(v layers.Viewer, l *layers.Layer) string {
	if role := readingRole(v, l, time.Time{}); role == rolePersonal {
		return role
	}
	return writingRole(v)
}

// ask asks for all that expressions say of a field.
func (s scope) ask(f *layers.Field, d layers.Draft, ask func(string, func(*layers.Evaluation, any))) {
	name := f.Name
	if f.Compute != nil {
		ask(s.readable(f), func(e *layers.Evaluation, value any) { e.Values[name] = value })
	}
	if f.Initial != nil && d.ID == "" && d.Properties[name] == nil {
		computed := layers.Field{Name: name, Type: f.Type, Compute: f.Initial}
		ask(s.readable(&computed), func(e *layers.Evaluation, value any) { e.Initial[name] = value })
	}
	if f.VisibleIf != nil {
		ask(s.condition(f.VisibleIf), func(e *layers.Evaluation, value any) {
			if value != true {
				e.Hidden = append(e.Hidden, name)
			}
		})
	}
	if f.RequiredIf != nil {
		ask(s.condition(f.RequiredIf), func(e *layers.Evaluation, value any) {
			if value == true {
				e.Required = append(e.Required, name)
			}
		})
	}
	if !f.Dependent() {
		return
	}
	for _, c := range f.Enum {
		allowed := "true"
		if c.When != nil {
			allowed = s.condition(c.When)
		}
		ask(allowed, func(e *layers.Evaluation, value any) {
			if value == true {
				e.Choices[name] = append(e.Choices[name], c.Value)
			}
		})
	}
}

// draft is a row t made of what is filled in.
func (s scope) draft(d layers.Draft) string {
	columns := []string{fmt.Sprintf("%s::text::%s as %s", s.st.arg(null(d.ID)), s.layer.Source.IDType, column(s.layer.Source.ID))}
	seen := map[string]bool{s.layer.Source.ID: true, "": true}
	for i := range s.layer.Fields {
		f := &s.layer.Fields[i]
		if seen[f.Column] {
			continue
		}
		seen[f.Column] = true
		columns = append(columns, fmt.Sprintf("%s::text::%s as %s", s.st.arg(encodeValue(d.Properties[f.Name])), f.ColumnType, column(f.Column)))
	}
	if owner := s.layer.Source.Collectivity; !seen[owner] {
		columns = append(columns, "null::text as "+column(owner))
	}
	if g := s.layer.Source.Geometry; g != "" {
		columns = append(columns, fmt.Sprintf("(select %[1]s from %[2]s where %[3]s = %[4]s::text::%[5]s) as %[1]s",
			column(g), identifier(s.layer.Source.Table), column(s.layer.Source.ID), s.st.arg(null(d.ID)), s.layer.Source.IDType))
	}
	return fmt.Sprintf("(select %s) as t", strings.Join(columns, ", "))
}
