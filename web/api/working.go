package api

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers/working"
	"arpent/web/auth"
	"arpent/web/geojson"
)

// registerWorking adds the operations by which the shapes of a coverage are
// edited together.
func (s *Server) registerWorking(a huma.API) {
	operate(a, "listWorking", http.MethodGet, "/api/working", "Working sets that one has left and not saved", s.listWorking)
	operate(a, "getWorking", http.MethodGet, "/api/layers/{layer}/working", "What one has done to a coverage and not saved", s.getWorking)
	operate(a, "doWorking", http.MethodPost, "/api/layers/{layer}/working/steps", "Do an operation on a coverage", s.doWorking)
	operate(a, "undoWorking", http.MethodPost, "/api/layers/{layer}/working/undo", "Take steps back, or do them again", s.undoWorking)
	operate(a, "saveWorking", http.MethodPost, "/api/layers/{layer}/working/save", "Save all in one transaction", s.saveWorking)
	operate(a, "resolveWorking", http.MethodPost, "/api/layers/{layer}/working/resolve", "Settle the conflict about one feature", s.resolveWorking)
	operate(a, "discardWorking", http.MethodDelete, "/api/layers/{layer}/working", "Discard what is not saved", s.discardWorking)
}

// Working is a working set.
type Working struct {
	Revision int64            `json:"revision" doc:"0: nothing is at work"`
	Steps    []WorkingStep    `json:"steps" nullable:"false"`
	Done     int              `json:"done" doc:"How many of the steps are done; those after are undone"`
	Features []WorkingFeature `json:"features" nullable:"false" doc:"What differs from what is stored"`
}

// WorkingStep is an operation that was done.
type WorkingStep struct {
	Kind working.Kind  `json:"kind"`
	IDs  []coverage.ID `json:"ids" nullable:"false" doc:"Features that it changes"`
}

// WorkingFeature is a feature before and after.
type WorkingFeature struct {
	ID         coverage.ID     `json:"id" doc:"Of a new feature a name for the time being"`
	Label      string          `json:"label"`
	Origin     coverage.ID     `json:"origin,omitempty" doc:"Of a new feature the one that it was made of"`
	Before     json.RawMessage `json:"before" doc:"GeoJSON in EPSG:3857; null for a new feature"`
	After      json.RawMessage `json:"after" doc:"null for one that goes"`
	AreaBefore float64         `json:"areaBefore" doc:"m², on the ground"`
	Area       float64         `json:"area"`
}

// WorkingRefusal says why an operation cannot be done.
type WorkingRefusal struct {
	Kind  coverage.Kind   `json:"kind"`
	At    *[2]float64     `json:"at" doc:"Where, in EPSG:3857; null when it is nowhere"`
	IDs   []coverage.ID   `json:"ids" nullable:"false"`
	Area  float64         `json:"area,omitempty" doc:"m²"`
	Width float64         `json:"width,omitempty" doc:"m"`
	Shape json.RawMessage `json:"shape" doc:"What is too narrow or lies over another; may be null"`
}

// WorkingConflict is a feature that somebody else has saved since.
type WorkingConflict struct {
	ID      coverage.ID     `json:"id"`
	Mine    json.RawMessage `json:"mine" doc:"null: it goes"`
	Theirs  json.RawMessage `json:"theirs" doc:"null: it was deleted"`
	Current *Feature        `json:"current" doc:"As it is stored now; null when it was deleted"`
}

// WorkingKept is a working set that was left and not saved.
type WorkingKept struct {
	Layer     string    `json:"layer"`
	Steps     int       `json:"steps"`
	Done      int       `json:"done"`
	ChangedAt time.Time `json:"changedAt"`
}

type listWorkingOutput struct {
	Body struct {
		Sets []WorkingKept `json:"sets" nullable:"false" doc:"The latest first"`
	}
}

