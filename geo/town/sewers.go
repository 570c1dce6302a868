package town

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"
)

// Networks of sewers.
const (
	Foul  = "foul"
	Storm = "storm"
)

// Kinds of manhole.
const (
	Inspection = "inspection" // an ordinary manhole
	Pump       = "pump"       // a pumping station: where a gravity pipe would go too deep
	Plant      = "plant"      // the treatment plant, to which all that is foul flows
	Outfall    = "outfall"    // where storm water enters the river
)

// Manhole is a node of a sewer network.
type Manhole struct {
	Network     string
	Kind        string
	Position    orb.Point
	CoverLevel  float64 // m above the sea, of the ground, to the centimetre
	InvertLevel float64 // m above the sea, of the bottom
	Faulty      bool    // its invert is too high, so that what comes to it may climb: real networks have such
}

// Sewer is a pipe from one manhole to the next downstream. All flow by gravity but those that
// leave a pumping station.
type Sewer struct {
	Network              string
	Upstream, Downstream int // indexes in Sewers.Manholes
	Geometry             orb.LineString
	InvertUp, InvertDown float64 // m above the sea
	Forced               bool
	Diameter             int // mm, never less than that of a pipe upstream
	Upstreams            int // manholes that drain through it
}

// Connection joins a parcel to a foul pipe.
type Connection struct {
	Parcel, Pipe int
	Position     orb.Point // on the front of the parcel
}

// Sewers are the networks below the streets of a town: trees that drain to the plant, or to
// outfalls. Only streets where houses stand close have pipes, and those on the way to the
// root; farms and hamlets have none.
type Sewers struct {
	Manholes    []Manhole
	Pipes       []Sewer // one stands after the pipe that it flows into
	Connections []Connection
}

// Laying out the networks, in metres.
const (
	manholeReach = 60.0  // between two manholes, at most
	leastDepth   = 1.3   // of a manhole
	mostDepth    = 5.5   // of a manhole: a pump stands where a pipe would go deeper
	outfallReach = 90.0  // from a crossing to the bank, at most where there is such a crossing
	spurGap      = 12.0  // from the crossing that a spur does not join to its first manhole
	connectReach = 60.0  // from a parcel to its pipe, at most
	climbing     = 90.0  // a metre that the ground rises against the flow is as bad as so many of way
	faulty       = 0.008 // share of manholes whose invert is too high
)

// stormOffset is where storm pipes lie beside foul ones.
var stormOffset = orb.Point{1.4, 1.1}

// NewSewers lays foul and storm networks below the streets of a town, the same for the same
// town and seed. Pipes follow the streets, downhill rather than short, to the plant on the
// river below the town, or to outfalls on the banks.
func NewSewers(t *Town, seed uint64) *Sewers {
	s := &Sewers{}
	g := newGraph(t)
	if len(g.pieces) == 0 {
		return s
	}
	ground := NewTerrain(t)
	level := make([]float64, len(g.at))
	for i, p := range g.at {
		level[i] = ground.Level(p)
	}
	cost := func(p *piece, from, to int) float64 { return p.length + climbing*max(0, level[to]-level[from]) }

	works := &layout{sewers: s, graph: g, level: level, network: Foul, sparse: 70}
	works.lay(map[int]float64{g.nearest(plantPlace(t, ground)): 0}, cost, func(v int) { works.node(g.at[v], Plant) })

	works = &layout{sewers: s, graph: g, level: level, network: Storm, offset: stormOffset, sparse: 30}
	works.lay(outlets(g, ground), cost, func(v int) { works.outfall(ground, v) })

	s.size()
	s.setLevels(ground, rand.New(rand.NewPCG(seed, 1<<61)))
	s.connect(t)
	return s
}

// plantPlace is on the bank, downstream of nine tenths of the houses.
func plantPlace(t *Town, ground *Terrain) orb.Point {
	if len(ground.water) == 0 || len(t.Addresses) == 0 {
		return ground.outlet
	}
	var houses []float64
	for _, a := range t.Addresses {
		houses = append(houses, ground.downstream(a.Position))
	}
	slices.Sort(houses)
	want := houses[len(houses)*9/10] + 250
	off := func(p orb.Point) float64 { return math.Abs(ground.downstream(p) - want) }
	return slices.MinFunc(ground.water, func(a, b orb.Point) int { return cmp.Compare(off(a), off(b)) })
}

