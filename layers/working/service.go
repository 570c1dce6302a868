package working

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/knocks"
)

// Service keeps working sets.
type Service struct {
	layers      *layers.Service
	pool        *pgxpool.Pool
	saving      sync.Mutex // one set is saved at a time
	knocks.Door            // for those who edit: of layers of which others edit something else now
}

// New makes the service.
func New(service *layers.Service, pool *pgxpool.Pool) *Service {
	return &Service{layers: service, pool: pool}
}

// model is what can be done to layers whose shapes hang together in one way.
type model interface {
	// form is what an operation takes; false for one that there is not.
	form(Kind) (form, bool)
	// perform does the operation of a task, which has read nothing yet.
	perform(ctx context.Context, t *task) (outcome, error)
	// fields are the properties that follow from shapes, for features that are
	// new or whose properties change. It is called once, when a set is saved.
	fields(ctx context.Context, w *writing) error
}

// models by their names in layer files.
var models = map[string]model{"coverage": coverageModel{}, "network": networkModel{}, "free": freeModel{}}

// sheet is what is edited in one set: a layer, or the edges and nodes of a network.
type sheet struct {
	home  *layers.Layer
	nodes *layers.Layer // nil but for networks with nodes of their own
	name  string        // of its model
	model
}

// layers are those of the sheet, the one first that refers to the other.
func (sh *sheet) layers() []*layers.Layer {
	if sh.nodes == nil {
		return []*layers.Layer{sh.home}
	}
	return []*layers.Layer{sh.home, sh.nodes}
}

// layer is the one of an identifier; nil when it is not of the sheet.
func (sh *sheet) layer(id string) *layers.Layer {
	for _, l := range sh.layers() {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// sheetOf is what is edited with a layer: the nodes of a network with its edges.
func sheetOf(l *layers.Layer) *sheet {
	if l.Geometry.Edges != nil {
		l = l.Geometry.Edges
	}
	sh := &sheet{home: l, nodes: l.Geometry.NodeLayer, name: l.Geometry.Model}
	if sh.name == "network" && strings.HasSuffix(l.Geometry.Type, "Point") {
		sh.name = "free" // nodes of no edges
	}
	sh.model = models[sh.name]
	return sh
}

// editable is what the viewer edits by a layer: it may change records somewhere.
func (s *Service) editable(v layers.Viewer, layer string) (*sheet, error) {
	l, err := s.layers.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	sh := sheetOf(l)
	l = sh.home
	for _, each := range sh.layers() {
		if _, err := s.layers.Catalog().Get(v, each.ID); err != nil {
			return nil, err
		}
	}
	switch {
	case l.Source.Geometry == "":
		return nil, layers.Errorf(layers.Invalid, "the records of layer %s have no shape to edit on a map", l.ID)
	case sh.name == "coverage" && l.Geometry.Z:
		return nil, layers.Errorf(layers.Invalid, "layer %s has heights: a coverage has none", l.ID)
	case sh.name != "free" && l.Source.Grid == 0:
		return nil, layers.Errorf(layers.Invalid, "layer %s is not in a metric coordinate reference system: a %s needs one", l.ID, sh.name)
	case v.UserID == 0:
		return nil, layers.Errorf(layers.Unauthorized, "sign in to edit layer %s", l.ID)
	case !sh.mayEdit(v):
		return nil, layers.Errorf(layers.Forbidden, "you have no right to change records of layer %s: ask an administrator", l.ID)
	}
	return sh, nil
}

// mayEdit tells whether the viewer may write records of a layer of the sheet
// somewhere.
func (sh *sheet) mayEdit(v layers.Viewer) bool {
	for _, l := range sh.layers() {
		if v.May(layers.UpdateRows, l, "") || v.May(layers.CreateRows, l, "") || v.May(layers.DeleteRows, l, "") {
			return true
		}
	}
	return false
}

// Sheet answers the layers that are edited together with one: itself, or the
// edges and the nodes of a network; and their model.
func (s *Service) Sheet(v layers.Viewer, layer string) (ids []string, model string, err error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, "", err
	}
	for _, l := range sh.layers() {
		ids = append(ids, l.ID)
	}
	return ids, sh.name, nil
}

// creatingIn are the collectivities in which the viewer may create records of a
// layer.
func (s *Service) creatingIn(ctx context.Context, v layers.Viewer, l *layers.Layer) ([]string, error) {
	rows, err := s.pool.Query(ctx, `select code from arpent.collectivity order by code`)
	if err != nil {
		return nil, fmt.Errorf("reading collectivities: %w", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("reading collectivities: %w", err)
	}
	return slices.DeleteFunc(codes, func(code string) bool { return !v.May(layers.CreateRows, l, code) }), nil
}

// MayEdit tells whether the viewer may change records of a layer somewhere.
func MayEdit(v layers.Viewer, l *layers.Layer) bool { return sheetOf(l).mayEdit(v) }

// Open answers the working set of the viewer for a layer.
func (s *Service) Open(ctx context.Context, v layers.Viewer, layer string) (*Set, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	return s.load(ctx, v, sh)
}

// opened is the set at the revision on which a change is based.
func (s *Service) opened(ctx context.Context, v layers.Viewer, layer string, revision int64) (*sheet, *Set, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, nil, err
	}
	set, err := s.load(ctx, v, sh)
	if err == nil && set.Revision != revision {
		err = otherWindow()
	}
	return sh, set, err
}

// Do adds an operation to the set of a revision; its coordinates are in the CRS
// of srid. It fails with a *Refusal, and changes nothing, when the operation
// cannot be done.
func (s *Service) Do(ctx context.Context, v layers.Viewer, layer string, revision int64, op Operation, srid int) (*Set, error) {
	sh, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, err
	}
	if err := sh.check(v, &op); err != nil {
		return nil, err
	}
	op = op.clone()
	if err := s.here(ctx, sh.home, srid, op.places()); err != nil {
		return nil, err
	}
	for _, shape := range op.Shapes {
		layers.SetSRID(shape, sh.home.Source.SRID)
	}
	if err := s.step(ctx, v, sh, set, op); err != nil {
		return nil, err
	}
	return set, s.appendStep(ctx, v, sh, set)
}

