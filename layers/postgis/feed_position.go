package postgis

import (
	"context"
	"time"

	"arpent/layers"
)

// Position is how far the feed has told changes: the number of transactions that
// had ended when it read last, which only grows, and is the same in every process.
// Whoever learned of a write by this process finds it in any other that has
// reached the position.
func (f *Feed) Position() int64 { return f.position.Load() }

// Reach returns when every change that the position of some process comprises
// has been handed to the handlers. A position that no process can have had asks
// for no more than Sync does.
func (f *Feed) Reach(ctx context.Context, position int64) error {
	reached := func() bool { return f.position.Load() >= position }
	if reached() {
		return nil
	}
	asked := time.Now()
	return f.hear(ctx, func() bool { return reached() || f.heardSince(asked) })
}

// Current reports whether every change that was committed more than Lag ago has
// been told.
func (f *Feed) Current() bool {
	last := f.heard.Load()
	return last != nil && age(*last, time.Now()) <= Lag
}

// Check is an error that says for how long the feed is not current; nil while it
// is. The log says why.
func (f *Feed) Check() error {
	last := f.heard.Load()
	switch {
	case f.Current():
		return nil
	case last == nil:
		return layers.Errorf(layers.Unavailable, "nothing has been heard of changes yet")
	}
	return layers.Errorf(layers.Unavailable, "nothing has been heard of changes for %v: tiles are made for each request until all of them are known", age(*last, time.Now()).Round(time.Millisecond))
}

// age is the time between two moments by the clock that runs on when the wall
// clock is set, or by the wall clock, which runs on while a machine sleeps: the
// longer of both.
func age(from, to time.Time) time.Duration {
	return max(to.Sub(from), to.Round(0).Sub(from.Round(0)))
}