// outlets are the crossings near the river, with what it costs to go on to the bank.
func outlets(g *graph, ground *Terrain) map[int]float64 {
	roots := map[int]float64{}
	nearest, least := 0, math.Inf(1)
	for i, p := range g.at {
		d := ground.fromRiver(p)
		if d < least {
			nearest, least = i, d
		}
		if d < outfallReach {
			roots[i] = 4 * d
		}
	}
	if len(roots) == 0 {
		roots[nearest] = 0
	}
	return roots
}

// layout is a network being laid.
type layout struct {
	sewers  *Sewers
	graph   *graph
	level   []float64 // of the ground, by node of the graph
	network string
	offset  orb.Point
	sparse  float64 // metres of street a door, above which there are no pipes
}

// serves tells whether a piece of street is built enough for pipes.
func (l *layout) serves(p *piece) bool { return float64(p.doors)*l.sparse >= p.length && p.doors > 0 }

// lay lays pipes below the pieces of street that it serves, and along the way from them to
// the roots. A piece that no way goes through gets a spur that begins short of its upper end.
func (l *layout) lay(roots map[int]float64, cost func(*piece, int, int) float64, end func(root int)) {
	g := l.graph
	order, by := g.drain(roots, cost)
	reached := make([]bool, len(g.at))
	onWay := make([]bool, len(g.pieces))
	for _, v := range order {
		reached[v] = true
		if by[v] >= 0 {
			onWay[by[v]] = true
		}
	}
	doors := make([]int, len(g.at)) // that drain through each node
	var spurs []int
	for i, p := range g.pieces {
		if l.serves(&p) && !onWay[i] && reached[p.ends[0]] && p.length > 2*spurGap {
			spurs = append(spurs, i)
			doors[l.lower(&p)] += p.doors
		}
	}
	for k := len(order) - 1; k >= 0; k-- {
		if v := order[k]; by[v] >= 0 {
			p := &g.pieces[by[v]]
			if l.serves(p) {
				doors[v] += p.doors
			}
			doors[p.other(v)] += doors[v]
		}
	}
	manhole := make([]int, len(g.at))
	for _, v := range order {
		switch {
		case doors[v] == 0:
		case by[v] < 0:
			end(v)
			manhole[v] = len(l.sewers.Manholes) - 1
		default:
			p := &g.pieces[by[v]]
			manhole[v] = l.run(p.from(v), manhole[p.other(v)])
		}
	}
	for _, i := range spurs {
		p := &g.pieces[i]
		low := l.lower(p)
		line := p.from(p.other(low))
		l.run(cutLine(line, spurGap, planar.Length(line)), manhole[low])
	}
}

// lower is the end of a piece where the ground is lower.
func (l *layout) lower(p *piece) int {
	if l.level[p.ends[0]] < l.level[p.ends[1]] {
		return p.ends[0]
	}
	return p.ends[1]
}

func (l *layout) place(p orb.Point) orb.Point {
	return onGrid(orb.Point{p[0] + l.offset[0], p[1] + l.offset[1]})
}

func (l *layout) node(at orb.Point, kind string) int {
	l.sewers.Manholes = append(l.sewers.Manholes, Manhole{Network: l.network, Kind: kind, Position: l.place(at)})
	return len(l.sewers.Manholes) - 1
}

// outfall joins a crossing to the bank.
func (l *layout) outfall(ground *Terrain, v int) {
	bank, far := ground.bank(l.graph.at[v])
	if far < 1 { // a bridge: the water falls straight into the river
		l.node(l.graph.at[v], Outfall)
		return
	}
	l.run(orb.LineString{l.graph.at[v], bank}, l.node(bank, Outfall))
}