func (s *Server) listWorking(ctx context.Context, _ *struct{}) (*listWorkingOutput, error) {
	kept, err := s.Working.Mine(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &listWorkingOutput{}
	out.Body.Sets = []WorkingKept{}
	for _, k := range kept {
		out.Body.Sets = append(out.Body.Sets, WorkingKept(k))
	}
	return out, nil
}

type workingInput struct {
	Layer string `path:"layer"`
}

type workingOutput struct{ Body Working }

func (s *Server) getWorking(ctx context.Context, in *workingInput) (*workingOutput, error) {
	set, err := s.Working.Open(ctx, auth.Viewer(ctx), in.Layer)
	if err != nil {
		return nil, err
	}
	body, err := s.workingOf(ctx, in.Layer, set)
	return &workingOutput{body}, err
}

// workingOf shows a set.
func (s *Server) workingOf(ctx context.Context, layer string, set *working.Set) (Working, error) {
	v := auth.Viewer(ctx)
	w := Working{Revision: set.Revision, Steps: []WorkingStep{}, Done: set.Done, Features: []WorkingFeature{}}
	for _, st := range set.Steps {
		w.Steps = append(w.Steps, WorkingStep{st.Operation.Kind, st.IDs()})
	}
	now := set.Present()
	ids := slices.Sorted(maps.Keys(now))
	var shapes []orb.MultiPolygon
	for _, id := range ids {
		shapes = append(shapes, set.Base[id].Shape, now[id])
	}
	shown, err := s.Working.Shapes(ctx, v, layer, shapes, srid)
	if err != nil {
		return w, err
	}
	for i, id := range ids {
		before, after := shown[2*i], shown[2*i+1]
		base, stored := set.Base[id]
		if stored && base.Shape.Equal(now[id]) {
			continue
		}
		f := WorkingFeature{ID: id, Label: base.Label, AreaBefore: before.Area, Area: after.Area}
		if !stored {
			f.Origin = set.Origin(id)
			f.Label = set.Base[f.Origin].Label
		}
		if f.Before, err = encoded(before.Shape); err != nil {
			return w, err
		}
		if f.After, err = encoded(after.Shape); err != nil {
			return w, err
		}
		w.Features = append(w.Features, f)
	}
	return w, nil
}

func encoded(g geom.T) (json.RawMessage, error) {
	if g == nil {
		return json.RawMessage("null"), nil
	}
	return geojson.EncodeGeometry(g, false)
}

type doWorkingInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Revision  int64             `json:"revision" doc:"Of the set on which it is based"`
		Operation working.Operation `json:"operation" doc:"Coordinates are in EPSG:3857"`
	}
}

type doWorkingOutput struct {
	Body struct {
		Working *Working        `json:"working" doc:"null when the operation was refused: nothing was changed"`
		Refusal *WorkingRefusal `json:"refusal"`
	}
}

func (s *Server) doWorking(ctx context.Context, in *doWorkingInput) (*doWorkingOutput, error) {
	v, out := auth.Viewer(ctx), &doWorkingOutput{}
	set, err := s.Working.Do(ctx, v, in.Layer, in.Body.Revision, in.Body.Operation, srid)
	if refused, ok := errors.AsType[*working.Refusal](err); ok {
		out.Body.Refusal, err = s.refusalOf(ctx, in.Layer, refused)
		return out, err
	}
	if err != nil {
		return nil, err
	}
	body, err := s.workingOf(ctx, in.Layer, set)
	out.Body.Working = &body
	return out, err
}

func (s *Server) refusalOf(ctx context.Context, layer string, refused *working.Refusal) (*WorkingRefusal, error) {
	v := auth.Viewer(ctx)
	r := &WorkingRefusal{Kind: refused.Kind, IDs: append([]coverage.ID{}, refused.IDs...), Area: refused.Area, Width: refused.Width}
	if refused.Where != (orb.Point{}) {
		place, err := s.Working.Place(ctx, v, layer, refused.Where, srid)
		if err != nil {
			return nil, err
		}
		if place != nil {
			r.At = &[2]float64{place.FlatCoords()[0], place.FlatCoords()[1]}
		}
	}
	shown, err := s.Working.Shapes(ctx, v, layer, []orb.MultiPolygon{refused.Shape}, srid)
	if err != nil {
		return nil, err
	}
	r.Shape, err = encoded(shown[0].Shape)
	return r, err
}

type undoWorkingInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Revision int64 `json:"revision"`
		Steps    int   `json:"steps" doc:"Steps to take back; below zero to do again"`
	}
}

func (s *Server) undoWorking(ctx context.Context, in *undoWorkingInput) (*workingOutput, error) {
	set, err := s.Working.Undo(ctx, auth.Viewer(ctx), in.Layer, in.Body.Revision, in.Body.Steps)
	if err != nil {
		return nil, err
	}
	body, err := s.workingOf(ctx, in.Layer, set)
	return &workingOutput{body}, err
}

type saveWorkingInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Revision int64 `json:"revision"`
	}
}

type saveWorkingOutput struct {
	Body struct {
		Changed   int                    `json:"changed"`
		Created   int                    `json:"created"`
		Deleted   int                    `json:"deleted"`
		IDs       map[coverage.ID]string `json:"ids" doc:"Identifiers that new features were given"`
		Conflicts []WorkingConflict      `json:"conflicts" nullable:"false" doc:"Where there are any, nothing was saved"`
	}
}

func (s *Server) saveWorking(ctx context.Context, in *saveWorkingInput) (*saveWorkingOutput, error) {
	v, out := auth.Viewer(ctx), &saveWorkingOutput{}
	saved, err := s.Working.Save(ctx, v, in.Layer, in.Body.Revision)
	if err != nil {
		return nil, err
	}
	out.Body.Changed, out.Body.Created, out.Body.Deleted = saved.Changed, saved.Created, saved.Deleted
	out.Body.IDs, out.Body.Conflicts = saved.IDs, []WorkingConflict{}
	for _, c := range saved.Conflicts {
		shown, err := s.Working.Shapes(ctx, v, in.Layer, []orb.MultiPolygon{c.Mine, c.Theirs()}, srid)
		if err != nil {
			return nil, err
		}
		conflict := WorkingConflict{ID: c.ID}
		if conflict.Mine, err = encoded(shown[0].Shape); err != nil {
			return nil, err
		}
		if conflict.Theirs, err = encoded(shown[1].Shape); err != nil {
			return nil, err
		}
		if c.Current != nil {
			if conflict.Current, err = s.feature(ctx, in.Layer, string(c.ID), time.Time{}); err != nil {
				return nil, err
			}
		}
		out.Body.Conflicts = append(out.Body.Conflicts, conflict)
	}
	return out, nil
}

type resolveWorkingInput struct {
	Layer string `path:"layer"`
	Body  struct {
		Revision int64          `json:"revision"`
		ID       coverage.ID    `json:"id"`
		Choice   working.Choice `json:"choice" enum:"mine,theirs"`
	}
}

type resolveWorkingOutput struct {
	Body struct {
		Working Working       `json:"working"`
		GivenUp []WorkingStep `json:"givenUp" nullable:"false" doc:"Steps that could not be kept"`
	}
}

func (s *Server) resolveWorking(ctx context.Context, in *resolveWorkingInput) (*resolveWorkingOutput, error) {
	set, given, err := s.Working.Resolve(ctx, auth.Viewer(ctx), in.Layer, in.Body.Revision, in.Body.ID, in.Body.Choice)
	if err != nil {
		return nil, err
	}
	out := &resolveWorkingOutput{}
	out.Body.GivenUp = []WorkingStep{}
	for _, st := range given {
		out.Body.GivenUp = append(out.Body.GivenUp, WorkingStep{st.Operation.Kind, st.IDs()})
	}
	out.Body.Working, err = s.workingOf(ctx, in.Layer, set)
	return out, err
}

type discardWorkingInput struct {
	Layer    string `path:"layer"`
	Revision int64  `query:"revision"`
}

func (s *Server) discardWorking(ctx context.Context, in *discardWorkingInput) (*struct{}, error) {
	return nil, s.Working.Discard(ctx, auth.Viewer(ctx), in.Layer, in.Revision)
}