// check finds what is wrong with an operation that a client asks for.
func (sh *sheet) check(v layers.Viewer, op *Operation) error {
	f, known := sh.form(op.Kind)
	if op.Kind == Describe {
		f, known = form{needs: []string{"ids", "properties"}}, true
	}
	if !known || op.Kind == Regain || op.Kind == Vacate || op.Kind == Revive {
		return Lacking("kind", "is no operation on a layer whose model is "+sh.name)
	}
	if op.Layer == "" {
		op.Layer = sh.home.ID
	}
	if sh.layer(op.Layer) == nil {
		return Lacking("layer", "is not edited together with layer "+sh.home.ID)
	}
	if err := op.check(f); err != nil {
		return err
	}
	var faults []layers.Fault
	for _, f := range sh.layer(op.Layer).CheckProperties(v, op.Properties, true) {
		faults = append(faults, layers.Fault{Location: "body.operation." + f.Location, Message: f.Message, Value: f.Value})
	}
	if len(faults) > 0 {
		return &layers.Error{Kind: layers.Invalid, Detail: faults[0].Location + ": " + faults[0].Message, Faults: faults}
	}
	return nil
}

// Undo takes steps back, the last first; with a negative number it does them
// again.
func (s *Service) Undo(ctx context.Context, v layers.Viewer, layer string, revision int64, steps int) (*Set, error) {
	sh, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, err
	}
	set.Done = max(0, min(len(set.Steps), set.Done-steps))
	if set.Revision == 0 {
		return set, nil
	}
	return set, s.keepDone(ctx, v, sh, set)
}

// Discard forgets the set.
func (s *Service) Discard(ctx context.Context, v layers.Viewer, layer string, revision int64) error {
	_, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return err
	}
	return s.drop(ctx, set)
}
