package api

import (
	"context"
	"strings"

	"arpent/layers"
	"arpent/web/auth"
	"arpent/web/problem"
)

type evaluateInput struct {
	Layer string `path:"layer"`
	Body  struct {
		ID         string         `json:"id,omitempty" doc:"Absent for a new record"`
		Properties map[string]any `json:"properties"`
	}
}

type evaluateOutput struct {
	Body struct {
		Values   map[string]any      `json:"values" doc:"Computed fields"`
		Initial  map[string]any      `json:"initial" doc:"First values of a new record"`
		Hidden   []string            `json:"hidden" nullable:"false" doc:"Fields that are not asked"`
		Required []string            `json:"required" nullable:"false" doc:"Fields that are required here, besides those that always are"`
		Choices  map[string][]string `json:"choices" doc:"By field with dependent choices: those that may be chosen"`
		Faults   []problem.Fault     `json:"faults" nullable:"false" doc:"Rules that are broken; location is a field, or empty"`
	}
}

// evaluate answers a form while it is filled in.
func (s *Server) evaluate(ctx context.Context, in *evaluateInput) (*evaluateOutput, error) {
	e, err := s.Layers.Evaluate(ctx, auth.Viewer(ctx), in.Layer, layers.Draft{ID: in.Body.ID, Properties: in.Body.Properties})
	if err != nil {
		return nil, err
	}
	out := &evaluateOutput{}
	out.Body.Values, out.Body.Initial, out.Body.Choices = e.Values, e.Initial, e.Choices
	out.Body.Hidden, out.Body.Required = append([]string{}, e.Hidden...), append([]string{}, e.Required...)
	out.Body.Faults = []problem.Fault{}
	for _, f := range e.Faults {
		field, _ := strings.CutPrefix(f.Location, "properties.")
		out.Body.Faults = append(out.Body.Faults, problem.Fault{Location: strings.TrimPrefix(field, "properties"), Message: f.Message})
	}
	return out, nil
}
