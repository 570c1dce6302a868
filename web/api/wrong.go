package api

import (
	"context"
	"encoding/json"

	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers/working"
	"arpent/web/auth"
)

// WorkingWrong is something wrong with a coverage.
type WorkingWrong struct {
	Kind     coverage.Kind       `json:"kind"`
	At       [2]float64          `json:"at" doc:"A place within it, EPSG:3857"`
	Features []WorkingNamed      `json:"features" nullable:"false" doc:"Whom it concerns; of a gap who borders it, the longest border first"`
	Area     float64             `json:"area,omitempty" doc:"m², on the ground"`
	Width    float64             `json:"width,omitempty" doc:"m, on the mean; of borders beside each other how far"`
	Shape    json.RawMessage     `json:"shape" doc:"null: it is but a place"`
	Mends    []working.Operation `json:"mends" nullable:"false" doc:"Operations by which it can be mended, the likeliest first"`
}

// WorkingNamed is a feature with what it is called.
type WorkingNamed struct {
	ID    coverage.ID `json:"id"`
	Label string      `json:"label"`
}

type reportWorkingInput struct {
	Layer string `path:"layer"`
	BBox  string `query:"bbox" required:"true" doc:"West, south, east, north in EPSG:3857"`
}

type reportWorkingOutput struct {
	Body struct {
		Wrong []WorkingWrong `json:"wrong" nullable:"false" doc:"What is worst first"`
		More  bool           `json:"more" doc:"There is more than that"`
	}
}

func (s *Server) reportWorking(ctx context.Context, in *reportWorkingInput) (*reportWorkingOutput, error) {
	v := auth.Viewer(ctx)
	box, err := parseBBox(in.BBox)
	if err != nil {
		return nil, err
	}
	report, err := s.Working.Report(ctx, v, in.Layer, *box)
	if err != nil {
		return nil, err
	}
	var all []geom.T
	for _, w := range report.Wrong {
		all = append(all, geom.NewPointFlat(geom.XY, []float64{w.Where[0], w.Where[1]}), w.Surface)
	}
	shown, err := s.Working.Shapes(ctx, v, in.Layer, all, srid)
	if err != nil {
		return nil, err
	}
	out := &reportWorkingOutput{}
	out.Body.Wrong, out.Body.More = []WorkingWrong{}, report.More
	for i, w := range report.Wrong {
		place, surface := shown[2*i], shown[2*i+1]
		at := [2]float64(place.Shape.FlatCoords()[:2])
		wrong := WorkingWrong{Kind: w.Kind, At: at, Features: []WorkingNamed{}, Area: surface.Area, Width: w.Width, Mends: []working.Operation{}}
		for _, id := range w.IDs {
			wrong.Features = append(wrong.Features, WorkingNamed{id, report.Labels[id]})
		}
		if wrong.Shape, err = encoded(surface.Shape); err != nil {
			return nil, err
		}
		for _, op := range w.Mends {
			if len(op.To) > 0 {
				op.To = []working.Position{at[:]}
			}
			wrong.Mends = append(wrong.Mends, op)
		}
		out.Body.Wrong = append(out.Body.Wrong, wrong)
	}
	return out, nil
}
