package working

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// Saved is what became of a set.
type Saved struct {
	Changed, Created, Deleted int
	// IDs are the identifiers that new features were given.
	IDs map[Ref]string
	// Conflicts keep the set from being saved: nothing was.
	Conflicts []Conflict
	// Faults too: records that break a rule of their layer, each with the field.
	Faults []Fault
}

// Fault is what keeps a feature from being saved as it is.
type Fault struct {
	Ref
	Field   string // "" for the shape or the whole record
	Message string
}

// Save stores all that the set changes in one transaction, and ends the set.
// Where others have saved a shape since, or a record breaks a rule, nothing is
// stored and the conflicts and faults are answered; what others changed beside
// the shape stays as they left it.
func (s *Service) Save(ctx context.Context, v layers.Viewer, layer string, revision int64) (*Saved, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	release, err := s.turn(ctx, sh.home.ID)
	if err != nil {
		return nil, err
	}
	defer release()
	_, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, err
	}
	bases, current, conflicts, err := s.conflicts(ctx, v, sh, set)
	if err != nil {
		return nil, err
	}
	if len(conflicts) > 0 && len(grave(conflicts)) == 0 {
		again, given, err := s.again(ctx, v, sh, set, nil, nil)
		if err != nil {
			return nil, err
		}
		if len(given) == 0 {
			set = again
			if err := s.keep(ctx, v, sh, set, 1); err != nil {
				return nil, err
			}
			if bases, current, conflicts, err = s.conflicts(ctx, v, sh, set); err != nil {
				return nil, err
			}
		}
		if len(given) > 0 || len(conflicts) > 0 {
			return &Saved{Conflicts: conflicts}, nil
		}
	}
	if conflicts = grave(conflicts); len(conflicts) > 0 {
		return &Saved{Conflicts: conflicts}, nil
	}
	w := newWriting(s, v, sh, set, bases, current)
	edits, err := w.edits(ctx)
	if err != nil {
		return nil, err
	}
	result, err := s.layers.Transact(ctx, v, layers.Transaction{Edits: edits, Cause: set.cause()})
	if err != nil {
		if faults := w.faults(err); len(faults) > 0 {
			return &Saved{Faults: faults}, nil
		}
		return nil, err
	}
	for ref, index := range w.created {
		w.saved.IDs[ref] = result.Edits[index].ID
	}
	// The edits are stored, whatever becomes of the request now.
	return w.saved, s.forget(context.WithoutCancel(ctx), set)
}

// faults are those of an error that are about features; none where it is
// about something else.
func (w *writing) faults(err error) []Fault {
	problem, ok := errors.AsType[*layers.Error](err)
	if !ok || problem.Kind != layers.Invalid {
		return nil
	}
	var all []Fault
	for _, f := range problem.Faults {
		at, rest, _ := strings.Cut(f.Location, ".")
		ref, known := w.at[at]
		if !known {
			return nil
		}
		field, _ := strings.CutPrefix(rest, "properties.")
		if rest == "geometry" {
			field = ""
		}
		all = append(all, Fault{ref, field, f.Message})
	}
	return all
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

// current reads the features that the set touches as they are stored now; those
// that it brings back as they were deleted.
func (s *Service) current(ctx context.Context, v layers.Viewer, sh *sheet, set *Set) (map[Ref]*layers.Feature, error) {
	ids := map[string][]string{}
	for ref := range set.Bases() {
		ids[ref.Layer] = append(ids[ref.Layer], ref.ID)
	}
	found := map[Ref]*layers.Feature{}
	for layer := range ids {
		if err := s.readInto(ctx, v, layer, layers.Query{IDs: ids[layer]}, found); err != nil {
			return nil, err
		}
	}
	return found, s.revived(ctx, v, sh, set, found)
}

// readInto reads features into a map.
func (s *Service) readInto(ctx context.Context, v layers.Viewer, layer string, q layers.Query, into map[Ref]*layers.Feature) error {
	features, err := s.layers.Features(ctx, v, layer, q)
	if err != nil {
		return err
	}
	for f, err := range features {
		if err != nil {
			return err
		}
		into[Ref{layer, f.ID}] = f
	}
	return nil
}

// compare answers the features whose shapes others have saved since, and those
// that the set touches as they were stored when it did. Where only other fields
// differ the set is based on what is stored now.
func (set *Set) compare(current map[Ref]*layers.Feature) (map[Ref]Base, []Conflict) {
	now, bases := set.Present(), set.Bases()
	var conflicts []Conflict
	for _, ref := range ordered(now) {
		base, stored := bases[ref]
		f := current[ref]
		switch {
		case !stored, f != nil && f.Version == base.Version:
		case f != nil && same(f.Geometry, base.Shape):
			base.Version, base.Revived = f.Version, 0 // somebody else may have brought it back
			bases[ref] = base
		default:
			conflicts = append(conflicts, Conflict{Ref: ref, Mine: now[ref], Current: f})
		}
	}
	return bases, conflicts
}

// Conflict is a feature that somebody else has saved since the set touched it,
// or that has land which was free when the set drew on it.
type Conflict struct {
	Ref
	Mine    geom.T          // nil: the set takes it away; of land what the set has there
	Current *layers.Feature // nil: it was deleted
	Land    geom.T          // that both have; nil: both have changed the feature
	Since   time.Time       // when the set first touched the feature; zero of land
	Follows map[string]any  // properties that the set would change with the shape
	// With is the one of the conflicts with which it is settled by one choice:
	// itself, but where features of a network were changed by one step.
	With Ref
	// Lost tells that it was deleted, and that the viewer cannot bring it back:
	// only theirs can be chosen.
	Lost   bool
	slight bool // one of the two has but a vertex more, or less, on the same land
}

// Theirs is the shape that is stored now; nil when it was deleted.
func (c Conflict) Theirs() geom.T {
	if c.Current == nil {
		return nil
	}
	return c.Current.Geometry
}
