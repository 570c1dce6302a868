package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/layers/working"
	"arpent/web/auth"
)

// registerPresence adds the operations by which those who edit a layer know of
// each other.
func (s *Server) registerPresence(a huma.API) {
	operate(a, "getOthers", http.MethodGet, "/api/layers/{layer}/working/others", "Who else edits a layer, and what", s.getOthers)
	operate(a, "enterWorking", http.MethodPut, "/api/layers/{layer}/working/presence", "Tell others that one has a layer open for editing", s.enterWorking)
	operate(a, "leaveWorking", http.MethodDelete, "/api/working/presence/{stream}", "Tell others that one has it open no more", s.leaveWorking)
}

// WorkingOther is somebody else who edits the layer.
type WorkingOther struct {
	Who      string      `json:"who"`
	Features []string    `json:"features" nullable:"false" doc:"That they have changed and not saved"`
	Chosen   []string    `json:"chosen" nullable:"false" doc:"That they have chosen"`
	BBox     *[4]float64 `json:"bbox" doc:"Of what they have changed; null: nothing"`
	View     *[4]float64 `json:"view" doc:"What their window shows; null: they have left"`
}

type getOthersOutput struct {
	Body struct {
		Others   []WorkingOther `json:"others" nullable:"false"`
		Revision int64          `json:"revision" doc:"Of one's own working set, as it is now"`
	}
}

func (s *Server) getOthers(ctx context.Context, in *workingInput) (*getOthersOutput, error) {
	others, revision, err := s.Working.Others(ctx, auth.Viewer(ctx), in.Layer)
	if err != nil {
		return nil, err
	}
	out := &getOthersOutput{}
	out.Body.Revision, out.Body.Others = revision, make([]WorkingOther, 0, len(others))
	for _, o := range others {
		out.Body.Others = append(out.Body.Others, WorkingOther{o.Who, o.Features, o.Chosen, corners(o.Around), corners(o.View)})
	}
	return out, nil
}

type enterWorkingInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Stream string     `json:"stream" format:"uuid" doc:"As the stream of changes said when it began"`
		Chosen []string   `json:"chosen" maxItems:"2000" nullable:"false"`
		View   [4]float64 `json:"view" doc:"EPSG:3857"`
	}
}

func (s *Server) enterWorking(ctx context.Context, in *enterWorkingInput) (*struct{}, error) {
	for i, c := range in.Body.View {
		if math.Abs(c) > 1e9 {
			return nil, layers.Errorf(layers.Invalid, "view[%d] is %g: no coordinate of EPSG:3857", i, c)
		}
	}
	v := in.Body.View
	return nil, s.Working.Enter(ctx, auth.Viewer(ctx), in.Layer, in.Body.Stream, in.Body.Chosen,
		layers.BBox{MinX: v[0], MinY: v[1], MaxX: v[2], MaxY: v[3], SRID: srid})
}

type leaveWorkingInput struct {
	Stream string `path:"stream" format:"uuid"`
}

func (s *Server) leaveWorking(ctx context.Context, in *leaveWorkingInput) (*struct{}, error) {
	return nil, s.Working.Leave(ctx, auth.Viewer(ctx), in.Stream)
}

// WorkingEvent tells the page that others edit something else now.
type WorkingEvent struct {
	Layer string `json:"layer"` // "": any
}

// sendKnock tells a stream of a layer that its viewer may edit.
func (s *Server) sendKnock(w io.Writer, v layers.Viewer, layer string) error {
	if v.Anonymous() {
		return nil
	}
	if l, err := s.Layers.Catalog().Get(v, layer); layer != "" && (err != nil || !working.MayEdit(v, l)) {
		return nil
	}
	data, err := json.Marshal(WorkingEvent{layer})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: working\ndata: %s\n\n", data)
	return err
}
