package working

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Service keeps working sets.
type Service struct {
	layers *layers.Service
	pool   *pgxpool.Pool
	saving sync.Mutex // one set is saved at a time
	watch  watchers
}

// New makes the service.
func New(service *layers.Service, pool *pgxpool.Pool) *Service {
	return &Service{layers: service, pool: pool, watch: watchers{all: map[chan string]struct{}{}}}
}

// Forbidden is the kind of a refusal of an operation that would change what the
// viewer has no right to.
const Forbidden coverage.Kind = "forbidden"

// Refusal is an operation that cannot be done, with what is in the way.
type Refusal struct{ *coverage.Fault }

func (r *Refusal) Error() string { return r.Fault.Error() }

// Unwrap is the fault.
func (r *Refusal) Unwrap() error { return r.Fault }

// editable is a coverage in which the viewer may change records somewhere.
func (s *Service) editable(v layers.Viewer, layer string) (*layers.Layer, error) {
	l, err := s.layers.Catalog().Get(v, layer)
	switch {
	case err != nil:
		return nil, err
	case l.Geometry.Model != "coverage":
		return nil, layers.Errorf(layers.Invalid, "layer %s is no coverage: its file says geometry: {model: %s}", l.ID, l.Geometry.Model)
	case l.Source.Grid == 0 || l.Geometry.Z:
		return nil, layers.Errorf(layers.Invalid, "layer %s is not in a metric coordinate reference system of two dimensions: a coverage needs one", l.ID)
	case v.UserID == 0:
		return nil, layers.Errorf(layers.Unauthorized, "sign in to edit layer %s", l.ID)
	case !MayEdit(v, l):
		return nil, layers.Errorf(layers.Forbidden, "you have no right to change records of layer %s: ask an administrator", l.ID)
	}
	return l, nil
}

// MayEdit tells whether the viewer may change records of a layer somewhere.
func MayEdit(v layers.Viewer, l *layers.Layer) bool { return v.May(layers.UpdateRows, l, "") }

// Open answers the working set of the viewer for a layer.
func (s *Service) Open(ctx context.Context, v layers.Viewer, layer string) (*Set, error) {
	if _, err := s.editable(v, layer); err != nil {
		return nil, err
	}
	return s.load(ctx, v, layer)
}

// opened is the set at the revision on which a change is based.
func (s *Service) opened(ctx context.Context, v layers.Viewer, layer string, revision int64) (*layers.Layer, *Set, error) {
	l, err := s.editable(v, layer)
	if err != nil {
		return nil, nil, err
	}
	set, err := s.load(ctx, v, layer)
	if err == nil && set.Revision != revision {
		err = otherWindow()
	}
	return l, set, err
}

// Do adds an operation to the set of a revision; its coordinates are in the CRS
// of srid. It fails with a *Refusal, and changes nothing, when the operation
// cannot be done.
func (s *Service) Do(ctx context.Context, v layers.Viewer, layer string, revision int64, op Operation, srid int) (*Set, error) {
	l, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, err
	}
	if err := op.check(); err != nil {
		return nil, err
	}
	op = op.clone()
	if err := s.here(ctx, l, srid, op.points()); err != nil {
		return nil, err
	}
	if err := s.step(ctx, v, l, set, op); err != nil {
		return nil, err
	}
	return set, s.keep(ctx, v, l, set)
}

// step does an operation, in the CRS of the layer, on a set.
func (s *Service) step(ctx context.Context, v layers.Viewer, l *layers.Layer, set *Set, op Operation) error {
	var c *coverage.Coverage
	err := s.perform(ctx, v, l, set, op, &c)
	if fault, ok := errors.AsType[*coverage.Fault](err); ok {
		return &Refusal{op.placed(fault, c)}
	}
	return err
}

