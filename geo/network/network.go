package network

import (
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"arpent/geo/grid"
)

// Node is a node with its name, in metres.
type Node struct {
	ID ID
	At Position
}

// Edge is an edge with its name, in metres.
type Edge struct {
	ID   ID
	Line []Position
}

// Options say what holds the network together. Zero values mean the defaults.
type Options struct {
	// Tolerance in metres: ends nearer to a node than that are on it. 0.01 unless
	// told; at least one step of the grid.
	Tolerance float64
	// Implicit networks have no nodes of their own: their edges meet where they end.
	Implicit bool
	// Clearance in metres: edges whose levels differ by as much where they cross
	// pass over each other. 0.2 unless told.
	Clearance float64
}

// Network is a set of edges and the nodes that they end on. It is not safe for
// use while [Network.Apply] runs.
type Network struct {
	nodes     map[ID]Vertex
	edges     map[ID]Line
	at        map[grid.Point][]ID // nodes by their place
	ends      map[grid.Point][]ID // edges by the places they end at; a loop is there twice
	nodeIndex rtree.RTreeGN[float64, ID]
	edgeIndex rtree.RTreeGN[float64, ID]
	exact     map[grid.Point]orb.Point // coordinates as they came, where they were beside the grid
	levels    map[Vertex]float64       // and levels
	tolerance int64                    // in steps
	clearance int64
	implicit  bool
}

func (o Options) network() *Network {
	if o.Tolerance == 0 {
		o.Tolerance = 0.01
	}
	if o.Clearance == 0 {
		o.Clearance = 0.2
	}
	return &Network{
		nodes: map[ID]Vertex{}, edges: map[ID]Line{},
		at: map[grid.Point][]ID{}, ends: map[grid.Point][]ID{},
		exact: map[grid.Point]orb.Point{}, levels: map[Vertex]float64{},
		tolerance: max(1, int64(math.Round(o.Tolerance*grid.PerMetre))),
		clearance: int64(math.Round(o.Clearance * grid.PerMetre)),
		implicit:  o.Implicit,
	}
}

// Nodes answers the names of the nodes, in order.
func (n *Network) Nodes() []ID { return slices.Sorted(maps.Keys(n.nodes)) }

// Edges answers the names of the edges, in order.
func (n *Network) Edges() []ID { return slices.Sorted(maps.Keys(n.edges)) }

// Node answers the place of a node.
func (n *Network) Node(id ID) (Vertex, bool) {
	v, known := n.nodes[id]
	return v, known
}

// Edge answers the way of an edge; nil when there is none. It is not to be changed.
func (n *Network) Edge(id ID) Line { return n.edges[id] }

// Position answers a vertex in metres, as it came.
func (n *Network) Position(v Vertex) Position {
	p := At(v.Orb())
	if exact, ok := n.exact[v.Point]; ok {
		p = At(exact)
	}
	if level, ok := n.levels[v]; ok {
		p[2] = level
	} else if v.Z != NoLevel {
		p[2] = float64(v.Z) / grid.PerMetre
	}
	return p
}

// Positions answers a line in metres, with the coordinates that its vertices
// came with.
func (n *Network) Positions(l Line) []Position {
	all := make([]Position, len(l))
	for i, v := range l {
		all[i] = n.Position(v)
	}
	return all
}

// Ends answers the nodes at the ends of a line; "" where there is none. Of
// several at one place it is the first by name.
func (n *Network) Ends(l Line) (from, to ID) {
	return first(n.at[l.first()]), first(n.at[l.last()])
}

func first(ids []ID) ID {
	if len(ids) == 0 {
		return ""
	}
	return slices.Min(ids)
}

// EdgesAt answers the edges that end at a node or place, a loop twice, in order.
func (n *Network) EdgesAt(at grid.Point) []ID { return slices.Sorted(slices.Values(n.ends[at])) }

func (n *Network) setNode(id ID, at Vertex, stays bool) {
	if was, known := n.nodes[id]; known {
		remove(n.at, was.Point, id)
		low, high := grid.Around([]grid.Point{was.Point}).Corners()
		n.nodeIndex.Delete(low, high, id)
		delete(n.nodes, id)
	}
	if !stays {
		return
	}
	n.nodes[id] = at
	n.at[at.Point] = append(n.at[at.Point], id)
	low, high := grid.Around([]grid.Point{at.Point}).Corners()
	n.nodeIndex.Insert(low, high, id)
}

// setEdge replaces an edge; nil takes it away.
func (n *Network) setEdge(id ID, l Line) {
	if was, known := n.edges[id]; known {
		remove(n.ends, was.first(), id)
		remove(n.ends, was.last(), id)
		low, high := was.box().Corners()
		n.edgeIndex.Delete(low, high, id)
		delete(n.edges, id)
	}
	if l == nil {
		return
	}
	n.edges[id] = l
	n.ends[l.first()] = append(n.ends[l.first()], id)
	n.ends[l.last()] = append(n.ends[l.last()], id)
	low, high := l.box().Corners()
	n.edgeIndex.Insert(low, high, id)
}

func remove(from map[grid.Point][]ID, at grid.Point, id ID) {
	ids := from[at]
	if i := slices.Index(ids, id); i >= 0 {
		ids = slices.Delete(slices.Clone(ids), i, i+1)
	}
	if len(ids) == 0 {
		delete(from, at)
	} else {
		from[at] = ids
	}
}

// NodesAt answers the nodes at the place of a vertex, in order.
func (n *Network) NodesAt(v Vertex) []ID { return slices.Sorted(slices.Values(n.at[v.Point])) }
