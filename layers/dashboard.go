package layers

import (
	"context"
	"slices"
	"time"

	"arpent/layers/cql2"
)

// Panel is a widget of a layer with what it shows to a viewer.
type Panel struct {
	Layer  *Layer
	Widget Widget
	Number float64    // of count and sum; of due how many there are
	Groups []Group    // of chart
	Rows   []*Feature // of due and latest: the first few, without shape
	// Filter selects the records of the panel in their list; nil for all.
	Filter *cql2.Expr
}

// panelRows is how many records a widget shows.
const panelRows = 6

// defaultDays is how far ahead due dates are shown.
const defaultDays = 30

// Dashboard fills the widgets that layer files offer to the viewer.
func (s *Service) Dashboard(ctx context.Context, v Viewer) ([]Panel, error) {
	var panels []Panel
	for _, l := range s.Catalog().Readable(v) {
		for _, w := range l.Dashboard {
			if !v.uses(w) || w.Field != "" && !v.MaySee(l, l.Field(w.Field)) {
				continue
			}
			p := Panel{Layer: l, Widget: w}
			if err := s.fill(ctx, v, &p); err != nil {
				return nil, err
			}
			panels = append(panels, p)
		}
	}
	return panels, nil
}

// uses reports whether a widget is one for the viewer.
func (v Viewer) uses(w Widget) bool {
	if v.Admin || len(w.Profiles) == 0 {
		return true
	}
	return len(v.where(func(p *Profile) bool { return slices.Contains(w.Profiles, p.ID) })) > 0
}

func (s *Service) fill(ctx context.Context, v Viewer, p *Panel) error {
	var err error
	p.Filter = p.condition(time.Now())
	q := Query{Filter: p.Filter}
	switch p.Widget.Kind {
	case "count":
		err = s.number(ctx, v, p, q)
	case "sum":
		var sum *Summary
		if sum, err = s.Summarise(ctx, v, p.Layer.ID, q); err != nil {
			return err
		}
		for _, a := range sum.Fields {
			if a.Field == p.Widget.Field {
				p.Number = a.Sum
			}
		}
	case "chart":
		p.Groups, err = s.Group(ctx, v, p.Layer.ID, q, p.Widget.Field)
	case "due":
		if err = s.number(ctx, v, p, q); err != nil {
			return err
		}
		q.Sort = p.Widget.Field
		p.Rows, err = s.rows(ctx, v, p, q)
	case "latest":
		var ids []string
		if ids, err = s.store.Latest(ctx, v, p.Layer, panelRows); err != nil || len(ids) == 0 {
			return err
		}
		q.IDs = ids
		if p.Rows, err = s.rows(ctx, v, p, q); err != nil {
			return err
		}
		slices.SortFunc(p.Rows, func(a, b *Feature) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	}
	return err
}

func (s *Service) number(ctx context.Context, v Viewer, p *Panel, q Query) error {
	n, _, err := s.Size(ctx, v, p.Layer.ID, q)
	p.Number = float64(n)
	return err
}

func (s *Service) rows(ctx context.Context, v Viewer, p *Panel, q Query) ([]*Feature, error) {
	q.Limit, q.NoGeometry, q.Labels = panelRows, true, true
	features, err := s.Features(ctx, v, p.Layer.ID, q)
	if err != nil {
		return nil, err
	}
	var rows []*Feature
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		rows = append(rows, f)
	}
	return rows, nil
}

// condition is the filter of the records that a panel is about.
func (p *Panel) condition(now time.Time) *cql2.Expr {
	var all []*cql2.Expr
	for _, name := range sortedNames(p.Widget.Filter) {
		all = append(all, &cql2.Expr{Op: "=", Args: []cql2.Expr{{Property: name}, p.Layer.Field(name).literal(p.Widget.Filter[name])}})
	}
	if p.Widget.Kind == "due" {
		days := p.Widget.Days
		if days == 0 {
			days = defaultDays
		}
		all = append(all, &cql2.Expr{Op: "between", Args: []cql2.Expr{{Property: p.Widget.Field},
			{Literal: cql2.Date(now.Format(time.DateOnly))}, {Literal: cql2.Date(now.AddDate(0, 0, days).Format(time.DateOnly))}}})
	}
	return cql2.And(all...)
}
