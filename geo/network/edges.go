package network

import (
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Reverse turns edges round.
func (n *Network) Reverse(ids ...ID) (Change, error) {
	w := n.work()
	for _, id := range ids {
		l := n.edges[id]
		if l == nil {
			return Change{}, &Fault{Kind: Unknown, Edges: []ID{id}}
		}
		w.edges[id], w.parts[id] = l.reversed(), section(Whole(id), 1, 0, 0, 1)
	}
	return w.change()
}

// Draw adds edges along a line. Its ends go to the node within the tolerance,
// or else to the edge that near, which is divided there; where there is neither,
// a node is made. At nodes that the line passes it is divided.
func (n *Network) Draw(line []Position) (Change, error) {
	l, err := n.lineOnGrid(line)
	if err != nil {
		return Change{}, err
	}
	w := n.work()
	for _, i := range []int{0, len(l) - 1} {
		l[i] = w.end(l[i])
		w.put(l[i])
	}
	w.draw(l)
	return w.change()
}

// end answers where an edge that was drawn to v ends.
func (w *work) end(v Vertex) Vertex {
	if p, found := w.nearest(v.Point, w.n.tolerance); found {
		v.Point = p
	} else if _, f, found := w.nearestEdge(v.Point, float64(w.n.tolerance), nil); found {
		v.Point = f.Point
		if v.Z == NoLevel {
			v.Z = f.Z
		}
	}
	return v
}

// draw adds an edge that has nothing of others.
func (w *work) draw(l Line) {
	id := w.freshEdge("edge")
	w.edges[id], w.parts[id] = l, nil
}

// Connect draws the shortest edge from a place to the nearest edge, within some
// metres, among those named (all when none is), and divides that edge where it
// meets. A node no further from there than prefer, in metres, is taken instead.
// It fails with Missed when no edge is that near.
func (n *Network) Connect(from Position, within, prefer float64, to ...ID) (Change, error) {
	v, err := n.onGrid(from)
	if err != nil {
		return Change{}, err
	}
	for _, id := range to {
		if n.edges[id] == nil {
			return Change{}, &Fault{Kind: Unknown, Edges: []ID{id}}
		}
	}
	w := n.work()
	id, f, found := w.nearestEdge(v.Point, within*grid.PerMetre, to)
	if !found {
		return Change{}, fault(Missed, v.Point)
	}
	v = w.end(v)
	meet := f.Vertex
	l := n.edges[id]
	split := true
	for _, end := range []Vertex{l[0], l[len(l)-1]} {
		if grid.Distance(f.Point, end.Point) <= max(float64(n.tolerance), prefer*grid.PerMetre) &&
			(split || grid.Distance(f.Point, end.Point) < grid.Distance(f.Point, meet.Point)) {
			meet, split = end, false
		}
	}
	if v.Point == meet.Point {
		return Change{}, fault(ZeroLength, v.Point, id)
	}
	w.put(v)
	w.put(meet)
	if split {
		w.split(id, meet.Point)
	}
	w.draw(Line{v, meet})
	return w.change()
}

// DeleteEdge takes an edge away. When it heals, the nodes at its ends go too
// where no edge is left, and two edges that are left there become one.
func (n *Network) DeleteEdge(id ID, heal bool) (Change, error) {
	l := n.edges[id]
	if l == nil {
		return Change{}, &Fault{Kind: Unknown, Edges: []ID{id}}
	}
	w := n.work()
	w.edges[id] = nil
	for _, end := range slices.Compact([]grid.Point{l.first(), l.last()}) {
		if !heal {
			break
		}
		switch ids := w.endsAt(end); {
		case len(ids) == 0:
			for _, node := range w.nodesNear(end, 0) {
				w.nodes[node] = nil
			}
		case len(ids) == 2 && ids[0] != ids[1]:
			if err := w.merge(end); err != nil {
				return Change{}, err
			}
		}
	}
	return w.change()
}

// MoveVertex moves the vertex of an edge nearest to a place, within the
// tolerance. An end goes to another node, or an edge that is divided there, and
// leaves the others at its node; where there is neither a node is made.
func (n *Network) MoveVertex(id ID, at orb.Point, to Position) (Change, error) {
	i, err := n.vertex(id, at)
	if err != nil {
		return Change{}, err
	}
	v, err := n.onGrid(to)
	if err != nil {
		return Change{}, err
	}
	w := n.work()
	l := slices.Clone(n.edges[id])
	if v.Z == NoLevel {
		v.Z = l[i].Z
	}
	if i == 0 || i == len(l)-1 {
		w.edges[id] = nil // it does not end on itself
		v = w.end(v)
		w.put(v)
	}
	l[i] = v
	w.edges[id] = l.compact()
	return w.change()
}

// vertex answers which vertex of an edge is nearest to a place, within the
// tolerance.
func (n *Network) vertex(id ID, at orb.Point) (int, error) {
	p, err := n.onGrid(At(at))
	if err != nil {
		return 0, err
	}
	l := n.edges[id]
	if l == nil {
		return 0, &Fault{Kind: Unknown, Edges: []ID{id}}
	}
	nearest := 0
	for i, v := range l {
		if grid.Distance(p.Point, v.Point) < grid.Distance(p.Point, l[nearest].Point) {
			nearest = i
		}
	}
	if grid.Distance(p.Point, l[nearest].Point) > float64(n.tolerance) {
		return 0, fault(Missed, p.Point, id)
	}
	return nearest, nil
}

// InsertVertex puts a vertex on an edge, at the place of it nearest to another.
// It fails with Missed when that is further than the reach given, in metres, and
// with HasVertex when there is a vertex already.
func (n *Network) InsertVertex(id ID, at orb.Point, within float64) (Change, error) {
	p, err := n.onGrid(At(at))
	if err != nil {
		return Change{}, err
	}
	l := n.edges[id]
	if l == nil {
		return Change{}, &Fault{Kind: Unknown, Edges: []ID{id}}
	}
	f := l.foot(p.Point)
	if f.distance > max(1, within*grid.PerMetre) {
		return Change{}, fault(Missed, p.Point, id)
	}
	if f.Point == l[f.segment].Point || f.Point == l[f.segment+1].Point {
		return Change{}, fault(HasVertex, f.Point, id)
	}
	w := n.work()
	w.edges[id] = slices.Insert(slices.Clone(l), f.segment+1, f.Vertex)
	return w.change()
}

// RemoveVertex takes the vertex nearest to a place, within the tolerance, out of
// an edge. It fails with TooFew at an end.
func (n *Network) RemoveVertex(id ID, at orb.Point) (Change, error) {
	i, err := n.vertex(id, at)
	if err != nil {
		return Change{}, err
	}
	l := n.edges[id]
	if i == 0 || i == len(l)-1 {
		return Change{}, fault(TooFew, l[i].Point, id)
	}
	w := n.work()
	w.edges[id] = slices.Delete(slices.Clone(l), i, i+1)
	return w.change()
}
