package coverage

import (
	"cmp"
	"slices"

	"github.com/tidwall/rtree"

	"arpent/geo/grid"
)

// use says that an owner has its land beside an edge: on its left if n is 1,
// as seen from the lesser end to the greater; on its right if n is -1.
type use struct{ owner, n int32 }

// edge joins two nodes; the place of from is less than that of to.
type edge struct {
	from, to int32
	uses     []use // in order of owner; none is zero
	line     bool  // part of a line drawn, which bounds nobody's land by itself
	drawn    bool  // not there before the operation
}

// noder cuts segments where they meet until none crosses another but at their
// ends, all on the grid (snap rounding).
type noder struct {
	places []Point
	number map[Point]int32
	edges  []edge
	live   map[[2]int32]int32 // edges by their ends
	near   rtree.RTreeGN[float64, int32]
	nodes  rtree.RTreeGN[float64, int32]
	queue  []int32
	drawn  bool // what is added now was not there before
}

func newNoder(size int) *noder {
	return &noder{
		places: make([]Point, 0, size),
		number: make(map[Point]int32, size),
		edges:  make([]edge, 0, size),
		live:   make(map[[2]int32]int32, size),
	}
}

func (n *noder) node(p Point) int32 {
	at, known := n.number[p]
	if !known {
		at = int32(len(n.places))
		n.places = append(n.places, p)
		n.number[p] = at
		xy := [2]float64{float64(p.X), float64(p.Y)}
		n.nodes.Insert(xy, xy, at)
	}
	return at
}

// add has the edge from a to b with the owner's land to its left, or a drawn
// line if the owner is none.
func (n *noder) add(a, b Point, owner int32) {
	if a == b {
		return
	}
	if owner < 0 {
		n.join(n.node(a), n.node(b), edge{line: true, drawn: n.drawn})
		return
	}
	u := []use{{owner, 1}}
	if b.Less(a) {
		a, b, u[0].n = b, a, -1
	}
	n.join(n.node(a), n.node(b), edge{uses: u, drawn: n.drawn})
}

// join adds an edge between two nodes, its uses as of the lesser to the greater.
// One that is there already has both uses, and was there before if one was.
func (n *noder) join(a, b int32, as edge) {
	if n.places[b].Less(n.places[a]) {
		a, b = b, a
	}
	if at, known := n.live[[2]int32{a, b}]; known {
		e := &n.edges[at]
		e.uses, e.line, e.drawn = together(e.uses, as.uses), e.line || as.line, e.drawn && as.drawn
		return
	}
	at := int32(len(n.edges))
	as.from, as.to = a, b
	n.edges = append(n.edges, as)
	n.live[[2]int32{a, b}] = at
	low, high := n.boxOf(at)
	n.near.Insert(low, high, at)
	n.queue = append(n.queue, at)
}

// together adds what two edges are used for; what cancels out is left out.
func together(a, b []use) []use {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	sum := make([]use, 0, len(a)+len(b))
	sum = append(append(sum, a...), b...)
	slices.SortFunc(sum, func(a, b use) int { return cmp.Compare(a.owner, b.owner) })
	kept := sum[:0]
	for _, u := range sum {
		if last := len(kept) - 1; last >= 0 && kept[last].owner == u.owner {
			kept[last].n += u.n
			if kept[last].n == 0 {
				kept = kept[:last]
			}
			continue
		}
		kept = append(kept, u)
	}
	return kept
}

func (n *noder) boxOf(at int32) (low, high [2]float64) {
	e := n.edges[at]
	return grid.Nowhere.With(n.places[e.from]).With(n.places[e.to]).Corners()
}

func (n *noder) isLive(at int32) bool {
	e := n.edges[at]
	now, known := n.live[[2]int32{e.from, e.to}]
	return known && now == at
}

// run cuts until nothing meets but at ends. It fails where lines are so dense
// that cutting would not end.
func (n *noder) run() error {
	for patience := 1000 + 50*len(n.queue); len(n.queue) > 0; patience-- {
		at := n.queue[len(n.queue)-1]
		n.queue = n.queue[:len(n.queue)-1]
		if !n.isLive(at) {
			continue
		}
		if patience < 0 {
			e := n.edges[at]
			return &Fault{Kind: TooDense, Where: n.places[e.from].Orb()}
		}
		if touched := n.touched(at); len(touched) > 0 {
			n.cut(at, touched)
		} else if other, p, crossed := n.crossed(at); crossed {
			n.cross(at, other, p)
		}
	}
	return nil
}

// touched answers the nodes that an edge passes within half a step.
func (n *noder) touched(at int32) []int32 {
	e := n.edges[at]
	a, b := n.places[e.from], n.places[e.to]
	var found []int32
	low, high := n.boxOf(at)
	n.nodes.Search(low, high, func(_, _ [2]float64, node int32) bool {
		if node != e.from && node != e.to && grid.Hot(a, b, n.places[node]) {
			found = append(found, node)
		}
		return true
	})
	return found
}

// crossed answers an edge that crosses this one, and where.
func (n *noder) crossed(at int32) (other int32, p Point, found bool) {
	e := n.edges[at]
	a, b := n.places[e.from], n.places[e.to]
	low, high := n.boxOf(at)
	n.near.Search(low, high, func(_, _ [2]float64, each int32) bool {
		f := n.edges[each]
		if e.from != f.from && e.from != f.to && e.to != f.from && e.to != f.to {
			other = each
			p, found = grid.Crossing(a, b, n.places[f.from], n.places[f.to])
		}
		return !found
	})
	return other, p, found
}

// cross cuts two edges where they cross, and asks all others near that place
// whether they pass it.
func (n *noder) cross(at, other int32, p Point) {
	_, known := n.number[p]
	node := n.node(p)
	n.cut(at, []int32{node})
	n.cut(other, []int32{node})
	if known {
		return
	}
	low, high := grid.Nowhere.With(p).Wider(1).Corners()
	n.near.Search(low, high, func(_, _ [2]float64, each int32) bool {
		n.queue = append(n.queue, each)
		return true
	})
}

// cut replaces an edge by the way through nodes near it.
func (n *noder) cut(at int32, nodes []int32) {
	e := n.edges[at]
	nodes = slices.DeleteFunc(nodes, func(node int32) bool { return node == e.from || node == e.to })
	if len(nodes) == 0 {
		return
	}
	low, high := n.boxOf(at)
	n.near.Delete(low, high, at)
	delete(n.live, [2]int32{e.from, e.to})
	a, b := n.places[e.from], n.places[e.to]
	along := func(node int32) int64 {
		p := n.places[node]
		return (b.X-a.X)*(p.X-a.X) + (b.Y-a.Y)*(p.Y-a.Y)
	}
	slices.SortFunc(nodes, func(p, q int32) int { return cmp.Compare(along(p), along(q)) })
	from := e.from
	for _, to := range append(nodes, e.to) {
		n.lead(from, to, e)
		from = to
	}
}

// lead adds a piece of an edge that has been cut; where rounding has turned
// the piece around, so are its uses.
func (n *noder) lead(from, to int32, e edge) {
	if from == to {
		return
	}
	e.uses = slices.Clone(e.uses)
	if n.places[to].Less(n.places[from]) {
		for i := range e.uses {
			e.uses[i].n = -e.uses[i].n
		}
	}
	n.join(from, to, e)
}
