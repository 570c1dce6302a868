package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/layers/working"
	"arpent/web/auth"
	"arpent/web/geojson"
)

// registerWorking adds the operations by which the shapes of a layer are
// edited, those of a coverage or a network together.
func (s *Server) registerWorking(a huma.API) {
	operate(a, "listWorking", http.MethodGet, "/api/working", "Working sets that one has left and not saved", s.listWorking)
	operate(a, "getWorking", http.MethodGet, "/api/layers/{layer}/working", "What one has done to a layer and not saved", s.getWorking)
	operate(a, "doWorking", http.MethodPost, "/api/layers/{layer}/working/steps", "Do an operation on a coverage, a network or a free layer", s.doWorking)
	operate(a, "undoWorking", http.MethodPost, "/api/layers/{layer}/working/undo", "Take steps back, or do them again", s.undoWorking)
	operate(a, "saveWorking", http.MethodPost, "/api/layers/{layer}/working/save", "Save all in one transaction", s.saveWorking)
	operate(a, "listConflicts", http.MethodGet, "/api/layers/{layer}/working/conflicts", "What others have saved and keeps one's edits from being saved", s.listConflicts)
	operate(a, "resolveWorking", http.MethodPost, "/api/layers/{layer}/working/resolve", "Settle all conflicts, each as is chosen", s.resolveWorking)
	operate(a, "reportWorking", http.MethodGet, "/api/layers/{layer}/working/report", "What is wrong with a coverage in a place, as it would be saved", s.reportWorking)
	operate(a, "networkFaults", http.MethodGet, "/api/layers/{layer}/working/faults", "What is wrong with a network in a place", s.networkFaults)
	operate(a, "workingValues", http.MethodGet, "/api/layers/{layer}/working/values", "What would be stored beside the shapes, and where it comes from", s.workingValues)
	operate(a, "discardWorking", http.MethodDelete, "/api/layers/{layer}/working", "Discard what is not saved", s.discardWorking)
}

// Working is a working set.
type Working struct {
	Layer    string           `json:"layer" doc:"By which the set is known: of a network its edges"`
	Layers   []string         `json:"layers" nullable:"false" doc:"Those that are edited together: the layer, and of a network its nodes"`
	Model    string           `json:"model" enum:"coverage,network,free"`
	Revision int64            `json:"revision" doc:"0: nothing is at work"`
	Steps    []WorkingStep    `json:"steps" nullable:"false"`
	Done     int              `json:"done" doc:"How many of the steps are done; those after are undone"`
	Features []WorkingFeature `json:"features" nullable:"false" doc:"What differs from what is stored"`
}

// WorkingStep is an operation that was done.
type WorkingStep struct {
	Kind     working.Kind  `json:"kind"`
	Features []working.Ref `json:"features" nullable:"false" doc:"That it changes"`
}

// WorkingFeature is a feature before and after.
type WorkingFeature struct {
	Layer        string          `json:"layer"`
	ID           string          `json:"id" doc:"Of a new feature a name for the time being"`
	Label        string          `json:"label"`
	Origin       *working.Ref    `json:"origin,omitempty" doc:"Of a new feature the one that it was made of; of a node the edge on which it was put"`
	Before       json.RawMessage `json:"before" doc:"GeoJSON in EPSG:3857; null for a new feature"`
	After        json.RawMessage `json:"after" doc:"null for one that goes"`
	AreaBefore   float64         `json:"areaBefore" doc:"m², on the ground"`
	Area         float64         `json:"area"`
	LengthBefore float64         `json:"lengthBefore" doc:"m, of lines"`
	Length       float64         `json:"length"`
	Properties   map[string]any  `json:"properties,omitempty" doc:"That a new feature was given"`
	Anew         bool            `json:"anew,omitempty" doc:"Others have deleted it and it is brought back: before is what it was then"`
	Missing      []string        `json:"missing,omitempty" doc:"Fields that a new feature must have before it can be saved"`
}

// WorkingRefusal says why an operation cannot be done.
type WorkingRefusal struct {
	Kind     string          `json:"kind"`
	At       *[2]float64     `json:"at" doc:"Where, in EPSG:3857; null when it is nowhere"`
	Features []working.Ref   `json:"features" nullable:"false"`
	Area     float64         `json:"area,omitempty" doc:"m²"`
	Width    float64         `json:"width,omitempty" doc:"m"`
	Distance float64         `json:"distance,omitempty" doc:"m, between what should be together"`
	Detail   string          `json:"detail,omitempty"`
	Shape    json.RawMessage `json:"shape" doc:"What is too narrow, lies over another or is not valid; may be null"`
	Mend     json.RawMessage `json:"mend" doc:"What may be put in its place; null: nothing is proposed"`
}

// WorkingFault is what keeps a feature from being saved as it is.
type WorkingFault struct {
	Layer   string `json:"layer"`
	ID      string `json:"id"`
	Field   string `json:"field" doc:"Empty: its shape, or the whole of it"`
	Message string `json:"message"`
}

// WorkingName is the identifier that a new feature was given.
type WorkingName struct {
	Layer string `json:"layer"`
	Name  string `json:"name" doc:"That it had for the time being"`
	ID    string `json:"id"`
}

