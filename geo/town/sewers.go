package town

import (
	"cmp"
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Manhole is a node of the sewer network.
type Manhole struct {
	Position    orb.Point
	CoverLevel  float64 // m above the sea, of the ground
	InvertLevel float64 // m above the sea, of the bottom
	Plant       bool    // the treatment plant, to which everything flows
	Faulty      bool    // its invert is too high, so that what comes to it climbs: real networks have such
}

// Sewer is a foul gravity pipe from one manhole to the next downstream.
type Sewer struct {
	Upstream, Downstream int // indexes in Sewers.Manholes
	Geometry             orb.LineString
	Diameter             int // mm
	Upstreams            int // manholes that drain through it
}

// Sewers is the foul network below the streets of a town: a tree that drains
// to the plant.
type Sewers struct {
	Manholes []Manhole
	Pipes    []Sewer
}

// Laying out the network, in metres.
const (
	reach       = 60.0  // between two manholes
	leastDepth  = 1.2   // of a manhole
	leastSlope  = 0.004 // of a pipe
	faultyPipes = 0.01  // share of manholes whose invert is too high, as real networks have
)

// NewSewers lays a foul network below the streets of a town, the same for the
// same town. The pipes are the tree of shortest ways along the streets to the
// plant, at the end of the network nearest the river. Levels fall towards the
// plant, but for a few faults.
func NewSewers(t *Town, seed uint64) *Sewers {
	s := &Sewers{}
	g := streetGraph(t)
	if len(g.at) == 0 {
		return s
	}
	root := g.nearest(plantPlace(t))
	order, parent, edge := g.tree(root)
	rank := make(map[int]int, len(order)) // index of the manhole at a crossing
	for _, v := range order {
		if v == root {
			rank[v] = s.manhole(g.at[v])
			s.Manholes[rank[v]].Plant = true
			continue
		}
		rank[v] = s.lay(edge[v], rank[parent[v]])
	}
	s.level(t, rand.New(rand.NewPCG(seed, 1<<61)))
	s.size()
	return s
}

func (s *Sewers) manhole(at orb.Point) int {
	s.Manholes = append(s.Manholes, Manhole{Position: at})
	return len(s.Manholes) - 1
}

// lay lays pipes along a line that begins upstream, with manholes at most
// reach apart, and returns the manhole at its upper end.
func (s *Sewers) lay(line orb.LineString, downstream int) int {
	line = slices.Clone(line)
	line.Reverse() // from the plant upwards
	length := planar.Length(line)
	n := max(1, int(math.Ceil(length/reach)))
	for i := range n {
		part := cutLine(line, length*float64(i)/float64(n), length*float64(i+1)/float64(n))
		part[0] = s.Manholes[downstream].Position
		up := s.manhole(part[len(part)-1])
		part.Reverse()
		s.Pipes = append(s.Pipes, Sewer{Upstream: up, Downstream: downstream, Geometry: part})
		downstream = up
	}
	return downstream
}

// cutLine is the part of a line between two distances from its start, its
// points on the grid of 1 mm.
func cutLine(line orb.LineString, from, to float64) orb.LineString {
	var part orb.LineString
	at := 0.0
	for i := 1; i < len(line); i++ {
		step := planar.Distance(line[i-1], line[i])
		along := func(d float64) orb.Point {
			share := (d - at) / step
			return onGrid(orb.Point{line[i-1][0] + share*(line[i][0]-line[i-1][0]), line[i-1][1] + share*(line[i][1]-line[i-1][1])})
		}
		if step > 0 && len(part) == 0 && from < at+step {
			part = append(part, along(max(from, at)))
		}
		if len(part) > 0 && to <= at+step+1e-6 {
			return append(part, along(min(to, at+step)))
		}
		if len(part) > 0 {
			part = append(part, line[i])
		}
		at += step
	}
	return append(part, line[len(line)-1])
}

func onGrid(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1000) / 1000, math.Round(p[1]*1000) / 1000}
}

// level gives every manhole its levels: the ground rises from the plant and
// rolls, inverts rise along each pipe and stay below the ground.
func (s *Sewers) level(t *Town, r *rand.Rand) {
	plant := s.Manholes[0].Position
	for i := range s.Manholes {
		m := &s.Manholes[i]
		m.CoverLevel = ground(t, plant, m.Position)
		m.InvertLevel = m.CoverLevel - leastDepth - r.Float64()
	}
	// Pipes stand in the order from the plant upwards: those upstream are lower
	// where they must. Going down first makes room for the slope.
	for i := len(s.Pipes) - 1; i >= 0; i-- {
		p := s.Pipes[i]
		up, down := &s.Manholes[p.Upstream], &s.Manholes[p.Downstream]
		down.InvertLevel = min(down.InvertLevel, up.InvertLevel-leastSlope*planar.Length(p.Geometry))
	}
	for i := range s.Manholes {
		m := &s.Manholes[i]
		if i > 0 && r.Float64() < faultyPipes {
			m.Faulty = true
			m.InvertLevel += 0.6
		}
		m.CoverLevel, m.InvertLevel = math.Round(m.CoverLevel*100)/100, math.Round(m.InvertLevel*100)/100
	}
}

