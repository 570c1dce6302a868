package coverage

import (
	"cmp"
	"math"
	"slices"

	"arpent/geo/grid"
)

// arrangement is the plane cut up by edges that meet at their ends alone.
// Half-edge 2i runs along edge i from its lesser end to the greater, 2i+1 back;
// each has its face to its left.
type arrangement struct {
	places []Point
	edges  []edge
	next   []int32 // the half-edge that goes on around the same face
	cycle  []int32 // of each half-edge
	cycles []cycle
	faces  []face
}

// cycle is a way around a face.
type cycle struct {
	start int32 // one of its half-edges
	area2 int64 // positive around the outside of a face
	face  int32
}

// face is land with the same owners all over.
type face struct {
	cycles []int32
	area2  int64 // of the unbounded face zero
	owners []int32
	wound  bool // an owner's rings wind around it more than once, or backwards
}

const unbounded = 0 // the face around everything

// arrange cuts what was added to the noder and finds the faces.
func (n *noder) arrange() (*arrangement, error) {
	if err := n.run(); err != nil {
		return nil, err
	}
	a := &arrangement{places: n.places}
	for at, e := range n.edges {
		if n.isLive(int32(at)) && (len(e.uses) > 0 || e.line) {
			a.edges = append(a.edges, e)
		}
	}
	a.turn()
	a.goAround()
	a.locate()
	a.own()
	return a, nil
}

// ends answers the nodes where a half-edge begins and ends.
func (a *arrangement) ends(half int32) (from, to int32) {
	e := &a.edges[half/2]
	if half%2 == 0 {
		return e.from, e.to
	}
	return e.to, e.from
}

func (a *arrangement) line(half int32) (from, to Point) {
	f, t := a.ends(half)
	return a.places[f], a.places[t]
}

func (a *arrangement) faceOf(half int32) int32 { return a.cycles[a.cycle[half]].face }

// turn orders the half-edges around each node, and says for each which goes on
// around its face: of those that leave its end the next one clockwise from it.
func (a *arrangement) turn() {
	count := make([]int32, len(a.places)+1)
	for half := range int32(2 * len(a.edges)) {
		from, _ := a.ends(half)
		count[from+1]++
	}
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	leaving := make([]int32, 2*len(a.edges))
	filled := slices.Clone(count)
	for half := range int32(2 * len(a.edges)) {
		from, _ := a.ends(half)
		leaving[filled[from]] = half
		filled[from]++
	}
	a.next = make([]int32, 2*len(a.edges))
	for node := range a.places {
		around := leaving[count[node]:count[node+1]]
		slices.SortFunc(around, a.byAngle)
		for i, half := range around {
			before := around[(i+len(around)-1)%len(around)]
			a.next[half^1] = before
		}
	}
}

