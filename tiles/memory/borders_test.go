package memory_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"arpent/tiles/memory"
	"arpent/tiles/mvt"
	"arpent/tiles/tiletest"
)

// wiggle is a way from a to b, as crooked as a brook.
func wiggle(random *rand.Rand, a, b orb.Point, depth int) []orb.Point {
	if depth == 0 {
		return []orb.Point{a}
	}
	d := 0.15 * math.Hypot(b[0]-a[0], b[1]-a[1])
	middle := orb.Point{(a[0]+b[0])/2 + d*(random.Float64()-0.5), (a[1]+b[1])/2 + d*(random.Float64()-0.5)}
	return append(wiggle(random, a, middle, depth-1), wiggle(random, middle, b, depth-1)...)
}

func backwards(way []orb.Point) []orb.Point {
	way = slices.Clone(way)
	slices.Reverse(way)
	return way
}

// Neighbours meet at every zoom, though most of what is between them is left
// out: each edge of one is an edge of its neighbour the other way around.
func TestNeighboursMeetAtEveryZoom(t *testing.T) {
	t.Run("crooked", func(t *testing.T) { neighboursMeet(t, 7) })
	t.Run("so crooked that changes are pinned", func(t *testing.T) { neighboursMeet(t, 14) })
}

// neighboursMeet has ways of 2 to the power of depth vertices.
func neighboursMeet(t *testing.T, depth int) {
	const seed = 4
	random := rand.New(rand.NewPCG(seed, 0))
	// A square of 1 km cut into quarters, an island in its middle.
	at := func(i, j float64) orb.Point { return orb.Point{corner[0] + 300 + 500*i, corner[1] - 300 - 500*j} }
	way := func(a, b orb.Point) []orb.Point { return wiggle(random, a, b, depth) }
	ring := func(ways ...[]orb.Point) orb.Ring {
		r := orb.Ring(slices.Concat(ways...))
		return append(r, r[0])
	}
	to := func(w []orb.Point, b orb.Point) []orb.Point { return append(slices.Clone(w), b) } // with its end
	back := func(w []orb.Point, b orb.Point) []orb.Point {                                   // without its end
		w = backwards(to(w, b))
		return w[:len(w)-1]
	}
	middle := at(1, 1)
	n, e, s, w := way(middle, at(1, 0)), way(middle, at(2, 1)), way(middle, at(1, 2)), way(middle, at(0, 1))
	island := ring(way(at(0.3, 0.3), at(0.6, 0.3)), way(at(0.6, 0.3), at(0.5, 0.6)), way(at(0.5, 0.6), at(0.3, 0.3)))
	hole := orb.Ring(backwards(island))
	hole = append(hole[40:len(hole)-1:len(hole)-1], hole[:41]...) // begun elsewhere
	l := load(t, rows(
		row("nw", "1", "", orb.Polygon{ring([]orb.Point{at(0, 0)}, back(w, at(0, 1))[:1], back(w, at(0, 1))[1:], to(n, at(1, 0))), hole}, t),
		row("ne", "1", "", orb.Polygon{ring([]orb.Point{at(2, 0)}, back(n, at(1, 0)), to(e, at(2, 1)))}, t),
		row("se", "1", "", orb.Polygon{ring([]orb.Point{at(2, 2)}, back(e, at(2, 1)), to(s, at(1, 2)))}, t),
		row("sw", "1", "", orb.Polygon{ring([]orb.Point{at(0, 2)}, back(s, at(1, 2)), to(w, at(0, 1)))}, t),
		row("island", "1", "", orb.Polygon{island}, t)))
	before := 0
	check := func(name string, fewer bool) {
		for z := 6; z <= 14; z++ {
			type edge [4]int
			has := map[edge]int{}
			count := 0
			for _, f := range tiletest.Decode(t, encode(t, l, z, 8255>>(14-z), 5991>>(14-z), &everything))[0].Features {
				for _, part := range f.Parts {
					for i := range part[1:] {
						has[edge{part[i][0], part[i][1], part[i+1][0], part[i+1][1]}]++
						count++
					}
				}
			}
			alone := 0
			for e := range has {
				if has[edge{e[2], e[3], e[0], e[1]}] == 0 {
					alone++
				}
			}
			if alone > 8 { // the eight pieces of the outline
				t.Errorf("seed %d, %s, zoom %d: %d of %d edges are met by no neighbour", seed, name, z, alone, count)
			}
			if fewer && z > 6 && count < before {
				t.Errorf("zoom %d has fewer edges (%d) than the one before (%d)", z, count, before)
			}
			before = count
		}
	}
	check("as loaded", true)
	if before > 7<<depth {
		t.Errorf("zoom 14 has %d edges of %d: next to nothing was left out", before, 14<<depth)
	}
	err := l.Apply([]string{"ne"}, rows(row("ne", "1", "", orb.Polygon{ring([]orb.Point{at(2, 0)}, back(n, at(1, 0)), to(e, at(2, 1)))}, t)))
	if err != nil {
		t.Fatal(err)
	}
	check("after a change", false)
	l.Pack()
	check("packed", true)
}

// What is drawn is no further from the truth than can be seen.
func TestWhatIsLeftOutCannotBeSeen(t *testing.T) {
	const seed = 6
	random := rand.New(rand.NewPCG(seed, 0))
	from, to := orb.Point{corner[0] + 100, corner[1] - 100}, orb.Point{corner[0] + 1900, corner[1] - 1500}
	line := orb.LineString(append(wiggle(random, from, to, 9), to))
	l := load(t, rows(row("brook", "1", "", line, t)))
	for z := 8; z <= 14; z++ {
		f := tiletest.Decode(t, encode(t, l, z, 8255>>(14-z), 5991>>(14-z), &everything))[0].Features[0]
		unit := mvt.World / float64(int(1)<<z) / mvt.Extent
		column, row := 8255>>(14-z), 5991>>(14-z)
		x0, y0 := float64(column)*mvt.Extent*unit-mvt.World/2, mvt.World/2-float64(row)*mvt.Extent*unit
		worst := 0.0
		for _, p := range line {
			nearest := math.Inf(1)
			for i := range f.Parts[0][1:] {
				a, b := f.Parts[0][i], f.Parts[0][i+1]
				nearest = min(nearest, apart([2]float64{(p[0] - x0) / unit, (y0 - p[1]) / unit}, a, b))
			}
			worst = max(worst, nearest)
		}
		if worst > 16 { // a pixel
			t.Errorf("seed %d, zoom %d: a vertex is %.1f units from what is drawn in its place", seed, z, worst)
		}
	}
}

// apart is the distance of a place from the way from a to b.
func apart(p [2]float64, a, b [2]int) float64 {
	ax, ay, dx, dy := float64(a[0]), float64(a[1]), float64(b[0]-a[0]), float64(b[1]-a[1])
	s := max(0, min(1, ((p[0]-ax)*dx+(p[1]-ay)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(p[0]-ax-s*dx, p[1]-ay-s*dy)
}

func ExampleLoad() {
	x, y := near(16)
	l, err := memory.Load(memory.Options{Fields: 5, MaxZoom: 18}, town(30))
	if err != nil {
		panic(err)
	}
	tile, _, err := l.Encode(nil, 16, x, y, &everything)
	fmt.Println(l.Len(), len(tile) > 0, err)
	// Output: 900 true <nil>
}