// perform does an operation on the coverage around it, which it reads into c.
func (s *Service) perform(ctx context.Context, v layers.Viewer, l *layers.Layer, set *Set, op Operation, c **coverage.Coverage) error {
	if err := s.near(ctx, v, l, &op); err != nil {
		return err
	}
	stored, err := s.around(ctx, v, l, set, &op)
	if err != nil {
		return err
	}
	if err := s.onGround(ctx, l, set, stored, &op); err != nil {
		return err
	}
	if *c, err = build(set, stored); err != nil {
		return err
	}
	ch, err := op.do(*c)
	if err != nil {
		return err
	}
	return s.take(v, l, set, stored, op, *c, ch)
}

// near checks that nothing is drawn far from all that the layer has.
func (s *Service) near(ctx context.Context, v layers.Viewer, l *layers.Layer, op *Operation) error {
	points := op.points()
	if len(points) == 0 {
		return nil
	}
	extent, err := s.layers.Extent(ctx, v, l.ID, l.Source.SRID)
	if err != nil || extent == nil {
		return err
	}
	around := orb.Bound{Min: orb.Point{extent.MinX, extent.MinY}, Max: orb.Point{extent.MaxX, extent.MaxY}}.Pad(farAway)
	for _, p := range points {
		if !around.Contains(*p) {
			return &coverage.Fault{Kind: coverage.TooFar, Where: *p}
		}
	}
	return nil
}

// Undo takes steps back, the last first; with a negative number it does them
// again.
func (s *Service) Undo(ctx context.Context, v layers.Viewer, layer string, revision int64, steps int) (*Set, error) {
	l, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, err
	}
	set.Done = max(0, min(len(set.Steps), set.Done-steps))
	return set, s.keep(ctx, v, l, set)
}

// Discard forgets the set.
func (s *Service) Discard(ctx context.Context, v layers.Viewer, layer string, revision int64) error {
	l, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return err
	}
	return s.drop(ctx, v, l.ID, set)
}

// onGround brings areas and widths, which people give as on the ground, to the
// plane of the layer.
func (s *Service) onGround(ctx context.Context, l *layers.Layer, set *Set, stored map[coverage.ID]Base, op *Operation) error {
	if op.Planar || len(op.Areas) == 0 && op.Width == 0 {
		return nil
	}
	b, _ := op.bound()
	square := orb.MultiPolygon{b.ToPolygon()}
	if len(op.IDs) > 0 {
		if shape := set.Present()[op.IDs[0]]; len(shape) > 0 {
			square = shape
		} else if base, ok := stored[op.IDs[0]]; ok {
			square = base.Shape
		}
	}
	shown, err := s.there(ctx, l, l.Source.SRID, []orb.Geometry{square})
	if err != nil {
		return err
	}
	if planned := math.Abs(planar.Area(square)); planned > 0 && shown[0].Area > 0 {
		scale := planned / shown[0].Area
		for i := range op.Areas {
			op.Areas[i] *= scale
		}
		op.Width *= math.Sqrt(scale)
	}
	op.Planar = true
	return nil
}

// around reads the stored features near what an operation takes, those whose
// names it takes whole.
func (s *Service) around(ctx context.Context, v layers.Viewer, l *layers.Layer, set *Set, op *Operation) (map[coverage.ID]Base, error) {
	now := set.Present()
	bound, drawn := op.bound()
	extend := func(shape orb.MultiPolygon) {
		if len(shape) > 0 && !drawn {
			bound, drawn = shape.Bound().Pad(closeBy), true
		} else if len(shape) > 0 {
			bound = bound.Union(shape.Bound().Pad(closeBy))
		}
	}
	stored := map[coverage.ID]Base{}
	var ids []string
	for _, id := range op.IDs {
		if shape, touched := now[id]; touched {
			extend(shape)
		} else {
			ids = append(ids, string(id))
		}
	}
	if len(ids) > 0 {
		if err := s.read(ctx, v, l, layers.Query{IDs: ids}, stored); err != nil {
			return nil, err
		}
		for _, base := range stored {
			extend(base.Shape)
		}
	}
	if !drawn {
		return stored, nil
	}
	box := &layers.BBox{MinX: bound.Min[0], MinY: bound.Min[1], MaxX: bound.Max[0], MaxY: bound.Max[1], SRID: l.Source.SRID}
	return stored, s.read(ctx, v, l, layers.Query{BBox: box}, stored)
}

