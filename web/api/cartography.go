package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/geo/classes"
	"arpent/layers"
	"arpent/layers/cartography"
	"arpent/web/auth"
)

func (s *Server) registerCartography(a huma.API) {
	operate(a, "getArrangements", http.MethodGet, "/api/arrangement", "How the layers lie for the viewer, and for all", s.getArrangements)
	operate(a, "arrange", http.MethodPut, "/api/arrangement", "Keep how the layers lie", s.arrange)
	operate(a, "saveStyle", http.MethodPut, "/api/layers/{layer}/style", "Keep a style of a layer", s.saveStyle)
	operate(a, "classify", http.MethodGet, "/api/layers/{layer}/classes", "Divide the numbers of a field into classes, over what the viewer may read", s.classify)
}

type arrangementsOutput struct {
	Body struct {
		Own    *cartography.Arrangement `json:"own,omitempty" doc:"Left out for none"`
		Shared *cartography.Arrangement `json:"shared,omitempty" doc:"That of the viewer's collectivity; left out for none"`
	}
}

func (s *Server) getArrangements(ctx context.Context, _ *struct{}) (*arrangementsOutput, error) {
	out := &arrangementsOutput{}
	var err error
	out.Body.Own, out.Body.Shared, err = s.Cartography.Arrangements(ctx, auth.Viewer(ctx))
	return out, err
}

type arrangeInput struct {
	Body struct {
		Arrangement  *cartography.Arrangement `json:"arrangement,omitempty" doc:"null or left out: forget it"`
		Collectivity string                   `json:"collectivity,omitempty" doc:"For all its people; else for oneself"`
	}
}

func (s *Server) arrange(ctx context.Context, in *arrangeInput) (*struct{}, error) {
	return nil, s.Cartography.Arrange(ctx, auth.Viewer(ctx), in.Body.Collectivity, in.Body.Arrangement)
}

type saveStyleInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Style        *layers.Style `json:"style,omitempty" doc:"null or left out: forget it; the next holds again, the last is that of the layer file"`
		Collectivity string        `json:"collectivity,omitempty" doc:"For all its people; else for oneself"`
	}
}

func (s *Server) saveStyle(ctx context.Context, in *saveStyleInput) (*struct{}, error) {
	return nil, s.Cartography.SaveStyle(ctx, auth.Viewer(ctx), in.Body.Collectivity, in.Layer, in.Body.Style)
}

type classifyInput struct {
	Selection
	Field  string `query:"field" required:"true"`
	Method string `query:"method" enum:"quantiles,equal,jenks" default:"quantiles"`
	Count  int    `query:"count" default:"5"`
}

type classifyOutput struct {
	Body struct {
		Breaks []float64 `json:"breaks" nullable:"false" doc:"The lowest number and the highest of each class"`
		Counts []int64   `json:"counts" nullable:"false" doc:"Records in each class"`
		Empty  int64     `json:"empty" doc:"Records without a number"`
		Exact  bool      `json:"exact" doc:"false above 100,000 different numbers: neighbouring ones were taken together"`
	}
}

func (s *Server) classify(ctx context.Context, in *classifyInput) (*classifyOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	found, err := s.Layers.Classify(ctx, auth.Viewer(ctx), in.Layer, q, in.Field, classes.Method(in.Method), in.Count)
	if err != nil {
		return nil, err
	}
	out := &classifyOutput{}
	out.Body.Breaks, out.Body.Counts, out.Body.Empty, out.Body.Exact = found.Breaks, found.Counts, found.Empty, found.Exact
	return out, nil
}
