package tiles

import (
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

// A tile that two servers are asked for at once is made once.
func TestATileAskedOfTwoServersAtOnceIsMadeOnce(t *testing.T) {
	for kind, address := range caches(t) {
		t.Run(kind, func(t *testing.T) {
			w := newTown(t)
			w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
			servers := []town{w.other(t, address), w.other(t, address)}
			for z := maptile.Zoom(14); z < 19; z++ {
				at := maptile.At(home, z)
				unlock := w.lock(t)
				made := map[Made]int{}
				var mu sync.Mutex
				var busy sync.WaitGroup
				for _, s := range servers {
					for range 3 {
						busy.Go(func() {
							tile := s.tile(t, layers.Viewer{}, at, "land.parcels")
							mu.Lock()
							defer mu.Unlock()
							made[tile.Made]++
						})
					}
				}
				w.waitForLock(t) // somebody makes it
				unlock()
				busy.Wait()
				if made[FromRows] != 3 || made[FromShared] != 3 {
					t.Errorf("zoom %d: made %v, by one server for all that ask it and taken by the other", z, made)
				}
			}
		})
	}
}

// A server that died while it made a tile does not keep others from making it.
func TestALeaseRunsOut(t *testing.T) {
	for kind, address := range caches(t) {
		t.Run(kind, func(t *testing.T) {
			w := newTown(t)
			w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)))
			s := w.other(t, address)
			at := maptile.At(home, 16)
			files, err := s.filesOf(ctx, s.renew(s.layers.Catalog()))
			if err != nil {
				t.Fatal(err)
			}
			place := s.shared.Load().place(s.key(t, at), files, time.Now())
			if !s.shared.Load().lease(ctx, place) || s.shared.Load().lease(ctx, place) {
				t.Fatal("a lease is not had once")
			}
			began := time.Now()
			tile := s.tile(t, layers.Viewer{}, at, "land.parcels")
			if took := time.Since(began); tile.Made != FromRows || took < leaseTime/2 || took > 3*leaseTime {
				t.Errorf("made from %q after %v", tile.Made, took)
			}
			if !s.shared.Load().lease(ctx, place) {
				t.Error("the lease outlives its time")
			}
		})
	}
}