func (s *Service) read(ctx context.Context, v layers.Viewer, l *layers.Layer, q layers.Query, into map[coverage.ID]Base) error {
	q.Limit, q.Labels = maxAtHand+1, true
	features, err := s.layers.Features(ctx, v, l.ID, q)
	if err != nil {
		return err
	}
	for f, err := range features {
		if err != nil {
			return err
		}
		if shape := polygonsOf(f.Geometry); len(shape) > 0 {
			into[coverage.ID(f.ID)] = Base{f.Version, f.Collectivity, f.Label, shape}
		}
		if len(into) > maxAtHand {
			return layers.Errorf(layers.TooLarge, "there are more than %d polygons where you draw: do it in smaller parts", maxAtHand)
		}
	}
	return nil
}

// build makes the coverage of what is stored and of what the set has changed.
func build(set *Set, stored map[coverage.ID]Base) (*coverage.Coverage, error) {
	now := set.Present()
	shapes := map[coverage.ID]orb.MultiPolygon{}
	for id, base := range stored {
		shapes[id] = base.Shape
	}
	maps.Copy(shapes, now)
	features := make([]coverage.Feature, 0, len(shapes))
	for _, id := range slices.Sorted(maps.Keys(shapes)) {
		if len(shapes[id]) > 0 {
			features = append(features, coverage.Feature{ID: id, Shape: shapes[id]})
		}
	}
	c, _, err := coverage.Build(features, coverage.Options{})
	return c, err
}

// take makes a change the next step of the set, where the viewer may.
func (s *Service) take(v layers.Viewer, l *layers.Layer, set *Set, stored map[coverage.ID]Base, op Operation, c *coverage.Coverage, ch coverage.Change) error {
	if len(ch.IDs()) == 0 {
		return &coverage.Fault{Kind: coverage.Unchanged}
	}
	st := Step{Operation: op, Before: map[coverage.ID]orb.MultiPolygon{}, After: map[coverage.ID]orb.MultiPolygon{}, From: ch.From}
	for id, shape := range ch.Before {
		st.Before[id] = c.Geometry(shape)
	}
	for id, shape := range ch.After {
		if l.Geometry.Type == "Polygon" && len(shape) > 1 {
			return &coverage.Fault{Kind: coverage.CutInTwo, IDs: []coverage.ID{id}, Where: shape[1][0][0].Orb()}
		}
		st.After[id] = c.Geometry(shape)
	}
	for _, id := range st.IDs() {
		base, is := stored[id]
		if _, known := set.Base[id]; known {
			base, is = set.Base[id], true
		}
		action := layers.UpdateRows
		switch _, stays := st.After[id]; {
		case !is:
			action, base.Collectivity = layers.CreateRows, ""
		case !stays:
			action = layers.DeleteRows
		}
		if !v.May(action, l, base.Collectivity) {
			return &coverage.Fault{Kind: Forbidden, IDs: []coverage.ID{id}}
		}
		if is {
			set.Base[id] = base
		}
	}
	set.add(st)
	set.forget()
	return nil
}

// Shapes answers shapes in the CRS of srid, in order; nil where one is gone.
func (s *Service) Shapes(ctx context.Context, v layers.Viewer, layer string, shapes []orb.MultiPolygon, srid int) ([]Shown, error) {
	l, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	all := make([]orb.Geometry, len(shapes))
	for i, shape := range shapes {
		if len(shape) > 0 {
			all[i] = shape
		}
	}
	return s.there(ctx, l, srid, all)
}

// Place answers a place in the CRS of srid.
func (s *Service) Place(ctx context.Context, v layers.Viewer, layer string, at orb.Point, srid int) (geom.T, error) {
	l, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	all, err := s.there(ctx, l, srid, []orb.Geometry{at})
	if err != nil {
		return nil, err
	}
	return all[0].Shape, nil
}
