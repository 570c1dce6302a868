package tiles

import (
	"slices"
	"sync"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

// versions tells the versions of tiles: a number for each, which is another
// after every change that may show in it. A tile is kept under the version that
// it had before it was made. So one that was overtaken by a change while it was
// made is never looked for again, and nothing needs to be taken away in time.
//
// A version is a sum over the changes that touched the tile, so that it does
// not depend on the order in which they were heard: transactions commit out of
// the order of their numbers.
type versions struct {
	mu     sync.RWMutex
	layers map[string]*marks
}

// marks are what changes left on the tiles of a layer.
type marks struct {
	all       uint64                  // on every tile
	united    uint64                  // on every tile of zooms at which features stand for several
	at, below map[maptile.Tile]uint64 // on a tile alone, and on all below it
}

const (
	// maxMarks are kept for a layer, some 100 MB; with one more all its tiles
	// get other versions and it begins anew.
	maxMarks = 1 << 20
	// maxSpan is how many tiles of a zoom are marked one by one. Of a wider
	// change those above that it touches stand for all below them.
	maxSpan = 64
)

func newVersions() *versions { return &versions{layers: map[string]*marks{}} }

// of is the version of a tile.
func (v *versions) of(l *layers.Layer, t maptile.Tile) uint64 {
	v.mu.RLock()
	defer v.mu.RUnlock()
	m := v.layers[l.ID]
	if m == nil {
		return 0
	}
	if l.Tiles.Overview(int(t.Z)).Aggregates() {
		return m.all + m.united
	}
	sum := m.all + m.at[t]
	if len(m.below) == 0 {
		return sum
	}
	for t.Z > 0 {
		t = t.Parent()
		sum += m.below[t]
	}
	return sum
}

// change gives the tiles that a box touches, from the least zoom of a layer to
// its greatest, other versions. Where features stand for several, all tiles of
// the zoom get one: what stands for the one that changed may reach anywhere, and
// how far it did before no server need know.
func (v *versions) change(l *layers.Layer, b layers.BBox, seq int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	m, mark := v.marksOf(l.ID), stir(seq)
	if slices.ContainsFunc(l.Tiles.Overviews, func(o layers.Overview) bool { return o.Aggregates() }) {
		m.united += mark
	}
	var above []maptile.Tile
	for z := maptile.Zoom(l.Tiles.MinZoom); z <= maptile.Zoom(l.Tiles.MaxZoom); z++ {
		r := touched(b, z)
		if r.size() > maxSpan {
			if above == nil {
				m.all += mark
			}
			for _, t := range above {
				m.below[t] += mark
			}
			break
		}
		above = above[:0]
		united := l.Tiles.Overview(int(z)).Aggregates()
		for x := r.minX; x <= r.maxX; x++ {
			for y := r.minY; y <= r.maxY; y++ {
				t := maptile.New(uint32(x), uint32(y), z)
				if !united {
					m.at[t] += mark
				}
				above = append(above, t)
			}
		}
	}
	if len(m.at)+len(m.below) > maxMarks {
		v.layers[l.ID] = newMarks(m.sum())
	}
}

// changeAll gives every tile of a layer another version.
func (v *versions) changeAll(layer string, seq int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.marksOf(layer).all += stir(seq)
}

// forget forgets every change.
func (v *versions) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.layers)
}

func (v *versions) marksOf(layer string) *marks {
	if v.layers[layer] == nil {
		v.layers[layer] = newMarks(0)
	}
	return v.layers[layer]
}

func newMarks(all uint64) *marks {
	return &marks{all, 0, map[maptile.Tile]uint64{}, map[maptile.Tile]uint64{}}
}

// sum is what no tile of the layer had as its version: all marks, stirred.
func (m *marks) sum() uint64 {
	sum := m.all + m.united
	for _, mark := range m.at {
		sum += mark
	}
	for _, mark := range m.below {
		sum += mark
	}
	return stir(int64(sum))
}

// stir makes a number of 64 bits of one, so that sums of different ones differ
// (SplitMix64: Steele, Lea and Flood, 2014).
func stir(n int64) uint64 {
	x := uint64(n)*0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