// byAngle compares half-edges that leave one node, counter-clockwise from east.
func (a *arrangement) byAngle(g, h int32) int {
	p, q := a.line(g)
	_, r := a.line(h)
	upper := func(t Point) int {
		if t.Y > p.Y || t.Y == p.Y && t.X > p.X {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(upper(q), upper(r)), cmp.Compare(0, grid.Orientation(p, q, r)))
}

// goAround follows the half-edges around their faces.
func (a *arrangement) goAround() {
	a.cycle = make([]int32, len(a.next))
	for i := range a.cycle {
		a.cycle[i] = -1
	}
	for start := range int32(len(a.next)) {
		if a.cycle[start] >= 0 {
			continue
		}
		at := int32(len(a.cycles))
		origin, _ := a.line(start)
		var area int64
		for half := range a.walk(start) {
			a.cycle[half] = at
			p, q := a.line(half)
			area += grid.Orientation(origin, p, q)
		}
		a.cycles = append(a.cycles, cycle{start, area, -1})
	}
}

// walk yields the half-edges of a cycle.
func (a *arrangement) walk(start int32) func(func(int32) bool) {
	return func(yield func(int32) bool) {
		for half := start; ; {
			if !yield(half) {
				return
			}
			if half = a.next[half]; half == start {
				return
			}
		}
	}
}

// locate gives each cycle its face: a positive one has its own, each other is
// the outline of a connected part and lies in the face to its left.
func (a *arrangement) locate() {
	a.faces = []face{{}}
	type outline struct {
		cycle int32
		west  Point // its least place
	}
	var outlines []outline
	for at := range a.cycles {
		c := &a.cycles[at]
		if c.area2 > 0 {
			c.face = int32(len(a.faces))
			a.faces = append(a.faces, face{cycles: []int32{int32(at)}, area2: c.area2})
			continue
		}
		west := Point{X: math.MaxInt64, Y: math.MaxInt64}
		for half := range a.walk(c.start) {
			if p, _ := a.line(half); p.Less(west) {
				west = p
			}
		}
		outlines = append(outlines, outline{int32(at), west})
	}
	if len(outlines) == 0 {
		return
	}
	slices.SortFunc(outlines, func(p, q outline) int { return p.west.Compare(q.west) })
	index := newRows(a)
	for _, each := range outlines {
		c := &a.cycles[each.cycle]
		c.face = unbounded
		if half, found := index.westOf(each.west); found {
			c.face = a.faceOf(half)
		}
		f := &a.faces[c.face]
		f.cycles = append(f.cycles, each.cycle)
		if c.face != unbounded {
			f.area2 += c.area2
		}
	}
}

// rows finds the edge to the west of a place. Edges are kept by the rows, some
// steps high, that they pass.
type rows struct {
	a      *arrangement
	low    int64
	height int64
	edges  [][]int32
}

func newRows(a *arrangement) *rows {
	all := grid.Nowhere
	for _, e := range a.edges {
		all = all.With(a.places[e.from]).With(a.places[e.to])
	}
	count := int64(math.Sqrt(float64(len(a.edges)))) + 1
	r := &rows{a: a, low: all.Min.Y, height: (all.Max.Y-all.Min.Y)/count + 1}
	r.edges = make([][]int32, count+1)
	for i, e := range a.edges {
		p, q := a.places[e.from].Y, a.places[e.to].Y
		for row := (min(p, q) - r.low) / r.height; row <= (max(p, q)-r.low)/r.height; row++ {
			r.edges[row] = append(r.edges[row], int32(i))
		}
	}
	return r
}

// westOf answers the half-edge nearest to the west of p that has p to its left.
func (r *rows) westOf(p Point) (int32, bool) {
	nearest, found := int32(0), false
	for _, at := range r.edges[(p.Y-r.low)/r.height] {
		half := 2 * at
		low, high := r.a.line(half)
		if low.Y > high.Y {
			low, high, half = high, low, half^1
		}
		// Upwards, without its upper end, so that a node counts once.
		if low.Y > p.Y || high.Y <= p.Y || grid.Orientation(low, high, p) >= 0 {
			continue
		}
		if found {
			l, h := r.a.line(nearest)
			if !westward(l, h, low, high) {
				continue
			}
		}
		nearest, found = half, true
	}
	return nearest ^ 1, found
}

// westward tells whether the upward edge ab lies to the west of cd, of which
// both pass one row and do not cross.
func westward(a, b, c, d Point) bool {
	if a.Y < c.Y || a.Y == c.Y && a != c {
		if a.Y == c.Y {
			return a.X < c.X
		}
		if side := grid.Orientation(a, b, c); side != 0 {
			return side < 0
		}
		return grid.Orientation(a, b, d) < 0
	}
	if a == c {
		return grid.Orientation(a, b, d) < 0
	}
	if side := grid.Orientation(c, d, a); side != 0 {
		return side > 0
	}
	return grid.Orientation(c, d, b) > 0
}

// roam goes from a face to those beside it, and on from these: wherever enter
// lets it, which is told the face it comes from, that beyond, and the half-edge
// of the former between them.
func (a *arrangement) roam(start int32, enter func(at, over, half int32) bool) {
	for queue := []int32{start}; len(queue) > 0; {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, c := range a.faces[at].cycles {
			for half := range a.walk(a.cycles[c].start) {
				if over := a.faceOf(half ^ 1); enter(at, over, half) {
					queue = append(queue, over)
				}
			}
		}
	}
}

// own finds whose each face is, from the unbounded one inwards.
func (a *arrangement) own() {
	winding := make([][]use, len(a.faces))
	known := make([]bool, len(a.faces))
	known[unbounded] = true
	a.roam(unbounded, func(at, over, half int32) bool {
		if known[over] {
			return false
		}
		known[over] = true
		winding[over] = across(winding[at], a.edges[half/2].uses, half%2 == 0)
		return true
	})
	for i, w := range winding {
		f := &a.faces[i]
		for _, u := range w {
			f.owners = append(f.owners, u.owner)
			f.wound = f.wound || u.n != 1
		}
	}
}

// across answers what winds around the land to the right of an edge, from what
// winds around the land to its left.
func across(left []use, uses []use, upward bool) []use {
	if len(uses) == 0 {
		return left
	}
	steps := slices.Clone(uses)
	for i := range steps {
		if upward {
			steps[i].n = -steps[i].n
		}
	}
	return together(left, steps)
}
