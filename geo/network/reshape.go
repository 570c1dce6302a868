package network

import (
	"math"
	"slices"

	"arpent/geo/grid"
)

// Reroute gives an edge another way. Its ends go to the node within the
// tolerance, or else to the edge that near, which is divided there; where there
// is neither, a node is made. Vertices without a level keep the one that the
// edge had there.
func (n *Network) Reroute(id ID, line []Position) (Change, error) {
	old := n.edges[id]
	if old == nil {
		return Change{}, &Fault{Kind: Unknown, Edges: []ID{id}}
	}
	l, err := n.lineOnGrid(line)
	if err != nil {
		return Change{}, err
	}
	for i := range l {
		if k := slices.IndexFunc(old, func(v Vertex) bool { return v.Point == l[i].Point }); k >= 0 && l[i].Z == NoLevel {
			l[i].Z = old[k].Z
		}
	}
	w := n.work()
	w.edges[id] = nil // it does not end on itself
	for _, i := range []int{0, len(l) - 1} {
		l[i] = w.end(l[i])
		w.put(l[i])
	}
	w.edges[id] = l.compact()
	return w.change()
}

// lineOnGrid puts a line that was drawn on the grid; it has two vertices at least.
func (n *Network) lineOnGrid(line []Position) (Line, error) {
	var l Line
	for _, p := range line {
		v, err := n.onGrid(p)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	if l = l.compact(); len(l) < 2 {
		f := &Fault{Kind: TooFew}
		if len(l) > 0 {
			f.Where = l[0].Orb()
		}
		return nil, f
	}
	return l, nil
}

// meeting is where a line that was drawn meets an edge.
type meeting struct {
	on   foot    // of the edge
	next int     // vertex of the drawn line that comes after
	at   float64 // share of the way to it
}

// Reshape leads an edge along a line between the first and the last place where
// the line meets it. Vertices of the line without a level lie evenly between the
// levels of the edge at these places, where both are known. It fails with Missed
// when the line does not meet the edge twice.
func (n *Network) Reshape(id ID, line []Position) (Change, error) {
	l := n.edges[id]
	if l == nil {
		return Change{}, &Fault{Kind: Unknown, Edges: []ID{id}}
	}
	drawn, err := n.lineOnGrid(line)
	if err != nil {
		return Change{}, err
	}
	met := l.meetings(drawn, float64(n.tolerance))
	if len(met) < 2 || met[0].on.Point == met[len(met)-1].on.Point {
		return Change{}, fault(Missed, drawn[0].Point, id)
	}
	first, last := met[0], met[len(met)-1]
	way := Line{first.on.Vertex}
	way = append(way, drawn[first.next:last.next]...)
	way = append(way, last.on.Vertex)
	if first.on.along > last.on.along {
		first, last = last, first
		way = way.reversed()
	}
	way = way.compact().evenly()
	course := append(slices.Clone(l[:first.on.segment+1]), way...)
	course = append(course, l[last.on.segment+1:]...)
	w := n.work()
	w.edges[id] = course.compact()
	return w.change()
}

// meetings are the places where a line meets another, in the order of the latter.
func (l Line) meetings(drawn Line, tolerance float64) []meeting {
	var all []meeting
	for i, v := range drawn {
		if i > 0 {
			var crossed []meeting
			for k := 1; k < len(l); k++ {
				at, crosses := grid.Crossing(drawn[i-1].Point, v.Point, l[k-1].Point, l[k].Point)
				if crosses {
					crossed = append(crossed, meeting{on: l.foot(at), next: i, at: grid.Distance(drawn[i-1].Point, at)})
				}
			}
			slices.SortFunc(crossed, func(a, b meeting) int { return int(math.Copysign(1, a.at-b.at)) })
			all = append(all, crossed...)
		}
		if f := l.foot(v.Point); f.distance <= tolerance {
			all = append(all, meeting{on: f, next: i + 1})
		}
	}
	for i := range all {
		all[i].next = min(all[i].next, len(drawn))
	}
	return all
}

// evenly gives vertices without a level one between those of the ends, by their
// way along the line, where both ends have one.
func (l Line) evenly() Line {
	a, b := l[0].Z, l[len(l)-1].Z
	if a == NoLevel || b == NoLevel {
		return l
	}
	whole, passed := l.steps(), 0.0
	for i := 1; i < len(l)-1; i++ {
		passed += grid.Distance(l[i-1].Point, l[i].Point)
		if l[i].Z == NoLevel {
			l[i].Z = a + int64(math.Round(float64(b-a)*passed/whole))
		}
	}
	return l
}
