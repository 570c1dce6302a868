package working

import (
	"context"
	"errors"

	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Choice settles a conflict.
type Choice string

// The choices.
const (
	Mine   Choice = "mine"   // the feature gets back what it had when the set began, and the steps are done again upon it
	Theirs Choice = "theirs" // their shape stays; steps that touch it are given up, the others done again upon it
)

// Resolve settles the conflict about one feature. It answers the set and the
// steps that it had to give up.
func (s *Service) Resolve(ctx context.Context, v layers.Viewer, layer string, revision int64, ref Ref, choice Choice) (*Set, []Step, error) {
	sh, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, nil, err
	}
	if ref.Layer == "" {
		ref.Layer = sh.home.ID
	}
	base, known := set.Base(ref)
	if !known {
		return nil, nil, layers.Errorf(layers.NotFound, "these edits do not touch feature %q", ref.ID)
	}
	again := &Set{ID: set.ID, Layer: set.Layer, Revision: set.Revision, Since: set.Since}
	if choice == Mine {
		now := map[Ref]*layers.Feature{}
		if err := s.readInto(ctx, v, ref.Layer, layers.Query{IDs: []string{ref.ID}}, now); err != nil {
			return nil, nil, err
		}
		if now[ref] == nil {
			return nil, nil, layers.Errorf(layers.Conflict, "feature %q was deleted: only theirs can be chosen", ref.ID)
		}
		op := Operation{Kind: Regain, Layer: ref.Layer, IDs: []string{ref.ID}, Shapes: []geom.T{base.Shape}, Planar: true}
		if err := s.step(ctx, v, sh, again, op); err != nil && !errors.Is(err, &coverage.Fault{Kind: coverage.Unchanged}) {
			return nil, nil, err
		}
	}
	var given []Step
	for _, st := range set.Steps[:set.Done] {
		if _, touched := st.After[ref]; choice == Theirs && touched {
			given = append(given, st)
			continue
		}
		err := s.step(ctx, v, sh, again, st.Operation)
		if _, refused := errors.AsType[*Refusal](err); refused || layers.KindOf(err) != "" {
			given = append(given, st)
		} else if err != nil {
			return nil, nil, err
		}
	}
	return again, given, s.keep(ctx, v, sh, again, 1)
}
