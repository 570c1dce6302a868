package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/layers/views"
	"arpent/web/auth"
	"arpent/web/problem"
)

func (s *Server) registerLists(a huma.API) {
	operate(a, "summarise", http.MethodPost, "/api/layers/{layer}/summary", "Count, sums and measures of the records of a list", s.summarise)
	operate(a, "group", http.MethodPost, "/api/layers/{layer}/groups", "How many records of a list have each value of a field", s.group)
	operate(a, "editAll", http.MethodPost, "/api/layers/{layer}/bulk", "Give fields of all records of a list the same values, or delete them, or try it", s.editAll)
	operate(a, "getViews", http.MethodGet, "/api/layers/{layer}/views", "Saved searches of a layer, and the columns chosen", s.getViews)
	operate(a, "saveView", http.MethodPost, "/api/layers/{layer}/views", "Save a search", s.saveView)
	operate(a, "changeView", http.MethodPut, "/api/layers/{layer}/views/{id}", "Save a search in the place of another", s.changeView)
	operate(a, "deleteView", http.MethodDelete, "/api/views/{id}", "Forget a saved search", s.deleteView)
	operate(a, "chooseColumns", http.MethodPut, "/api/layers/{layer}/columns", "Keep the columns of a list", s.chooseColumns)
	operate(a, "getDashboard", http.MethodGet, "/api/dashboard", "The widgets of all layers", s.getDashboard)
}

// Aggregate is what the values of a field amount to.
type Aggregate struct {
	Field   string   `json:"field"`
	Filled  int64    `json:"filled" doc:"Records that have a value"`
	Sum     float64  `json:"sum"`
	Min     float64  `json:"min"`
	Max     float64  `json:"max"`
	Average float64  `json:"average"`
	Median  *float64 `json:"median,omitempty" doc:"Absent above 100,000 records"`
}

type selectedInput struct {
	Layer string `path:"layer"`
	Body  Selected
}

type summaryOutput struct {
	Body struct {
		Count  int64       `json:"count"`
		Fields []Aggregate `json:"fields" nullable:"false" doc:"Numbers, but no personal data"`
		Area   *float64    `json:"area,omitempty" doc:"m², on the ground; absent above 20,000 shapes"`
		Length *float64    `json:"length,omitempty" doc:"m; the perimeter of areas"`
	}
}

func (s *Server) summarise(ctx context.Context, in *selectedInput) (*summaryOutput, error) {
	q, err := in.Body.query()
	if err != nil {
		return nil, err
	}
	sum, err := s.Layers.Summarise(ctx, auth.Viewer(ctx), in.Layer, q)
	if err != nil {
		return nil, err
	}
	out := &summaryOutput{}
	out.Body.Count, out.Body.Fields = sum.Count, []Aggregate{}
	for _, a := range sum.Fields {
		out.Body.Fields = append(out.Body.Fields, Aggregate(a))
	}
	if m := sum.Measures; m != nil {
		out.Body.Area, out.Body.Length = &m.Area, &m.Length
	}
	return out, nil
}

// Group is how many records have a value.
type Group struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Empty bool   `json:"empty,omitempty" doc:"They have no value"`
	Count int64  `json:"count"`
}

type groupInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Selected
		Field string `json:"field"`
	}
}

type groupOutput struct {
	Body struct {
		Groups []Group `json:"groups" nullable:"false" doc:"Most first, at most 50"`
	}
}

func (s *Server) group(ctx context.Context, in *groupInput) (*groupOutput, error) {
	q, err := in.Body.query()
	if err != nil {
		return nil, err
	}
	groups, err := s.Layers.Group(ctx, auth.Viewer(ctx), in.Layer, q, in.Body.Field)
	if err != nil {
		return nil, err
	}
	out := &groupOutput{}
	out.Body.Groups = groupsOf(groups)
	return out, nil
}

func groupsOf(groups []layers.Group) []Group {
	all := []Group{}
	for _, g := range groups {
		all = append(all, Group(g))
	}
	return all
}

type editAllInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Selected
		Set    map[string]any `json:"set,omitempty" doc:"By field: its new value"`
		Delete bool           `json:"delete,omitempty" doc:"Delete the records instead"`
		DryRun bool           `json:"dryRun" doc:"Check everything and write nothing"`
	}
}

// Reject is a record that an edit does not fit.
type Reject struct {
	ID      string          `json:"id"`
	Label   string          `json:"label"`
	Message string          `json:"message"`
	Errors  []problem.Fault `json:"errors,omitempty"`
}

type editAllOutput struct {
	Body struct {
		Cause     string       `json:"cause" doc:"Under which it is undone"`
		Written   bool         `json:"written" doc:"Not after a try, nor where some records were rejected"`
		Updated   int          `json:"updated"`
		Deleted   int          `json:"deleted"`
		Unchanged int          `json:"unchanged"`
		Rejected  int          `json:"rejected"`
		Samples   []FeatureRow `json:"samples" nullable:"false" doc:"The first records as they were before"`
		Rejects   []Reject     `json:"rejects" nullable:"false" doc:"The first 100"`
	}
}

