package working

import (
	"context"
	"errors"
	"slices"

	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Choice settles a conflict.
type Choice string

// The choices.
const (
	Mine   Choice = "mine"   // the feature gets back what it had when the set began, and the steps are done again upon it; of free land: others give it up
	Theirs Choice = "theirs" // their shape stays; steps that touch it are given up, the others done again upon it
)

// conflicts are about features that others have saved since the set touched
// them, and about free land that others have taken since. Bases are the features
// of the set as they were stored; current as they are.
func (s *Service) conflicts(ctx context.Context, v layers.Viewer, sh *sheet, set *Set) (bases map[Ref]Base, current map[Ref]*layers.Feature, all []Conflict, err error) {
	if current, err = s.current(ctx, v, sh, set); err != nil {
		return nil, nil, nil, err
	}
	bases, all = set.compare(current)
	for i := range all {
		all[i].Since = bases[all[i].Ref].At
		if all[i].Current == nil {
			may, err := s.mayRevive(ctx, v, sh.layer(all[i].Layer), all[i].ID)
			if err != nil {
				return nil, nil, nil, err
			}
			all[i].Lost = !may || all[i].Mine == nil
		}
	}
	sh.together(set, all)
	if sh.name != "coverage" {
		return bases, current, all, nil
	}
	for i := range all {
		base := bases[all[i].Ref].Shape
		all[i].slight = sameLand(base, all[i].Mine) || sameLand(base, all[i].Theirs())
	}
	land, err := s.landConflicts(ctx, v, sh, set)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(all) > 0 { // what would be saved beside the shapes
		w := newWriting(s, v, sh, set, bases, current)
		if err := w.complete(ctx); err != nil {
			return nil, nil, nil, err
		}
		for i := range all {
			all[i].Follows = w.followed[all[i].Ref]
		}
	}
	sh.together(set, land)
	return bases, current, append(all, land...), nil
}

// Conflicts are what keeps the set of the viewer from being saved as it is.
func (s *Service) Conflicts(ctx context.Context, v layers.Viewer, layer string) ([]Conflict, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	set, err := s.load(ctx, v, sh)
	if err != nil {
		return nil, err
	}
	_, _, all, err := s.conflicts(ctx, v, sh, set)
	return grave(all), err
}

// grave are the conflicts that somebody must settle. Others are settled by doing
// the steps again: a neighbour that only got a vertex is no matter of choice.
func grave(conflicts []Conflict) []Conflict {
	return slices.DeleteFunc(slices.Clone(conflicts), func(c Conflict) bool { return c.slight })
}

// Resolve settles all conflicts at once, each as was chosen for its feature: the
// steps are done again upon what is stored now. It answers the set and the
// steps that it had to give up. Where a conflict is left without a choice, as
// one that came meanwhile, nothing is changed and those are answered. It fails
// with a *Refusal when land cannot be taken back.
func (s *Service) Resolve(ctx context.Context, v layers.Viewer, layer string, revision int64, choices map[Ref]Choice) (set *Set, given []Step, open []Conflict, err error) {
	sh, set, err := s.opened(ctx, v, layer, revision)
	if err != nil {
		return nil, nil, nil, err
	}
	_, _, all, err := s.conflicts(ctx, v, sh, set)
	if err != nil {
		return nil, nil, nil, err
	}
	settled := map[Ref]Choice{}
	for _, c := range all {
		if settled[c.Ref], err = choiceOf(c, choices); err != nil {
			return nil, nil, nil, err
		}
		if settled[c.Ref] == "" && !c.slight {
			return set, nil, grave(all), nil
		}
	}
	again, given, err := s.again(ctx, v, sh, set, all, settled)
	if err != nil {
		return nil, nil, nil, err
	}
	return again, given, nil, s.keep(ctx, v, sh, again, 1)
}

// again does the steps of a set upon what is stored now, after what was chosen
// to be taken back. It answers those that cannot be done, or were given up.
func (s *Service) again(ctx context.Context, v layers.Viewer, sh *sheet, set *Set, conflicts []Conflict, choices map[Ref]Choice) (again *Set, given []Step, err error) {
	again = &Set{ID: set.ID, Layer: set.Layer, Revision: set.Revision, Since: set.Since}
	theirs := map[Ref]bool{}
	for _, c := range inOrder(sh, conflicts) {
		switch choices[c.Ref] {
		case Theirs:
			theirs[c.Ref] = c.Land == nil
		case Mine:
			if err := s.takeBack(ctx, v, sh, set, again, c); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, st := range set.Steps[:set.Done] {
		if touches(st, theirs) {
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
	return again, given, nil
}

// takeBack is the first step of a set done again: what the conflict is about is
// as it was when the set began. What others deleted is brought back.
func (s *Service) takeBack(ctx context.Context, v layers.Viewer, sh *sheet, set, again *Set, c Conflict) error {
	if c.Lost {
		return layers.Errorf(layers.Conflict, "feature %q was deleted, and you cannot bring it back: only theirs can be chosen", c.ID)
	}
	base, _ := set.Base(c.Ref)
	op := Operation{Kind: Vacate, Layer: c.Layer, IDs: []string{c.ID}, Planar: true}
	switch {
	case c.Land != nil:
		op.Region = polygonsOf(c.Land)
	case c.Current == nil:
		op.Kind, op.Shapes = Revive, []geom.T{base.Shape}
	default:
		op.Kind, op.Shapes = Regain, []geom.T{base.Shape}
	}
	err := s.step(ctx, v, sh, again, op)
	if revived, is := again.Base(c.Ref); err == nil && is && op.Kind == Revive {
		revived.Label = base.Label
		again.Steps[len(again.Steps)-1].Base[c.Ref] = revived
	}
	if errors.Is(err, &coverage.Fault{Kind: coverage.Unchanged}) {
		return nil
	}
	return err
}

func touches(st Step, any map[Ref]bool) bool {
	for ref := range st.After {
		if any[ref] {
			return true
		}
	}
	return false
}
