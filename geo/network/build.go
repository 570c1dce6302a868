package network

import (
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Build makes a network of nodes and edges as they come, in metres, and reports
// what is wrong with them. What is wrong is kept as it is, so that it can be
// mended; only ends within the tolerance of a node are put on it, and edges
// without a point left out.
//
// It fails when a coordinate is not finite, the extent is over 536 km, or a name
// comes twice.
func Build(nodes []Node, edges []Edge, options Options) (*Network, []Fault, error) {
	if err := within(nodes, edges); err != nil {
		return nil, nil, err
	}
	n := options.network()
	for _, node := range nodes {
		n.came(node.At)
		n.setNode(node.ID, snap(node.At), true)
	}
	standing := grid.NewPlaces(n.tolerance, len(nodes)+len(edges))
	for _, id := range n.Nodes() {
		standing.Add(n.nodes[id].Point)
	}
	var faults []Fault
	for _, e := range edges {
		var line Line
		for _, p := range e.Line {
			line = append(line, snap(p))
		}
		if len(line) == 0 {
			faults = append(faults, Fault{Kind: ZeroLength, Edges: []ID{e.ID}})
			continue
		}
		for i := range line {
			if i > 0 && i < len(line)-1 {
				n.came(e.Line[i])
				continue
			}
			stand, found := standing.Nearest(line[i].Point)
			switch {
			case found && stand != line[i].Point:
				if d := grid.Distance(stand, line[i].Point); d > 1.5 { // more than rounding
					faults = append(faults, Fault{Kind: Mismatch, Where: e.Line[i].Flat(), Edges: []ID{e.ID}, Distance: d / grid.PerMetre})
				}
				line[i].Point = stand
			case !found && n.implicit:
				standing.Add(line[i].Point)
			}
			n.came(e.Line[i])
		}
		n.setEdge(e.ID, line.compact())
	}
	return n, append(faults, n.Faults()...), nil
}

// came keeps coordinates that are beside the grid; the first at a place count.
func (n *Network) came(p Position) {
	v := snap(p)
	if _, known := n.exact[v.Point]; !known && v.Orb() != p.Flat() {
		n.exact[v.Point] = p.Flat()
	}
	if v.Z != NoLevel && float64(v.Z)/grid.PerMetre != p[2] {
		n.levels[v] = p[2]
	}
}

// within checks that all coordinates can be computed with, and that no name
// comes twice among nodes or among edges.
func within(nodes []Node, edges []Edge) error {
	around := grid.Nowhere
	check := func(p Position) error {
		if !finite(p) {
			return &Fault{Kind: NotFinite}
		}
		if grid.Far(p.Flat()) {
			return &Fault{Kind: TooFar, Where: p.Flat()}
		}
		around = around.With(grid.Snap(p.Flat()))
		if around.Max.X-around.Min.X > grid.Reach || around.Max.Y-around.Min.Y > grid.Reach {
			return &Fault{Kind: TooFar, Where: p.Flat()}
		}
		return nil
	}
	names := map[ID]bool{}
	for _, node := range nodes {
		if names[node.ID] {
			return &Fault{Kind: Taken, Where: node.At.Flat(), Nodes: []ID{node.ID}}
		}
		names[node.ID] = true
		if err := check(node.At); err != nil {
			return err
		}
	}
	names = map[ID]bool{}
	for _, e := range edges {
		if names[e.ID] {
			return &Fault{Kind: Taken, Edges: []ID{e.ID}}
		}
		names[e.ID] = true
		for _, p := range e.Line {
			if err := check(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// finite takes a level that is none.
func finite(p Position) bool {
	return grid.Finite(p.Flat()) && p[2]-p[2] == 0 || grid.Finite(p.Flat()) && p[2] != p[2]
}

// Faults reports what is wrong with the network as it is.
func (n *Network) Faults() []Fault {
	var all []Fault
	said := func(kind Kind, where orb.Point, nodes, edges []ID) {
		all = append(all, Fault{Kind: kind, Where: where, Nodes: nodes, Edges: edges})
	}
	w := &work{n: n}
	for _, id := range n.Nodes() {
		v := n.nodes[id]
		if len(n.ends[v.Point]) == 0 {
			said(Lonely, v.Orb(), []ID{id}, nil)
		}
		for _, other := range w.nodesNear(v.Point, n.tolerance) {
			if other > id {
				said(DuplicateNode, v.Orb(), []ID{id, other}, nil)
			}
		}
	}
	var segments []segment
	var owners []ID
	for _, id := range n.Edges() {
		line := n.edges[id]
		if line.steps() == 0 {
			said(ZeroLength, line[0].Orb(), nil, []ID{id})
			continue
		}
		for _, end := range []grid.Point{line.first(), line.last()} {
			if !n.implicit && len(n.at[end]) == 0 {
				said(Loose, end.Orb(), nil, []ID{id})
			}
		}
		if where, simple := line.simple(); !simple {
			said(Crossed, where.Orb(), nil, []ID{id})
		}
		if line.first() == line.last() && len(line) < 4 {
			said(Loop, line[0].Orb(), nil, []ID{id})
		}
		for _, p := range w.passed(line) {
			all = append(all, Fault{Kind: Unsplit, Where: p.Orb(), Nodes: slices.Sorted(slices.Values(n.at[p])), Edges: []ID{id}})
		}
		for other := range n.alike(id, line) {
			if other > id {
				said(Doubled, line[0].Orb(), nil, []ID{id, other})
			}
		}
		for i := 1; i < len(line); i++ {
			segments = append(segments, segment{line[i-1], line[i], len(segments)})
			owners = append(owners, id)
		}
	}
	pairs(segments, func(s, t segment) bool {
		if owners[s.number] == owners[t.number] {
			return true
		}
		at, crosses := grid.Crossing(s.from.Point, s.to.Point, t.from.Point, t.to.Point)
		if crosses && !n.over(between(s.from, s.to, at), between(t.from, t.to, at)) {
			ids := []ID{owners[s.number], owners[t.number]}
			slices.Sort(ids)
			said(Crossing, at.Orb(), nil, ids)
		}
		return true
	})
	return all
}

// over tells whether one vertex lies clear above the other.
func (n *Network) over(a, b Vertex) bool {
	return a.Z != NoLevel && b.Z != NoLevel && max(a.Z-b.Z, b.Z-a.Z) > n.clearance
}

// alike yields the other edges that run as a line does, either way.
func (n *Network) alike(id ID, line Line) func(func(ID) bool) {
	same := func(other Line) bool {
		return slices.EqualFunc(line, other, func(a, b Vertex) bool { return a.Point == b.Point })
	}
	return func(yield func(ID) bool) {
		for _, other := range slices.Compact(n.EdgesAt(line.first())) {
			if l := n.edges[other]; other != id && (same(l) || same(l.reversed())) && !yield(other) {
				return
			}
		}
	}
}
