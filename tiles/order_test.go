package tiles

import (
	"testing"

	"github.com/paulmach/orb/maptile"
)

func TestTilesAreNumberedAsTheSpecificationOfPMTilesDoes(t *testing.T) {
	for at, want := range map[maptile.Tile]uint64{
		maptile.New(0, 0, 0): 0, maptile.New(0, 0, 1): 1, maptile.New(0, 1, 1): 2, maptile.New(1, 1, 1): 3, maptile.New(1, 0, 1): 4,
		maptile.New(0, 0, 2): 5, maptile.New(3423, 1763, 12): 19078479,
	} {
		if got := Order(at); got != want {
			t.Errorf("tile %v has number %d, want %d", at, got, want)
		}
	}
}