func (s *Server) editAll(ctx context.Context, in *editAllInput) (*editAllOutput, error) {
	q, err := in.Body.query()
	if err != nil {
		return nil, err
	}
	done, err := s.Layers.EditAll(ctx, auth.Viewer(ctx), in.Layer, layers.EditAll{Query: q, Set: in.Body.Set, Delete: in.Body.Delete, DryRun: in.Body.DryRun})
	if err != nil {
		return nil, err
	}
	out := &editAllOutput{}
	b := &out.Body
	b.Cause, b.Written, b.Updated, b.Deleted, b.Unchanged, b.Rejected = done.Cause, done.Written, done.Updated, done.Deleted, done.Unchanged, done.Rejected
	b.Samples, b.Rejects = []FeatureRow{}, []Reject{}
	for _, f := range done.Samples {
		b.Samples = append(b.Samples, rowOf(f))
	}
	for _, r := range done.Rejects {
		p := problem.Of(r.Why)
		b.Rejects = append(b.Rejects, Reject{r.ID, r.Label, p.Detail, p.Errors})
	}
	return out, nil
}

// View is a saved search.
type View struct {
	ID           int64          `json:"id,omitempty"`
	Name         string         `json:"name"`
	Collectivity string         `json:"collectivity,omitempty" doc:"Whose people share it; absent: nobody"`
	Mine         bool           `json:"mine,omitempty"`
	Definition   ViewDefinition `json:"definition"`
}

// ViewDefinition is what a saved search selects and shows.
type ViewDefinition struct {
	Text    string         `json:"text,omitempty"`
	Filter  map[string]any `json:"filter,omitempty" doc:"CQL2-JSON"`
	Sort    string         `json:"sort,omitempty"`
	Expired bool           `json:"expired,omitempty"`
	Columns []string       `json:"columns,omitempty"`
}

type viewsOutput struct {
	Body struct {
		Views   []View   `json:"views" nullable:"false"`
		Columns []string `json:"columns" nullable:"false" doc:"Those the viewer chose; empty: those of the layer"`
	}
}

func (s *Server) getViews(ctx context.Context, in *layerInput) (*viewsOutput, error) {
	found, columns, err := s.Views.Of(ctx, auth.Viewer(ctx), in.Layer)
	if err != nil {
		return nil, err
	}
	out := &viewsOutput{}
	out.Body.Views, out.Body.Columns = []View{}, append([]string{}, columns...)
	for _, v := range found {
		d := v.Definition
		filter, err := objectOf(d.Filter)
		if err != nil {
			return nil, err
		}
		out.Body.Views = append(out.Body.Views, View{v.ID, v.Name, v.Collectivity, v.Mine, ViewDefinition{d.Text, filter, d.Sort, d.Expired, d.Columns}})
	}
	return out, nil
}

type saveViewInput struct {
	Layer string `path:"layer"`
	Body  View
}

type changeViewInput struct {
	Layer string `path:"layer"`
	ID    int64  `path:"id"`
	Body  View
}

type savedOutput struct {
	Body struct {
		ID int64 `json:"id"`
	}
}

func (s *Server) saveView(ctx context.Context, in *saveViewInput) (*savedOutput, error) {
	return s.changeView(ctx, &changeViewInput{Layer: in.Layer, Body: in.Body})
}

func (s *Server) changeView(ctx context.Context, in *changeViewInput) (*savedOutput, error) {
	d := in.Body.Definition
	filter, err := filterOf(d.Filter)
	if err != nil {
		return nil, err
	}
	out := &savedOutput{}
	out.Body.ID, err = s.Views.Save(ctx, auth.Viewer(ctx), in.Layer, views.View{ID: in.ID, Name: in.Body.Name, Collectivity: in.Body.Collectivity,
		Definition: views.Definition{Text: d.Text, Filter: filter, Sort: d.Sort, Expired: d.Expired, Columns: d.Columns}})
	return out, err
}

func (s *Server) deleteView(ctx context.Context, in *numberInput) (*struct{}, error) {
	return nil, s.Views.Delete(ctx, auth.Viewer(ctx), in.ID)
}

type columnsInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Columns []string `json:"columns" nullable:"false" doc:"Empty: those of the layer"`
	}
}

func (s *Server) chooseColumns(ctx context.Context, in *columnsInput) (*struct{}, error) {
	return nil, s.Views.Choose(ctx, auth.Viewer(ctx), in.Layer, in.Body.Columns)
}

// Panel is a widget with what it shows.
type Panel struct {
	Layer  string         `json:"layer"`
	Widget layers.Widget  `json:"widget"`
	Number float64        `json:"number"`
	Groups []Group        `json:"groups" nullable:"false"`
	Rows   []FeatureRow   `json:"rows" nullable:"false"`
	Filter map[string]any `json:"filter,omitempty" doc:"CQL2-JSON: selects the records in their list"`
}

type dashboardOutput struct {
	Body struct {
		Panels []Panel `json:"panels" nullable:"false"`
	}
}

func (s *Server) getDashboard(ctx context.Context, _ *struct{}) (*dashboardOutput, error) {
	panels, err := s.Layers.Dashboard(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &dashboardOutput{}
	out.Body.Panels = []Panel{}
	for _, p := range panels {
		filter, err := objectOf(p.Filter)
		if err != nil {
			return nil, err
		}
		shown := Panel{p.Layer.ID, p.Widget, p.Number, groupsOf(p.Groups), []FeatureRow{}, filter}
		shown.Widget.Title = whole(p.Widget.Title)
		for _, f := range p.Rows {
			shown.Rows = append(shown.Rows, rowOf(f))
		}
		out.Body.Panels = append(out.Body.Panels, shown)
	}
	return out, nil
}
