package main_test

import (
	"math/rand/v2"
	"sync"
	"time"
)

// thing is a feature of the soak test with all the versions it had. Its edits come
// one after the other, so that each version is there from somewhen between its
// own begin and end until somewhen between those of the next.
type thing struct {
	id   string
	busy sync.Mutex // held by who edits

	mu       sync.Mutex
	versions []version // by number
}

// version is a square, or one on its corner, in EPSG:3857; or that there is none.
type version struct {
	x, y, side  float64
	corner      bool
	gone        bool
	begun, done time.Time // sent, and known to be committed; zero while it is not
}

// bounds are those of its shape.
func (v version) bounds() (minX, minY, maxX, maxY float64) {
	return v.x, v.y, v.x + v.side, v.y + v.side
}

// ring is its shape, closed.
func (v version) ring() [][2]float64 {
	a, b, c, d := v.x, v.y, v.x+v.side, v.y+v.side
	if v.corner {
		mx, my := v.x+v.side/2, v.y+v.side/2
		return [][2]float64{{mx, b}, {c, my}, {mx, d}, {a, my}, {mx, b}}
	}
	return [][2]float64{{a, b}, {c, b}, {c, d}, {a, d}, {a, b}}
}

// begin notes that another version is about to be sent, and answers its number.
func (t *thing) begin(v version) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	v.begun = time.Now()
	t.versions = append(t.versions, v)
	return len(t.versions) - 1
}

// end notes that the last version is committed.
func (t *thing) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.versions[len(t.versions)-1].done = time.Now()
}

// last is the last version, with its number.
func (t *thing) last() (version, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.versions) - 1
	return t.versions[n], n
}

// allowed are the numbers of the versions that a tile may show that was asked for
// and answered at these moments, when each must be shown a lag after it was committed.
func (t *thing) allowed(asked, answered time.Time, lag time.Duration) (from, to int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	to = len(t.versions) - 1
	for to > 0 && t.versions[to].begun.After(answered) {
		to--
	}
	for from = to; from > 0; from-- {
		if v := t.versions[from]; !v.done.IsZero() && !v.done.After(asked.Add(-lag)) {
			break
		}
	}
	return from, to
}

// at is a version by its number, and the moment at which it was no more for sure;
// zero while nobody knows.
func (t *thing) at(n int) (v version, over time.Time, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n < 0 || n >= len(t.versions) {
		return version{}, time.Time{}, false
	}
	if n+1 < len(t.versions) {
		over = t.versions[n+1].done
	}
	return t.versions[n], over, true
}

// moved is another version near the first.
func (t *thing) moved(random *rand.Rand) version {
	first, _, _ := t.at(0)
	return version{
		x: first.x + float64(random.IntN(60)), y: first.y + float64(random.IntN(60)),
		side: float64(8 + random.IntN(32)), corner: random.IntN(2) == 0,
	}
}
