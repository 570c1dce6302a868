package grid_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"arpent/geo/grid"
)

// place is anywhere within reach, or within some steps of the origin, where
// places meet by chance.
func place(rng *rand.Rand) grid.Point {
	size := int64(grid.Reach)
	if rng.IntN(2) == 0 {
		size = 6
	}
	return grid.Point{X: rng.Int64N(size) - size/2, Y: rng.Int64N(size) - size/2}
}

func TestShareRoundsAsWithoutLimitOfDigits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50_000 {
		n := rng.Int64N(2*grid.Reach) - grid.Reach
		q := 1 + rng.Int64N(math.MaxInt64/2)
		p := rng.Int64N(q + 1)
		if rng.IntN(2) == 0 { // a share is told by two numbers of one sign
			p, q = -p, -q
		}
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(n), big.NewInt(p)), big.NewInt(q))
		if got := grid.Share(n, p, q); exact.FloatString(0) != big.NewInt(got).String() {
			t.Fatalf("Share(%d, %d, %d) = %d, not %s", n, p, q, got, exact.FloatString(0))
		}
	}
}

func TestCrossingIsWithinHalfAStepAndTheSameForAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	found := 0
	for range 50_000 {
		a, b, c, d := place(rng), place(rng), place(rng), place(rng)
		at, crosses := grid.Crossing(a, b, c, d)
		if back, too := grid.Crossing(b, a, d, c); too != crosses || grid.Distance(at, back) > 1.5 {
			t.Fatalf("%v%v with %v%v is %v, the other way %v", a, b, c, d, at, back)
		}
		if !crosses {
			continue
		}
		found++
		if !grid.Hot(a, b, at) && grid.Distance(a, at) > 1 && grid.Distance(b, at) > 1 {
			t.Fatalf("%v%v with %v%v is %v, off the first", a, b, c, d, at)
		}
		if off := math.Abs(float64(grid.Orientation(c, d, at))) / grid.Distance(c, d); off > 0.75 {
			t.Fatalf("%v%v with %v%v is %v, %g steps off the second", a, b, c, d, at, off)
		}
	}
	if found < 1000 {
		t.Errorf("only %d crossed", found)
	}
}

func TestHotIsTheOpenSquare(t *testing.T) {
	for _, c := range []struct {
		a, b, p grid.Point
		hot     bool
	}{
		{grid.Point{X: -4}, grid.Point{X: 4}, grid.Point{}, true},
		{grid.Point{X: -4}, grid.Point{X: 4}, grid.Point{Y: 1}, false},
		{grid.Point{X: -1}, grid.Point{Y: 1}, grid.Point{}, false},             // through the corner
		{grid.Point{X: -3, Y: -1}, grid.Point{X: 4, Y: 1}, grid.Point{}, true}, // slanting
		{grid.Point{X: 1}, grid.Point{X: 9}, grid.Point{}, false},              // begins beside it
		{grid.Point{}, grid.Point{X: 9}, grid.Point{}, true},
	} {
		if got := grid.Hot(c.a, c.b, c.p); got != c.hot {
			t.Errorf("Hot(%v, %v, %v) = %v", c.a, c.b, c.p, got)
		}
	}
}

func TestNearestPlaces(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, tolerance := range []int64{1, 2, 10} {
		places := grid.NewPlaces(tolerance, 100)
		var all []grid.Point
		for range 100 {
			p := grid.Point{X: rng.Int64N(200) - 100, Y: rng.Int64N(200) - 100}
			all = append(all, p)
			places.Add(p)
		}
		limit := float64(tolerance)
		if tolerance == 1 {
			limit = 0
		}
		for range 1000 {
			p := grid.Point{X: rng.Int64N(240) - 120, Y: rng.Int64N(240) - 120}
			least := math.Inf(1)
			for _, q := range all {
				least = min(least, grid.Distance(p, q))
			}
			got, found := places.Nearest(p)
			if found != (least <= limit) || found && grid.Distance(p, got) != least {
				t.Fatalf("within %d of %v: %v %v, the nearest is at %g", tolerance, p, got, found, least)
			}
		}
	}
}

func TestSnapAndBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	for range 10_000 {
		p := place(rng)
		if got := grid.Snap(p.Orb()); got != p {
			t.Fatalf("%v comes back as %v", p, got)
		}
	}
}