// ground is the level of the ground: a plain that rises from the river, with
// gentle hills.
func ground(t *Town, plant, at orb.Point) float64 {
	const base, rise, hills = 112.0, 0.004, 3.0
	c := t.Boundary.Bound().Center()
	x, y := (at[0]-c[0])/700, (at[1]-c[1])/900
	return base + rise*planar.Distance(plant, at) + hills*(math.Sin(x)*math.Cos(y)+1)
}

// size gives every pipe a diameter by what drains through it.
func (s *Sewers) size() {
	through := make([]int, len(s.Manholes))
	for i := len(s.Pipes) - 1; i >= 0; i-- {
		p := &s.Pipes[i]
		through[p.Upstream]++
		p.Upstreams = through[p.Upstream]
		through[p.Downstream] += p.Upstreams
		p.Diameter = diameterFor(p.Upstreams)
	}
}

func diameterFor(manholes int) int {
	for _, d := range []struct{ upTo, mm int }{{60, 200}, {200, 250}, {500, 300}, {1000, 400}, {2500, 600}} {
		if manholes <= d.upTo {
			return d.mm
		}
	}
	return 800
}

// plantPlace is where a treatment plant would be: at the river where it
// leaves the town, or else at the edge.
func plantPlace(t *Town) orb.Point {
	bound := t.Boundary.Bound()
	if len(t.Watercourses) == 0 {
		return bound.Min
	}
	water := t.Watercourses[0].Geometry[0]
	return slices.MaxFunc(water, func(a, b orb.Point) int { return cmp.Compare(a[0]+a[1], b[0]+b[1]) })
}

// graph is the streets as edges between their crossings.
type graph struct {
	at    []orb.Point
	edges [][]link
}

type link struct {
	to     int
	line   orb.LineString // from here to there
	length float64
}

// streetGraph joins the streets where they share a vertex.
func streetGraph(t *Town) *graph {
	uses := map[orb.Point]int{}
	for _, street := range t.Streets {
		for i, p := range street.Geometry {
			uses[p]++
			if i == 0 || i == len(street.Geometry)-1 {
				uses[p]++ // ends are always nodes
			}
		}
	}
	g := &graph{}
	index := map[orb.Point]int{}
	node := func(p orb.Point) int {
		i, ok := index[p]
		if !ok {
			i = len(g.at)
			index[p] = i
			g.at = append(g.at, p)
			g.edges = append(g.edges, nil)
		}
		return i
	}
	for _, street := range t.Streets {
		line := street.Geometry
		start := 0
		for i := 1; i < len(line); i++ {
			if uses[line[i]] < 2 {
				continue
			}
			part := slices.Clone(line[start : i+1])
			back := slices.Clone(part)
			back.Reverse()
			a, b, length := node(line[start]), node(line[i]), planar.Length(part)
			if a != b && length > 0 {
				g.edges[a] = append(g.edges[a], link{b, part, length})
				g.edges[b] = append(g.edges[b], link{a, back, length})
			}
			start = i
		}
	}
	return g
}

func (g *graph) nearest(p orb.Point) int {
	best := 0
	for i := range g.at {
		if planar.DistanceSquared(g.at[i], p) < planar.DistanceSquared(g.at[best], p) {
			best = i
		}
	}
	return best
}

// tree are the nodes in order of their distance from the root along the
// edges, each with the next node on its way and the line that leads there
// (Dijkstra).
func (g *graph) tree(root int) (order []int, parent map[int]int, edge map[int]orb.LineString) {
	parent, edge = map[int]int{}, map[int]orb.LineString{}
	distance := make([]float64, len(g.at))
	done := make([]bool, len(g.at))
	for i := range distance {
		distance[i] = math.Inf(1)
	}
	distance[root] = 0
	queue := &nodeQueue{{root, 0}}
	for queue.Len() > 0 {
		v := heap.Pop(queue).(queued).node
		if done[v] {
			continue
		}
		done[v] = true
		order = append(order, v)
		for _, e := range g.edges[v] {
			if d := distance[v] + e.length; d < distance[e.to] && !done[e.to] {
				distance[e.to], parent[e.to] = d, v
				line := slices.Clone(e.line)
				line.Reverse()
				edge[e.to] = line
				heap.Push(queue, queued{e.to, d})
			}
		}
	}
	return order, parent, edge
}

// queued is a node that waits at a distance; equal distances go by number, so
// that the tree is the same each time.
type queued struct {
	node     int
	distance float64
}

type nodeQueue []queued

func (q nodeQueue) Len() int { return len(q) }
func (q nodeQueue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].distance, q[j].distance), cmp.Compare(q[i].node, q[j].node)) < 0
}
func (q nodeQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *nodeQueue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *nodeQueue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}
