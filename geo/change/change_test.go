package change_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"arpent/geo/change"
)

type of = change.Of[string, int]

// apply is what a change does to things with names.
func apply(to map[string]int, ch of) map[string]int {
	now := maps.Clone(to)
	for id := range ch.Before {
		delete(now, id)
	}
	maps.Copy(now, ch.After)
	return now
}

// some is a random change of what there is.
func some(rng *rand.Rand, there map[string]int) of {
	ch := of{Before: map[string]int{}, After: map[string]int{}}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		was, stands := there[id]
		switch rng.IntN(3) {
		case 0:
			if stands {
				ch.Before[id] = was
			}
		case 1:
			if stands {
				ch.Before[id] = was
			}
			ch.After[id] = rng.IntN(3)
		}
	}
	return ch
}

func TestThenAndInverse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	same := func(a, b int) bool { return a == b }
	for range 5000 {
		start := apply(map[string]int{}, some(rng, nil))
		first := some(rng, start)
		middle := apply(start, first)
		second := some(rng, middle)
		end := apply(middle, second)
		both := first.Then(second, same)
		if got := apply(start, both); !maps.Equal(got, end) {
			t.Fatalf("%v then %v of %v is %v, at once %v", first, second, start, end, got)
		}
		if got := apply(end, both.Inverse()); !maps.Equal(got, start) {
			t.Fatalf("%v taken back is %v, not %v", both, got, start)
		}
		for _, id := range both.IDs() {
			was, stood := start[id]
			if now, stands := end[id]; stood == stands && was == now {
				t.Fatalf("%s is the same before and after, and yet in %v", id, both)
			}
		}
	}
}

func TestCreatedAndDeleted(t *testing.T) {
	ch := of{Before: map[string]int{"stays": 1, "goes": 2}, After: map[string]int{"stays": 3, "new": 4}}
	if !slices.Equal(ch.IDs(), []string{"goes", "new", "stays"}) || !slices.Equal(ch.Created(), []string{"new"}) || !slices.Equal(ch.Deleted(), []string{"goes"}) {
		t.Errorf("%v: %v, %v made, %v gone", ch, ch.IDs(), ch.Created(), ch.Deleted())
	}
}