// WorkingOperation is what a person asks for: its fields are told in
// layers/working/DESIGN.md. Positions are [east, north] or [east, north, level].
type WorkingOperation struct {
	working.Operation
	Shapes []json.RawMessage `json:"shapes,omitempty" doc:"GeoJSON geometries, with levels or without"`
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
	w := Working{Layer: set.Layer, Revision: set.Revision, Steps: []WorkingStep{}, Done: set.Done, Features: []WorkingFeature{}}
	for _, st := range set.Steps {
		w.Steps = append(w.Steps, WorkingStep{st.Operation.Kind, st.Features()})
	}
	var err error
	if w.Layers, w.Model, err = s.Working.Sheet(v, layer); err != nil {
		return w, err
	}
	differing, err := s.Working.Differing(v, set)
	if err != nil {
		return w, err
	}
	var shapes []geom.T
	for _, d := range differing {
		shapes = append(shapes, d.Before, d.After)
	}
	shown, err := s.Working.Shapes(ctx, v, layer, shapes, srid)
	if err != nil {
		return w, err
	}
	for i, d := range differing {
		before, after := shown[2*i], shown[2*i+1]
		f := WorkingFeature{
			Layer: d.Layer, ID: d.ID, Label: d.Label, Origin: d.Origin, Properties: d.Given, Anew: d.Anew, Missing: d.Missing,
			AreaBefore: before.Area, Area: after.Area, LengthBefore: before.Length, Length: after.Length,
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
		Revision  int64            `json:"revision" doc:"Of the set on which it is based"`
		Operation WorkingOperation `json:"operation" doc:"Coordinates are in EPSG:3857"`
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
	op := in.Body.Operation.Operation
	for i, shape := range in.Body.Operation.Shapes {
		g, err := geojson.DecodeGeometry(shape, fmt.Sprintf("body.operation.shapes[%d]", i), srid, false)
		if err == nil && g == nil {
			err = working.Lacking(fmt.Sprintf("shapes[%d]", i), "is missing")
		}
		if err != nil {
			return nil, err
		}
		op.Shapes = append(op.Shapes, g)
	}
	set, err := s.Working.Do(ctx, v, in.Layer, in.Body.Revision, op, srid)
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
	r := &WorkingRefusal{
		Kind: refused.Kind, Features: append([]working.Ref{}, refused.Features...),
		Area: refused.Area, Width: refused.Width, Distance: refused.Distance, Detail: refused.Detail,
	}
	if refused.Where != (orb.Point{}) {
		place, err := s.Working.Place(ctx, v, layer, refused.Where, srid)
		if err != nil {
			return nil, err
		}
		if place != nil {
			r.At = &[2]float64{place.FlatCoords()[0], place.FlatCoords()[1]}
		}
	}
	var err error
	r.Shape, r.Mend, err = s.two(ctx, layer, refused.Shape, refused.Mend)
	return r, err
}

// two shapes as a client sees them; null for none.
func (s *Server) two(ctx context.Context, layer string, a, b geom.T) (first, second json.RawMessage, err error) {
	shown, err := s.Working.Shapes(ctx, auth.Viewer(ctx), layer, []geom.T{a, b}, srid)
	if err != nil {
		return nil, nil, err
	}
	if first, err = encoded(shown[0].Shape); err == nil {
		second, err = encoded(shown[1].Shape)
	}
	return first, second, err
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
		Changed   int               `json:"changed"`
		Created   int               `json:"created"`
		Deleted   int               `json:"deleted"`
		Names     []WorkingName     `json:"names" nullable:"false" doc:"Identifiers that new features were given"`
		Conflicts []WorkingConflict `json:"conflicts" nullable:"false" doc:"Where there are any, nothing was saved"`
		Faults    []WorkingFault    `json:"faults" nullable:"false" doc:"Nor where there are any of these"`
	}
}

func (s *Server) saveWorking(ctx context.Context, in *saveWorkingInput) (*saveWorkingOutput, error) {
	v, out := auth.Viewer(ctx), &saveWorkingOutput{}
	saved, err := s.Working.Save(ctx, v, in.Layer, in.Body.Revision)
	if err != nil {
		return nil, err
	}
	out.Body.Changed, out.Body.Created, out.Body.Deleted = saved.Changed, saved.Created, saved.Deleted
	out.Body.Names, out.Body.Faults = []WorkingName{}, []WorkingFault{}
	for ref, id := range saved.IDs {
		out.Body.Names = append(out.Body.Names, WorkingName{ref.Layer, ref.ID, id})
	}
	for _, f := range saved.Faults {
		out.Body.Faults = append(out.Body.Faults, WorkingFault{f.Layer, f.ID, f.Field, f.Message})
	}
	out.Body.Conflicts, err = s.conflictsOf(ctx, in.Layer, saved.Conflicts)
	return out, err
}

type discardWorkingInput struct {
	Layer    string `path:"layer"`
	Revision int64  `query:"revision"`
}

func (s *Server) discardWorking(ctx context.Context, in *discardWorkingInput) (*struct{}, error) {
	return nil, s.Working.Discard(ctx, auth.Viewer(ctx), in.Layer, in.Revision)
}
