package town

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"
)

// graph is the streets as pieces between their crossings.
type graph struct {
	at     []orb.Point // crossings and ends
	pieces []piece
	meets  [][]int // node: the pieces that end there
}

// piece is a street from one crossing to the next.
type piece struct {
	ends   [2]int // nodes
	line   orb.LineString
	length float64
	doors  int // addresses on it
}

// other is the end that is not v.
func (p *piece) other(v int) int { return p.ends[0] + p.ends[1] - v }

// from is the line of the piece from v to its other end.
func (p *piece) from(v int) orb.LineString {
	line := slices.Clone(p.line)
	if p.ends[0] != v {
		line.Reverse()
	}
	return line
}

// newGraph joins the streets where they share a vertex, and those that begin beside another
// street, as closes do, to that street.
func newGraph(t *Town) *graph {
	lines := joinLooseEnds(t)
	uses := vertexUses(lines)
	g := &graph{}
	index := map[orb.Point]int{}
	node := func(p orb.Point) int {
		i, ok := index[p]
		if !ok {
			i = len(g.at)
			index[p] = i
			g.at = append(g.at, p)
			g.meets = append(g.meets, nil)
		}
		return i
	}
	pieceOf := make([][]int, len(lines)) // segment: its piece, -1 for none
	for s, line := range lines {
		start := 0
		for i := 1; i < len(line); i++ {
			if uses[line[i]] < 2 && i < len(line)-1 {
				continue
			}
			p := piece{ends: [2]int{node(line[start]), node(line[i])}, line: slices.Clone(line[start : i+1])}
			p.length = planar.Length(p.line)
			at := -1
			if p.ends[0] != p.ends[1] && p.length > 0 {
				at = len(g.pieces)
				g.pieces = append(g.pieces, p)
				for _, v := range p.ends {
					g.meets[v] = append(g.meets[v], at)
				}
			}
			for range i - start {
				pieceOf[s] = append(pieceOf[s], at)
			}
			start = i
		}
	}
	for _, a := range t.Addresses {
		line, best, on := lines[a.Street], math.Inf(1), -1
		for i := 1; i < len(line); i++ {
			if d := planar.DistanceFromSegmentSquared(line[i-1], line[i], a.Position); d < best {
				best, on = d, pieceOf[a.Street][i-1]
			}
		}
		if on >= 0 {
			g.pieces[on].doors++
		}
	}
	return g
}

func vertexUses(lines []orb.LineString) map[orb.Point]int {
	uses := map[orb.Point]int{}
	for _, line := range lines {
		for _, p := range line {
			uses[p]++
		}
	}
	return uses
}

// besideStreet is how far from the centreline of its street a close may begin, in metres.
const besideStreet = 15.0

// joinLooseEnds are the centrelines of the streets, the ends that touch no other street drawn
// on to the nearest one beside them, where that gets a vertex.
func joinLooseEnds(t *Town) []orb.LineString {
	lines := make([]orb.LineString, len(t.Streets))
	for i, s := range t.Streets {
		lines[i] = slices.Clone(s.Geometry)
	}
	type segment struct{ street, i int }
	var segments rtree.RTreeG[segment]
	for s, line := range lines {
		for i := 1; i < len(line); i++ {
			b := orb.MultiPoint{line[i-1], line[i]}.Bound()
			segments.Insert(b.Min, b.Max, segment{s, i})
		}
	}
	type stop struct {
		segment int
		share   float64
		at      orb.Point
	}
	uses := vertexUses(lines)
	stops := make([][]stop, len(lines))
	joined := slices.Clone(lines)
	for s, line := range lines {
		for _, first := range []bool{true, false} {
			end := line[len(line)-1]
			if first {
				end = line[0]
			}
			if uses[end] > 1 {
				continue
			}
			best, reach, found := orb.Point{}, besideStreet, segment{-1, 0}
			box := orb.Bound{Min: end, Max: end}.Pad(reach)
			segments.Search(box.Min, box.Max, func(_, _ [2]float64, on segment) bool {
				q := onGrid(nearestOn(lines[on.street][on.i-1], lines[on.street][on.i], end))
				if d := planar.Distance(q, end); on.street != s && (d < reach || d == reach && on.street < found.street) {
					best, reach, found = q, d, on
				}
				return true
			})
			if found.street < 0 {
				continue
			}
			a, b := lines[found.street][found.i-1], lines[found.street][found.i]
			if best != a && best != b {
				stops[found.street] = append(stops[found.street], stop{found.i, planar.Distance(a, best) / planar.Distance(a, b), best})
			}
			switch {
			case best == end:
			case first:
				joined[s] = append(orb.LineString{best}, joined[s]...)
			default:
				joined[s] = append(slices.Clone(joined[s]), best)
			}
		}
	}
	// Vertices go in by where they stand in the line as it was drawn.
	for s, list := range stops {
		slices.SortFunc(list, func(a, b stop) int {
			return cmp.Or(cmp.Compare(a.segment, b.segment), cmp.Compare(a.share, b.share))
		})
		shift := 0
		if len(joined[s]) > len(lines[s]) && joined[s][0] != lines[s][0] {
			shift = 1
		}
		for k, p := range list {
			if k > 0 && p.at == list[k-1].at {
				shift--
				continue
			}
			joined[s] = slices.Insert(slices.Clone(joined[s]), p.segment+shift+k, p.at)
		}
	}
	return joined
}

// nearest is the node that is nearest to p among those of the part of the graph that has most
// doors: streets beyond a bridge that is not there lead nowhere.
func (g *graph) nearest(p orb.Point) int {
	part, doors := g.parts()
	most := slices.Index(doors, slices.Max(doors))
	best, least := -1, math.Inf(1)
	for i := range g.at {
		if d := planar.DistanceSquared(g.at[i], p); part[i] == most && d < least {
			best, least = i, d
		}
	}
	return best
}

// parts numbers the connected parts of the graph: by node the part it is in, by part its doors.
func (g *graph) parts() (part, doors []int) {
	part = make([]int, len(g.at))
	for i := range part {
		part[i] = -1
	}
	for i := range part {
		if part[i] >= 0 {
			continue
		}
		n := len(doors)
		doors = append(doors, 0)
		part[i] = n
		for todo := []int{i}; len(todo) > 0; {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, k := range g.meets[v] {
				p := &g.pieces[k]
				if v == p.ends[0] {
					doors[n] += p.doors
				}
				if u := p.other(v); part[u] < 0 {
					part[u] = n
					todo = append(todo, u)
				}
			}
		}
	}
	return part, doors
}

// drain are the nodes in order of what it costs to flow from them to a root, each with the
// piece that it flows along (Dijkstra). A root is given with the cost of leaving there.
func (g *graph) drain(roots map[int]float64, cost func(piece *piece, from, to int) float64) (order, by []int) {
	by = make([]int, len(g.at))
	distance := make([]float64, len(g.at))
	done := make([]bool, len(g.at))
	queue := &nodeQueue{}
	for i := range distance {
		by[i], distance[i] = -1, math.Inf(1)
		if d, ok := roots[i]; ok {
			distance[i] = d
			heap.Push(queue, queued{i, d})
		}
	}
	for queue.Len() > 0 {
		v := heap.Pop(queue).(queued).node
		if done[v] {
			continue
		}
		done[v] = true
		order = append(order, v)
		for _, i := range g.meets[v] {
			up := g.pieces[i].other(v)
			if d := distance[v] + cost(&g.pieces[i], up, v); d < distance[up] && !done[up] {
				distance[up], by[up] = d, i
				heap.Push(queue, queued{up, d})
			}
		}
	}
	return order, by
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
