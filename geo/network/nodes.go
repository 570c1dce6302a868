package network

import (
	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// MoveNode moves the node at a place, within the tolerance, and the ends of the
// edges that meet there. Put on an edge it divides it. Without a level it keeps
// its own; with one, the ends that were on its level take the new one too.
//
// It fails with Missed when there is no node, with Taken where another one is
// (those of an implicit network come together), and with ZeroLength, Loop,
// Crossed or Doubled when an edge would be that.
func (n *Network) MoveNode(at orb.Point, to Position) (Change, error) {
	from, err := n.place(at)
	if err != nil {
		return Change{}, err
	}
	target, err := n.onGrid(to)
	if err != nil {
		return Change{}, err
	}
	w := n.work()
	if p, found := w.nearest(target.Point, n.tolerance); found && p != from {
		target.Point = p
	}
	levels := map[int64]bool{}
	for _, id := range n.at[from] {
		now := n.nodes[id]
		levels[now.Z] = true
		now.Point = target.Point
		if target.Z != NoLevel {
			now.Z = target.Z
		}
		w.nodes[id] = &now
	}
	if len(w.nodes) > 1 { // two at one place are apart from now on: one is left
		kept := first(n.at[from])
		for id := range w.nodes {
			if id != kept {
				delete(w.nodes, id)
			}
		}
	}
	for _, id := range n.ends[from] {
		l := append(Line(nil), n.edges[id]...)
		for _, i := range []int{0, len(l) - 1} {
			if n.edges[id][i].Point != from {
				continue
			}
			l[i].Point = target.Point
			if target.Z != NoLevel && levels[n.edges[id][i].Z] {
				l[i].Z = target.Z
			}
		}
		w.edges[id] = l.compact()
	}
	return w.change()
}

// place answers the place nearest to at, within the tolerance, where edges meet
// or a node is.
func (n *Network) place(at orb.Point) (grid.Point, error) {
	v, err := n.onGrid(At(at))
	if err != nil {
		return grid.Point{}, err
	}
	p, found := n.work().nearest(v.Point, n.tolerance)
	if !found {
		return p, fault(Missed, v.Point)
	}
	return p, nil
}

// PutNode puts a node on the edge nearest to a place and divides the edge there;
// the longer part keeps the name. Only some edges are looked at when they are
// named. It fails with Missed when none is within the reach given, in metres,
// and with Taken when there is a node already.
func (n *Network) PutNode(at Position, within float64, only ...ID) (Change, error) {
	v, err := n.onGrid(at)
	if err != nil {
		return Change{}, err
	}
	w := n.work()
	id, f, found := w.nearestEdge(v.Point, max(1, within*grid.PerMetre), only)
	if !found {
		return Change{}, fault(Missed, v.Point)
	}
	l := n.edges[id]
	for _, end := range []grid.Point{l.first(), l.last()} {
		if grid.Distance(f.Point, end) <= float64(n.tolerance) {
			return Change{}, &Fault{Kind: Taken, Where: end.Orb(), Nodes: n.at[end], Edges: []ID{id}}
		}
	}
	if v.Z == NoLevel {
		v.Z = f.Z
	}
	if p, stands := w.nearest(f.Point, w.n.tolerance); stands {
		f.Point = p // the edge went on through that node
	}
	w.put(Vertex{f.Point, v.Z})
	w.split(id, f.Point)
	return w.change()
}

// nearestEdge answers the edge nearest to p, within some steps, among those
// named; all when none is.
func (w *work) nearestEdge(p grid.Point, within float64, only []ID) (id ID, best foot, found bool) {
	ids := only
	if len(only) == 0 {
		ids = w.edgesNear(grid.Around([]grid.Point{p}).Wider(int64(within) + 1))
	}
	for _, other := range ids {
		l := w.edge(other)
		if l.steps() == 0 {
			continue
		}
		if f := l.foot(p); f.distance <= within && (!found || f.distance < best.distance) {
			id, best, found = other, f, true
		}
	}
	return id, best, found
}

// MergeThrough makes one edge of the two that meet at the node at a place, and
// takes the node away. The longer one keeps its name and its direction; the
// other is turned round where they were drawn against each other. It fails with
// Degree when not two edges meet there, or it is one that runs back to it.
func (n *Network) MergeThrough(at orb.Point) (Change, error) {
	p, err := n.place(at)
	if err != nil {
		return Change{}, err
	}
	w := n.work()
	if err := w.merge(p); err != nil {
		return Change{}, err
	}
	return w.change()
}

func (w *work) merge(p grid.Point) error {
	ids := w.endsAt(p)
	if len(ids) != 2 || ids[0] == ids[1] {
		return &Fault{Kind: Degree, Where: p.Orb(), Nodes: w.nodesNear(p, 0), Edges: ids}
	}
	kept, other := ids[0], ids[1]
	if w.edge(other).steps() > w.edge(kept).steps() {
		kept, other = other, kept
	}
	a, b := w.edge(kept), w.edge(other)
	pa, pb := w.of(kept), w.of(other)
	if (a.last() == p) != (b.first() == p) {
		b, pb = b.reversed(), section(pb, 1, 0, 0, 1)
	}
	if a.last() == p {
		w.edges[kept], w.parts[kept] = chained(a, b, pa, pb, true)
	} else {
		w.edges[kept], w.parts[kept] = chained(b, a, pb, pa, false)
	}
	w.edges[other] = nil
	for _, id := range w.nodesNear(p, 0) {
		w.nodes[id] = nil
	}
	return nil
}

// chained answers two lines one after the other. Where their levels differ, that
// of the first or the second holds.
func chained(a, b Line, pa, pb []Part, ofFirst bool) (Line, []Part) {
	share := a.steps() / (a.steps() + b.steps())
	joint := a[len(a)-1]
	if !ofFirst && b[0].Z != NoLevel || joint.Z == NoLevel {
		joint = b[0]
	}
	line := append(append(Line{}, a[:len(a)-1]...), joint)
	line = append(line, b[1:]...)
	return line, joined(append(section(pa, 0, 1, 0, share), section(pb, 0, 1, share, 1)...))
}

// DeleteNode takes away the node at a place. When it heals, the two edges that
// meet there become one, as in [Network.MergeThrough]; else the edges that end
// there go too.
func (n *Network) DeleteNode(at orb.Point, heal bool) (Change, error) {
	p, err := n.place(at)
	if err != nil {
		return Change{}, err
	}
	w := n.work()
	ends := n.ends[p]
	if heal && len(ends) > 0 {
		if err := w.merge(p); err != nil {
			return Change{}, err
		}
		return w.change()
	}
	for _, id := range ends {
		w.edges[id] = nil
	}
	for _, id := range n.at[p] {
		w.nodes[id] = nil
	}
	return w.change()
}
