// Package knocks tells whoever waits that something is other than it was, by its
// name and no more: who hears it looks, with the rights that it has.
package knocks

import (
	"context"
	"sync"
)

// Door hands knocks on to all who are subscribed. The zero value is ready.
type Door struct {
	mu  sync.Mutex
	all map[chan string]struct{}
}

// Subscribe tells what is knocked about until ctx ends; "" for anything. Knocks
// that nobody takes are dropped, but for a last "".
func (d *Door) Subscribe(ctx context.Context) <-chan string {
	knocks := make(chan string, 64)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil {
		d.all = map[chan string]struct{}{}
	}
	d.all[knocks] = struct{}{}
	context.AfterFunc(ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.all, knocks)
	})
	return knocks
}

// Knock hands a name on, as a channel of the database carries it.
func (d *Door) Knock(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for knocks := range d.all {
		told := name
		if len(knocks) == cap(knocks)-1 {
			told = "" // who is so far behind looks at everything
		}
		select {
		case knocks <- told:
		default:
		}
	}
}
