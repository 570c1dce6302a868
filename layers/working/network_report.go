package working

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/network"
	"arpent/layers"
)

// Broken is something wrong with a network, and the operation that takes it
// away, where one does.
type Broken struct {
	Refusal
	By     *Operation     // in the CRS of the layer; nil: a person must see what is right
	Labels map[Ref]string // of its features
}

// maxBroken is how many faults of a network are told at once.
const maxBroken = 500

// Faults tells what is wrong with a network within a box, as it is with the set
// of the viewer: ends on no node, nodes on no edge, edges through a node, twice
// or without length, crossings at one level. More tells that there is more.
func (s *Service) Faults(ctx context.Context, v layers.Viewer, layer string, box layers.BBox) (all []Broken, more bool, err error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, false, err
	}
	if sh.name != "network" {
		return nil, false, layers.Errorf(layers.Invalid, "layer %s is no network: its file says geometry: {model: %s}", sh.home.ID, sh.name)
	}
	set, err := s.load(ctx, v, sh)
	if err != nil {
		return nil, false, err
	}
	asked, err := s.boundHere(ctx, sh.home, box)
	if err != nil {
		return nil, false, err
	}
	t := &task{service: s, viewer: v, sheet: sh, set: set, now: set.Present(), stored: map[Ref]Base{}}
	for _, l := range sh.layers() {
		if err := t.readWithin(ctx, l, asked.Pad(closeBy)); err != nil {
			return nil, false, err
		}
	}
	if err := t.along(ctx, asked.Pad(closeBy)); err != nil {
		return nil, false, err
	}
	_, faults, err := buildNetwork(sh, t.shapes())
	if err != nil {
		return nil, false, err
	}
	for i := range faults {
		if asked.Contains(faults[i].Where) {
			all = append(all, Broken{Refusal: *networkRefusal(sh, &faults[i]), By: mendOf(sh, &faults[i])})
		}
	}
	slices.SortStableFunc(all, func(a, b Broken) int { return cmp.Compare(a.Kind, b.Kind) })
	if more = len(all) > maxBroken; more {
		all = all[:maxBroken]
	}
	for i := range all {
		all[i].Labels = map[Ref]string{}
		for _, ref := range all[i].Features {
			all[i].Labels[ref] = t.label(ref)
		}
	}
	return all, more, nil
}

// label is what a feature is called; "" for one that is new.
func (t *task) label(ref Ref) string {
	if base, known := t.set.Base(ref); known {
		return base.Label
	}
	return t.stored[ref].Label
}

// along reads what lies along the edges that meet a box, which was read.
func (t *task) along(ctx context.Context, box orb.Bound) error {
	var all extent
	all.add(box)
	for ref, shape := range t.shapes() {
		if b, ok := boundOf(shape); ok && ref.Layer == t.sheet.home.ID && box.Intersects(b) {
			all.add(b.Pad(closeBy))
		}
	}
	if all.Bound == box {
		return nil
	}
	for _, l := range t.sheet.layers() {
		if err := t.readWithin(ctx, l, all.Bound); err != nil {
			return err
		}
	}
	return nil
}

// mendOf is the operation that takes a fault away; nil where a person must see
// what is right.
func mendOf(sh *sheet, fault *network.Fault) *Operation {
	switch fault.Kind {
	case network.Lonely:
		return &Operation{Kind: DeleteNode, From: []Position{At(fault.Where)}}
	case network.Unsplit:
		of, _ := wholeOf(fault.Edges[0])
		return &Operation{Kind: PutNode, Layer: sh.home.ID, IDs: []string{of}, To: []Position{At(fault.Where)}}
	case network.Doubled, network.ZeroLength:
		of, _ := wholeOf(fault.Edges[len(fault.Edges)-1])
		return &Operation{Kind: DeleteEdge, Layer: sh.home.ID, IDs: []string{of}}
	}
	return nil
}
