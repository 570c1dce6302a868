package working

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Conflict is a feature that somebody else has saved since the set touched it.
type Conflict struct {
	ID      coverage.ID
	Mine    orb.MultiPolygon // nil: the set takes it away
	Current *layers.Feature  // nil: it was deleted
}

// Theirs is the shape that is stored now; nil when it was deleted.
func (c Conflict) Theirs() orb.MultiPolygon {
	if c.Current == nil {
		return nil
	}
	return polygonsOf(c.Current.Geometry)
}

// Saved is what became of a set.
type Saved struct {
	Changed, Created, Deleted int
	// IDs are the identifiers that new polygons were given.
	IDs map[coverage.ID]string
	// Conflicts keep the set from being saved: nothing was.
	Conflicts []Conflict
}

// Save stores all that the set changes in one transaction, and ends the set.
// Where others have saved a shape since, nothing is stored and the conflicts are
// answered; what they changed beside the shape stays as they left it.
func (s *Service) Save(ctx context.Context, v layers.Viewer, layer string, revision int64) (*Saved, error) {
	release, err := s.turn(ctx, layer)
	if err != nil {
		return nil, err
	}
	defer release()
	l, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, err
	}
	current, err := s.current(ctx, v, l, set)
	if err != nil {
		return nil, err
	}
	conflicts := set.compare(current)
	if len(conflicts) > 0 {
		return &Saved{Conflicts: conflicts}, nil
	}
	w := writing{service: s, viewer: v, layer: l, set: set, current: current, now: set.Present(), saved: &Saved{IDs: map[coverage.ID]string{}}}
	edits, err := w.edits(ctx)
	if err != nil {
		return nil, err
	}
	result, err := s.layers.Transact(ctx, v, layers.Transaction{Edits: edits, Cause: set.cause()})
	if err != nil {
		return nil, err
	}
	for i, id := range w.created {
		w.saved.IDs[id] = result.Edits[len(edits)-len(w.created)+i].ID
	}
	// The edits are stored, whatever becomes of the request now.
	return w.saved, s.drop(context.WithoutCancel(ctx), v, l.ID, set)
}

// turn waits until no other set of the layer is being saved, by any server: so
// numbers are given once, and no set is saved twice. A process waits for one
// turn at a time, so that it keeps connections for who has it.
func (s *Service) turn(ctx context.Context, layer string) (release func(), err error) {
	s.saving.Lock()
	tx, err := s.pool.Begin(ctx)
	if err == nil {
		_, err = tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('arpent.working:' || $1, 0))`, layer)
	}
	if err != nil {
		if tx != nil {
			_ = tx.Rollback(context.WithoutCancel(ctx))
		}
		s.saving.Unlock()
		return nil, fmt.Errorf("waiting to save a working set: %w", err)
	}
	return func() {
		_ = tx.Rollback(context.WithoutCancel(ctx)) // it has written nothing
		s.saving.Unlock()
	}, nil
}

func (set *Set) cause() string { return fmt.Sprintf("session %d", set.ID) }

// done tells whether the set was saved already.
func (s *Service) done(ctx context.Context, set *Set) (bool, error) {
	var done bool
	err := s.pool.QueryRow(ctx, `select exists (select from arpent.history where cause = $1)`, set.cause()).Scan(&done)
	if err != nil {
		return false, fmt.Errorf("asking whether a working set was saved: %w", err)
	}
	return done, nil
}

// current reads the features that the set touches as they are stored now.
func (s *Service) current(ctx context.Context, v layers.Viewer, l *layers.Layer, set *Set) (map[coverage.ID]*layers.Feature, error) {
	ids := make([]string, 0, len(set.Base))
	for id := range set.Base {
		ids = append(ids, string(id))
	}
	found := make(map[coverage.ID]*layers.Feature, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	features, err := s.layers.Features(ctx, v, l.ID, layers.Query{IDs: ids})
	if err != nil {
		return nil, err
	}
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		found[coverage.ID(f.ID)] = f
	}
	return found, nil
}

// compare answers the features whose shapes others have saved since. Where only
// other fields differ the set is from now on based on what is stored.
func (set *Set) compare(current map[coverage.ID]*layers.Feature) []Conflict {
	now := set.Present()
	var conflicts []Conflict
	for _, id := range slices.Sorted(maps.Keys(now)) {
		base, stored := set.Base[id]
		f := current[id]
		switch {
		case !stored, f != nil && f.Version == base.Version:
		case f != nil && polygonsOf(f.Geometry).Equal(base.Shape):
			base.Version = f.Version
			set.Base[id] = base
		default:
			conflicts = append(conflicts, Conflict{ID: id, Mine: now[id], Current: f})
		}
	}
	return conflicts
}

// Choice settles a conflict.
type Choice string

// The choices.
const (
	Mine   Choice = "mine"   // the feature gets back the land it had when the set began, and the steps are done again upon it
	Theirs Choice = "theirs" // their shape stays; steps that touch it are given up, the others done again upon it
)

// Resolve settles the conflict about one feature. It answers the set and the
// steps that it had to give up.
func (s *Service) Resolve(ctx context.Context, v layers.Viewer, layer string, revision int64, id coverage.ID, choice Choice) (*Set, []Step, error) {
	l, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, nil, err
	}
	base, known := set.Base[id]
	if !known {
		return nil, nil, layers.Errorf(layers.NotFound, "these edits do not touch feature %q", id)
	}
	current, err := s.current(ctx, v, l, set)
	if err != nil {
		return nil, nil, err
	}
	again := &Set{ID: set.ID, Revision: set.Revision, Since: set.Since, document: document{Base: map[coverage.ID]Base{}}}
	if choice == Mine {
		if current[id] == nil {
			return nil, nil, layers.Errorf(layers.Conflict, "feature %q was deleted: only theirs can be chosen", id)
		}
		regain := Operation{Kind: Regain, IDs: []coverage.ID{id}, Region: base.Shape, Planar: true}
		if err := s.step(ctx, v, l, again, regain); err != nil && !errors.Is(err, &coverage.Fault{Kind: coverage.Unchanged}) {
			return nil, nil, err
		}
	}
	var given []Step
	for _, st := range set.Steps[:set.Done] {
		if choice == Theirs && slices.Contains(st.IDs(), id) || s.step(ctx, v, l, again, st.Operation) != nil {
			given = append(given, st)
		}
	}
	return again, given, s.keep(ctx, v, l, again)
}
