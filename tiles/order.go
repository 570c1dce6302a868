package tiles

import "github.com/paulmach/orb/maptile"

// Order numbers tiles zoom by zoom, along a Hilbert curve in each: the order in
// which Walk goes, and that of PMTiles (section 4.1 of its specification).
func Order(t maptile.Tile) uint64 {
	id := (uint64(1)<<(2*t.Z) - 1) / 3 // the tiles of the zooms above
	x, y := t.X, t.Y
	for side := uint32(1) << t.Z >> 1; side > 0; side >>= 1 {
		right, low := x&side != 0, y&side != 0
		var quarter uint64
		switch {
		case right && low:
			quarter = 2
		case right:
			quarter = 3
		case low:
			quarter = 1
		}
		id += quarter * uint64(side) * uint64(side)
		if !low { // the curve is turned there
			if right {
				x, y = side-1-x&(side-1), side-1-y&(side-1)
			}
			x, y = y, x
		}
		x, y = x&(side-1), y&(side-1)
	}
	return id
}
