package archive

import (
	"testing"

	"github.com/paulmach/orb/maptile"
)

func TestTilesAreNumberedAsTheSpecificationOfPMTilesDoes(t *testing.T) {
	for at, want := range map[maptile.Tile]uint64{
		maptile.New(0, 0, 0): 0, maptile.New(0, 0, 1): 1, maptile.New(0, 1, 1): 2, maptile.New(1, 1, 1): 3, maptile.New(1, 0, 1): 4,
		maptile.New(0, 0, 2): 5, maptile.New(3423, 1763, 12): 19078479,
	} {
		if got := hilbertID(at); got != want {
			t.Errorf("tile %v has number %d, want %d", at, got, want)
		}
	}
}

func TestALongListOfTilesGoesIntoDirectoriesBelowTheRoot(t *testing.T) {
	var all []entry
	for i := range uint64(200_000) { // differences that do not compress
		all = append(all, entry{id: i*7 + i*i%5, offset: i * i * 2654435761 % (1 << 40), length: uint32(i*2654435761%4000 + 100), run: 1})
	}
	root, leaves, err := directories(all)
	if err != nil || len(root) > rootBytes-headerBytes || len(leaves) == 0 {
		t.Errorf("a root of %d bytes, %d bytes below, %v", len(root), len(leaves), err)
	}
}
