package network

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/change"
	"arpent/geo/grid"
)

// work is an operation being done: nodes and edges as they will be, over those
// of the network.
type work struct {
	n     *Network
	nodes map[ID]*Vertex // nil is gone
	edges map[ID]Line    // nil is gone
	parts map[ID][]Part
	on    map[ID]Origin
}

func (n *Network) work() *work {
	return &work{n: n, nodes: map[ID]*Vertex{}, edges: map[ID]Line{}, parts: map[ID][]Part{}, on: map[ID]Origin{}}
}

func (w *work) edge(id ID) Line {
	if l, changed := w.edges[id]; changed {
		return l
	}
	return w.n.edges[id]
}

// nodesNear answers the nodes within a distance of p, in order.
func (w *work) nodesNear(p grid.Point, reach int64) []ID {
	var ids []ID
	low, high := grid.Around([]grid.Point{p}).Wider(reach).Corners()
	w.n.nodeIndex.Search(low, high, func(_, _ [2]float64, id ID) bool {
		if _, changed := w.nodes[id]; !changed && grid.Distance(p, w.n.nodes[id].Point) <= float64(reach) {
			ids = append(ids, id)
		}
		return true
	})
	for id, v := range w.nodes {
		if v != nil && grid.Distance(p, v.Point) <= float64(reach) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// edgesNear answers the edges whose boxes meet a box, in order.
func (w *work) edgesNear(b grid.Box) []ID {
	var ids []ID
	low, high := b.Corners()
	w.n.edgeIndex.Search(low, high, func(_, _ [2]float64, id ID) bool {
		if _, changed := w.edges[id]; !changed {
			ids = append(ids, id)
		}
		return true
	})
	for id, l := range w.edges {
		if l == nil {
			continue
		}
		if c := l.box(); c.Min.X <= b.Max.X && b.Min.X <= c.Max.X && c.Min.Y <= b.Max.Y && b.Min.Y <= c.Max.Y {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// endsAt answers the edges that end at a place, a loop twice, in order.
func (w *work) endsAt(p grid.Point) []ID {
	var ids []ID
	for _, id := range w.edgesNear(grid.Around([]grid.Point{p})) {
		l := w.edge(id)
		if l.first() == p {
			ids = append(ids, id)
		}
		if l.last() == p {
			ids = append(ids, id)
		}
	}
	return ids
}

// places answers where edges may meet within a distance of p.
func (w *work) places(p grid.Point, reach int64) []grid.Point {
	var all []grid.Point
	if !w.n.implicit {
		for _, id := range w.nodesNear(p, reach) {
			all = append(all, w.node(id).Point)
		}
		return all
	}
	for _, id := range w.edgesNear(grid.Around([]grid.Point{p}).Wider(reach)) {
		l := w.edge(id)
		for _, end := range []grid.Point{l.first(), l.last()} {
			if grid.Distance(p, end) <= float64(reach) {
				all = append(all, end)
			}
		}
	}
	return all
}

func (w *work) node(id ID) Vertex {
	if v := w.nodes[id]; v != nil {
		return *v
	}
	return w.n.nodes[id]
}

// nearest answers the place nearest to p, within a distance, where edges may meet.
func (w *work) nearest(p grid.Point, reach int64) (grid.Point, bool) {
	all := w.places(p, reach)
	if len(all) == 0 {
		return p, false
	}
	return slices.MinFunc(all, func(a, b grid.Point) int {
		if da, db := grid.Distance(p, a), grid.Distance(p, b); da != db {
			if da < db {
				return -1
			}
			return 1
		}
		return a.Compare(b)
	}), true
}

// passed answers the places where edges may meet that a line goes through, or
// by within the tolerance, without ending there; in its order.
func (w *work) passed(l Line) []grid.Point {
	t := w.n.tolerance
	var found []grid.Point
	for _, p := range w.meeting(l.box().Wider(t)) {
		if grid.Distance(p, l.first()) <= float64(t) || grid.Distance(p, l.last()) <= float64(t) {
			continue
		}
		if l.foot(p).distance <= float64(t) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, grid.Point.Compare)
	return slices.Compact(found)
}

// meeting answers the places in a box where edges may meet.
func (w *work) meeting(b grid.Box) []grid.Point {
	var all []grid.Point
	if w.n.implicit {
		for _, id := range w.edgesNear(b) {
			l := w.edge(id)
			all = append(all, l.first(), l.last())
		}
		return slices.DeleteFunc(all, func(p grid.Point) bool { return !b.Contains(p) })
	}
	low, high := b.Corners()
	w.n.nodeIndex.Search(low, high, func(_, _ [2]float64, id ID) bool {
		if _, changed := w.nodes[id]; !changed {
			all = append(all, w.n.nodes[id].Point)
		}
		return true
	})
	for _, v := range w.nodes {
		if v != nil && b.Contains(v.Point) {
			all = append(all, v.Point)
		}
	}
	return all
}

// put makes sure that edges can meet at a place.
func (w *work) put(v Vertex) {
	if w.n.implicit || len(w.nodesNear(v.Point, 0)) > 0 {
		return
	}
	w.nodes[w.freshNode()] = &v
}

func (w *work) freshNode() ID {
	for k := 1; ; k++ {
		id := ID(fmt.Sprintf("node/%d", k))
		if _, used := w.nodes[id]; !used {
			if _, taken := w.n.nodes[id]; !taken {
				return id
			}
		}
	}
}

// freshEdge answers a name for an edge made of one: "12/2", "12/3".
func (w *work) freshEdge(of ID) ID {
	for k := 2; ; k++ {
		id := ID(fmt.Sprintf("%s/%d", of, k))
		if _, used := w.edges[id]; !used && w.n.edges[id] == nil {
			return id
		}
	}
}

// of answers what an edge has of those that were there before.
func (w *work) of(id ID) []Part {
	if parts, known := w.parts[id]; known {
		return parts
	}
	return Whole(id)
}

// split divides an edge at a place near it; the longer part keeps the name.
func (w *work) split(id ID, at grid.Point) {
	l, parts := w.edge(id), w.of(id)
	f := l.foot(at)
	left, right := l.cut(f, at)
	other := w.freshEdge(id)
	share := left.steps() / (left.steps() + right.steps())
	a, b := section(parts, 0, share, 0, 1), section(parts, share, 1, 0, 1)
	for nid, v := range w.nodes {
		if _, stood := w.n.nodes[nid]; !stood && v != nil && v.Point == at {
			if v.Z == NoLevel {
				v.Z = f.Z
			}
			for _, p := range parts {
				if _, known := w.on[nid]; !known && p.Start <= share && share <= p.End {
					w.on[nid] = Origin{p.Of, p.From + (p.To-p.From)*(share-p.Start)/(p.End-p.Start)}
				}
			}
		}
	}
	if left.steps() < right.steps() {
		left, right, a, b = right, left, b, a
	}
	w.edges[id], w.parts[id] = left, a
	w.edges[other], w.parts[other] = right, b
}

// settle divides the edges at nodes that they have come to lie on.
func (w *work) settle() {
	box := grid.Nowhere
	for _, l := range w.edges {
		box = box.Union(l.box())
	}
	for _, v := range w.nodes {
		if v != nil {
			box = box.With(v.Point)
		}
	}
	if box == grid.Nowhere {
		return
	}
	for _, id := range w.edgesNear(box.Wider(w.n.tolerance)) {
		for again := []ID{id}; len(again) > 0; again = again[1:] {
			before := w.before(again[0])
			for _, p := range w.passed(w.edge(again[0])) {
				if slices.Contains(before, p) {
					continue // so it was
				}
				had := maps.Clone(w.edges)
				w.split(again[0], p)
				for _, made := range slices.Sorted(maps.Keys(w.edges)) {
					if _, was := had[made]; !was || made == again[0] {
						again = append(again, made)
					}
				}
				break
			}
		}
	}
}

// before answers the places that the edges of which one is made passed.
func (w *work) before(id ID) []grid.Point {
	var all []grid.Point
	old := &work{n: w.n}
	for _, p := range w.of(id) {
		if l := w.n.edges[p.Of]; l != nil {
			all = append(all, old.passed(l)...)
		}
	}
	return all
}

// change answers what has been done, once it is sure that nothing is worse for it.
func (w *work) change() (Change, error) {
	w.settle()
	ch := Change{
		Nodes: change.Of[ID, Vertex]{Before: map[ID]Vertex{}, After: map[ID]Vertex{}},
		Edges: change.Of[ID, Line]{Before: map[ID]Line{}, After: map[ID]Line{}},
		From:  map[ID][]Part{}, On: w.on,
	}
	for id, now := range w.nodes {
		was, stood := w.n.nodes[id]
		if stood && now != nil && *now == was {
			continue
		}
		if stood {
			ch.Nodes.Before[id] = was
		}
		if now != nil {
			ch.Nodes.After[id] = *now
			for _, other := range w.nodesNear(now.Point, 0) {
				if other != id {
					return Change{}, &Fault{Kind: Taken, Where: now.Orb(), Nodes: []ID{other}}
				}
			}
		}
	}
	for id, now := range w.edges {
		was, stood := w.n.edges[id]
		if stood && now.equal(was) && whole(id, w.of(id)) {
			continue
		}
		if stood {
			ch.Edges.Before[id] = was
		}
		if now == nil {
			continue
		}
		ch.Edges.After[id] = now
		ch.keep(id, w.of(id))
		if err := w.sound(id, now, was); err != nil {
			return Change{}, err
		}
	}
	if ch.Empty() {
		return Change{}, &Fault{Kind: Unchanged}
	}
	return ch, nil
}

// sound finds what is wrong with an edge that was not wrong before.
func (w *work) sound(id ID, now, was Line) error {
	if now.steps() == 0 {
		return fault(ZeroLength, now.first(), id)
	}
	if now.first() == now.last() && len(now) < 4 {
		return fault(Loop, now.first(), id)
	}
	if where, simple := now.simple(); !simple {
		broken := false
		for _, p := range w.of(id) {
			if l := w.n.edges[p.Of]; l != nil {
				_, whole := l.simple()
				broken = broken || !whole
			}
		}
		if !broken {
			return fault(Crossed, where, id)
		}
	}
	same := func(a, b Vertex) bool { return a.Point == b.Point }
	for _, other := range w.endsAt(now.first()) {
		l := w.edge(other)
		if other != id && (slices.EqualFunc(l, now, same) || slices.EqualFunc(l, now.reversed(), same)) {
			return fault(Doubled, now.first(), id, other)
		}
	}
	if w.n.implicit {
		return nil
	}
	for _, end := range []grid.Point{now.first(), now.last()} {
		loose := len(was) > 0 && (was.first() == end || was.last() == end) && len(w.n.at[end]) == 0
		for _, p := range w.of(id) {
			if l := w.n.edges[p.Of]; l != nil && len(w.n.at[end]) == 0 && (l.first() == end || l.last() == end) {
				loose = true
			}
		}
		if !loose && len(w.nodesNear(end, 0)) == 0 {
			return fault(Loose, end, id)
		}
	}
	return nil
}

// onGrid checks what was drawn and puts it on the grid.
func (n *Network) onGrid(p Position) (Vertex, error) {
	if !finite(p) {
		return Vertex{}, &Fault{Kind: NotFinite}
	}
	v := snap(p)
	if grid.Far(p.Flat()) || !n.extent().Wider(grid.Reach/4).Contains(v.Point) && n.extent() != grid.Nowhere {
		return Vertex{}, &Fault{Kind: TooFar, Where: p.Flat()}
	}
	return v, nil
}

func (n *Network) extent() grid.Box {
	b := grid.Nowhere
	if len(n.nodes) > 0 {
		b = b.Union(boxed(n.nodeIndex.Bounds()))
	}
	if len(n.edges) > 0 {
		b = b.Union(boxed(n.edgeIndex.Bounds()))
	}
	return b
}

func boxed(low, high [2]float64) grid.Box {
	at := func(p [2]float64) grid.Point { return grid.Snap(orb.Point{p[0] / grid.PerMetre, p[1] / grid.PerMetre}) }
	return grid.Box{Min: at(low), Max: at(high)}
}
