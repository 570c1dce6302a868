package tiles

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

func layerOf(minZoom, maxZoom int) *layers.Layer {
	l := &layers.Layer{ID: "l"}
	l.Tiles.MinZoom, l.Tiles.MaxZoom = minZoom, maxZoom
	return l
}

// mercatorBox is a box of some metres around a place, in EPSG:3857.
func mercatorBox(x, y, side float64) layers.BBox {
	return layers.BBox{MinX: x, MinY: y, MaxX: x + side, MaxY: y + side, SRID: 3857}
}

// Exactly the tiles that a change touches get another version, or, of a wide
// one, those below the tiles that it touches.
func TestATileHasAnotherVersionAfterEachChangeThatTouchesIt(t *testing.T) {
	const seed = 5
	random := rand.New(rand.NewPCG(seed, 0))
	l := layerOf(10, 18)
	v := newVersions()
	for seq := range int64(300) {
		side := []float64{1, 50, 2000, 60_000, 1e6}[random.IntN(5)]
		b := mercatorBox(160_000+random.Float64()*5000, 5_404_000+random.Float64()*5000, side)
		before := map[maptile.Tile]uint64{}
		for range 200 {
			z := maptile.Zoom(10 + random.IntN(9))
			r := touched(b, z)
			at := maptile.New(uint32(r.minX+random.IntN(r.maxX-r.minX+3)-1), uint32(r.minY+random.IntN(r.maxY-r.minY+3)-1), z)
			before[at] = v.of(l, at)
		}
		v.change(l, b, seq)
		for at, was := range before {
			r := touched(b, at.Z)
			changed := v.of(l, at) != was
			if r.holds(at) && !changed {
				t.Fatalf("seed %d: a box of %g m touches %v, whose version stays", seed, side, at)
			}
			if changed && !r.holds(at) && r.size() <= maxSpan {
				t.Fatalf("seed %d: a box of %g m does not touch %v, whose version is another", seed, side, at)
			}
		}
	}
}

func TestVersionsDoNotDependOnTheOrderOfChanges(t *testing.T) {
	l := layerOf(10, 18)
	at := maptile.At(home, 16)
	x, y := 160_311.0, 5_404_000.0
	one, other := newVersions(), newVersions()
	for seq := range int64(20) {
		one.change(l, mercatorBox(x, y, float64(seq*seq*seq*10)), seq)
	}
	for seq := int64(19); seq >= 0; seq-- {
		other.change(l, mercatorBox(x, y, float64(seq*seq*seq*10)), seq)
	}
	for z := maptile.Zoom(10); z <= 18; z++ {
		if at := maptile.At(orb.Point{1.44011, 43.59899}, z); one.of(l, at) != other.of(l, at) {
			t.Errorf("the version of %v depends on the order", at)
		}
	}
	if one.of(&layers.Layer{ID: "another"}, at) != 0 || one.of(l, maptile.At(orb.Point{7, 48}, 16)) != 0 {
		t.Error("what nothing touched has another version")
	}
}

func TestMoreMarksThanMayBeKeptGiveEveryTileAnotherVersion(t *testing.T) {
	l := layerOf(10, 18)
	v := newVersions()
	far := maptile.At(orb.Point{7, 48}, 16)
	seen := map[uint64]bool{v.of(l, far): true}
	for seq := int64(0); len(seen) < 3; seq++ {
		v.change(l, mercatorBox(float64(seq%2000)*700, float64(seq/2000)*700, 1), seq)
		m := v.layers["l"]
		if n := len(m.at) + len(m.below); n > maxMarks {
			t.Fatalf("%d marks are kept", n)
		}
		if m.all != 0 && len(m.at) == 0 {
			if now := v.of(l, far); seen[now] {
				t.Fatal("a version comes back")
			} else {
				seen[now] = true
			}
		}
	}
}
