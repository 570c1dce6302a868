package api

import (
	"context"

	"arpent/layers/working"
	"arpent/web/auth"
)

// WorkingValue is a property that a working set would store beside a shape.
type WorkingValue struct {
	Layer string       `json:"layer"`
	ID    string       `json:"id" doc:"Of a new feature a name for the time being"`
	Field string       `json:"field"`
	Value any          `json:"value" doc:"null: none; of ended the name of a node that is new"`
	How   working.How  `json:"how" enum:"copied,typed,divided,numbered,interpolated,ended" doc:"Where it comes from"`
	Of    *working.Ref `json:"of,omitempty" doc:"Of copied the feature that had it"`
}

type workingValuesOutput struct {
	Body struct {
		Values []WorkingValue `json:"values" nullable:"false"`
	}
}

func (s *Server) workingValues(ctx context.Context, in *workingInput) (*workingValuesOutput, error) {
	values, err := s.Working.Values(ctx, auth.Viewer(ctx), in.Layer)
	if err != nil {
		return nil, err
	}
	out := &workingValuesOutput{}
	out.Body.Values = []WorkingValue{}
	for _, v := range values {
		out.Body.Values = append(out.Body.Values, WorkingValue{v.Layer, v.ID, v.Field, v.Value, v.How, v.Of})
	}
	return out, nil
}