// run lays pipes along a line down to a manhole, with manholes at most manholeReach apart,
// and returns the manhole at its upper end.
func (l *layout) run(line orb.LineString, downstream int) int {
	s := l.sewers
	line = slices.Clone(line)
	line.Reverse() // from the manhole upwards
	length := planar.Length(line)
	n := max(1, int(math.Ceil(length/manholeReach)))
	for i := range n {
		part := cutLine(line, length*float64(i)/float64(n), length*float64(i+1)/float64(n))
		up := l.node(part[len(part)-1], Inspection)
		for k := range part {
			part[k] = l.place(part[k])
		}
		part[0] = s.Manholes[downstream].Position
		part.Reverse()
		part = slices.Compact(part)
		s.Pipes = append(s.Pipes, Sewer{Network: l.network, Upstream: up, Downstream: downstream, Geometry: part})
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

// size gives every pipe a diameter by what drains through it.
func (s *Sewers) size() {
	through := make([]int, len(s.Manholes))
	for i := len(s.Pipes) - 1; i >= 0; i-- {
		p := &s.Pipes[i]
		through[p.Upstream]++
		p.Upstreams = through[p.Upstream]
		through[p.Downstream] += p.Upstreams
		p.Diameter = diameterFor(p.Network, p.Upstreams)
	}
}

func diameterFor(network string, manholes int) int {
	steps := []struct{ upTo, mm int }{{60, 200}, {200, 250}, {500, 300}, {1000, 400}, {2500, 600}, {math.MaxInt, 800}}
	if network == Storm {
		steps = []struct{ upTo, mm int }{{8, 300}, {25, 400}, {60, 500}, {150, 600}, {400, 800}, {math.MaxInt, 1000}}
	}
	i := slices.IndexFunc(steps, func(s struct{ upTo, mm int }) bool { return manholes <= s.upTo })
	return steps[i].mm
}

// leastSlope is the slope at which a pipe still cleans itself: the wider, the flatter.
func leastSlope(diameter int) float64 { return max(0.0012, .8/float64(diameter)) }

// setLevels gives manholes and pipes their levels: each pipe falls, no manhole is deeper than
// mostDepth, and pumps lift what would be. A few manholes are faulty.
func (s *Sewers) setLevels(ground *Terrain, r *rand.Rand) {
	for i := range s.Manholes {
		m := &s.Manholes[i]
		m.CoverLevel = ground.Level(m.Position)
		m.InvertLevel = m.CoverLevel - leastDepth - .7*r.Float64()
	}
	// Pipes stand after those that they flow into, so that what comes to a manhole is known
	// before what leaves it.
	falls := make([]bool, len(s.Manholes)) // something comes in by gravity
	for i := len(s.Pipes) - 1; i >= 0; i-- {
		p := &s.Pipes[i]
		up, down := &s.Manholes[p.Upstream], &s.Manholes[p.Downstream]
		arrives := up.InvertLevel - .01 - leastSlope(p.Diameter)*planar.Length(p.Geometry)
		if down.CoverLevel-arrives > mostDepth {
			p.Forced, up.Kind = true, Pump
			continue
		}
		falls[p.Downstream] = true
		down.InvertLevel = min(down.InvertLevel, arrives)
	}
	for i := range s.Manholes {
		m := &s.Manholes[i]
		draw := r.Float64()
		if raise := min(.6, m.CoverLevel-m.InvertLevel-.8); draw < faulty && m.Kind == Inspection && falls[i] && raise > .3 {
			m.Faulty = true
			m.InvertLevel += raise
		}
		m.CoverLevel, m.InvertLevel = toCentimetre(m.CoverLevel), toCentimetre(m.InvertLevel)
	}
	for i := range s.Pipes {
		p := &s.Pipes[i]
		p.InvertUp, p.InvertDown = s.Manholes[p.Upstream].InvertLevel, s.Manholes[p.Downstream].InvertLevel
		if p.Forced { // it arrives above the water
			p.InvertDown = max(p.InvertDown, toCentimetre(s.Manholes[p.Downstream].CoverLevel-1))
		}
	}
}

func toCentimetre(level float64) float64 { return math.Round(level*100) / 100 }

// connect joins each parcel that has an address to the nearest foul pipe, unless that is far:
// such a parcel has a tank of its own.
func (s *Sewers) connect(t *Town) {
	var pipes rtree.RTreeG[int]
	for i, p := range s.Pipes {
		if p.Network == Foul {
			b := p.Geometry.Bound()
			pipes.Insert(b.Min, b.Max, i)
		}
	}
	served := make([]bool, len(t.Parcels))
	for _, a := range t.Addresses {
		if served[a.Parcel] {
			continue
		}
		served[a.Parcel] = true
		best, nearest := -1, connectReach
		pipes.Nearby(rtree.BoxDist[float64, int](a.Position, a.Position, nil), func(_, _ [2]float64, i int, squared float64) bool {
			if squared > nearest*nearest {
				return false
			}
			if d := planar.DistanceFrom(s.Pipes[i].Geometry, a.Position); d < nearest || d == nearest && i < best {
				best, nearest = i, d
			}
			return true
		})
		if best >= 0 {
			s.Connections = append(s.Connections, Connection{Parcel: a.Parcel, Pipe: best, Position: a.Position})
		}
	}
}
