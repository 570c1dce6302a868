package working

import (
	"context"
	"slices"
	"time"

	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Revive is how a conflict about a feature that others deleted is settled in
// favour of the set: the first of IDs is there again, with the first of Shapes
// and all that it had when it was deleted.
const Revive Kind = "revive"

// Gone is the kind of a refusal to revive a feature of whose deletion nothing is
// known.
const Gone = "gone"

// deletion is what a feature was when it was deleted, and which change of its
// history did that; nil where it is there, or history does not know.
func (s *Service) deletion(ctx context.Context, v layers.Viewer, l *layers.Layer, id string) (*layers.HistoryEntry, error) {
	entries, err := s.layers.History(ctx, v, l.ID, id, l.Source.SRID)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	if last := entries[0]; last.Op == "delete" && last.OldGeometry != nil {
		return &last, nil
	}
	return nil, nil
}

// mayRevive tells whether the viewer may bring back a feature that others have
// deleted.
func (s *Service) mayRevive(ctx context.Context, v layers.Viewer, l *layers.Layer, id string) (bool, error) {
	last, err := s.deletion(ctx, v, l, id)
	return last != nil && v.May(layers.CreateRows, l, last.Collectivity), err
}

// revived reads deleted features as they were into those that are stored, for
// what the set brings back.
func (s *Service) revived(ctx context.Context, v layers.Viewer, sh *sheet, set *Set, found map[Ref]*layers.Feature) error {
	for ref, base := range set.Bases() {
		if base.Revived == 0 || found[ref] != nil {
			continue
		}
		last, err := s.deletion(ctx, v, sh.layer(ref.Layer), ref.ID)
		if err != nil {
			return err
		}
		if last != nil && last.ID == base.Revived {
			found[ref] = &layers.Feature{ID: ref.ID, Collectivity: last.Collectivity, Label: base.Label, Properties: last.Old, Geometry: fitted(sh.layer(ref.Layer), last.OldGeometry)}
		}
	}
	return nil
}

// revive brings a deleted feature back: an edge with the nodes that it named, a
// polygon with its land, out of whoever has it now.
func (t *task) revive(ctx context.Context) (outcome, error) {
	out := newOutcome()
	ref := t.op.refs()[0]
	old, err := t.undelete(ctx, ref)
	if err != nil {
		return out, err
	}
	shape := fitted(t.sheet.layer(ref.Layer), t.op.Shapes[0])
	if t.sheet.name == "coverage" {
		return t.reviveLand(ctx, ref, shape)
	}
	out.after[ref] = shape
	g := t.sheet.home.Geometry
	if t.sheet.nodes == nil || ref.Layer != t.sheet.home.ID {
		return out, nil
	}
	for _, name := range []string{g.From, g.To} {
		node := Ref{t.sheet.nodes.ID, textOf(old.Old[name])}
		if node.ID == "" || t.now[node] != nil {
			continue
		}
		if err := t.read(ctx, t.sheet.nodes, layers.Query{IDs: []string{node.ID}}); err != nil {
			return out, err
		}
		if _, stands := t.stored[node]; stands {
			continue
		}
		if _, err := t.undelete(ctx, node); err != nil {
			return out, err
		}
		out.after[node] = t.stored[node].Shape
	}
	return out, nil
}

// undelete takes a deleted feature for one that is stored, without a shape as
// yet.
func (t *task) undelete(ctx context.Context, ref Ref) (*layers.HistoryEntry, error) {
	l := t.sheet.layer(ref.Layer)
	if err := t.read(ctx, l, layers.Query{IDs: []string{ref.ID}}); err != nil {
		return nil, err
	}
	if _, stands := t.stored[ref]; stands {
		return nil, &coverage.Fault{Kind: coverage.Unchanged, IDs: []coverage.ID{coverage.ID(ref.ID)}}
	}
	last, err := t.service.deletion(ctx, t.viewer, l, ref.ID)
	if err != nil {
		return nil, err
	}
	if last == nil {
		return nil, &Refusal{Kind: Gone, Features: []Ref{ref}}
	}
	t.stored[ref] = Base{Collectivity: last.Collectivity, At: time.Now(), Shape: fitted(l, last.OldGeometry), Revived: last.ID}
	t.now[ref] = nil
	return last, nil
}

func (t *task) reviveLand(ctx context.Context, ref Ref, shape geom.T) (outcome, error) {
	var box extent
	box.shape(shape, closeBy)
	if err := t.readWithin(ctx, t.sheet.home, box.Bound); err != nil {
		return outcome{}, err
	}
	c, _, err := t.coverage()
	if err != nil {
		return outcome{}, err
	}
	ch, err := c.Lay(polygonsOf(shape), coverage.ID(ref.ID), coverage.Laying{Taken: true, Free: true, Slivers: true})
	if err != nil {
		return outcome{}, err
	}
	out, err := t.ofCoverage(c, ch)
	delete(out.new, ref)
	return out, err
}

// inOrder are conflicts in the order in which they are settled in favour of the
// set: nodes are brought back first, and edges that end on them last.
func inOrder(sh *sheet, conflicts []Conflict) []Conflict {
	rank := func(c Conflict) int {
		switch {
		case c.Current != nil:
			return 1
		case sh.nodes != nil && c.Layer == sh.nodes.ID:
			return 0
		}
		return 2
	}
	ordered := slices.Clone(conflicts)
	slices.SortStableFunc(ordered, func(a, b Conflict) int { return rank(a) - rank(b) })
	return ordered
}
