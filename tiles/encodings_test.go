package tiles

import (
	"bytes"
	"compress/gzip"
	"io"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/paulmach/orb/maptile"
	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/tiles/memory"
)

// A tile is packed once in each encoding, however many ask at once, has an ETag of
// its own in each, and is the same unpacked.
func TestATileIsPackedOnceInEachEncoding(t *testing.T) {
	for _, data := range [][]byte{[]byte("short"), bytes.Repeat([]byte("a tile of parcels, "), 5000)} {
		tile := tileOf(data, FromRows, memory.Share{})
		tags := map[string]bool{}
		for e, unpack := range map[Encoding]func(io.Reader) io.Reader{
			Identity: func(r io.Reader) io.Reader { return r },
			Gzip: func(r io.Reader) io.Reader {
				unpacked, err := gzip.NewReader(r)
				if err != nil {
					t.Fatal(err)
				}
				return unpacked
			},
			Brotli: func(r io.Reader) io.Reader { return brotli.NewReader(r) },
		} {
			if tile.Packed(e) != (e == Identity) {
				t.Errorf("%v: the tile is packed before anybody asked", e)
			}
			var asking sync.WaitGroup
			all := make([][]byte, 8)
			for i := range all {
				asking.Go(func() { all[i] = tile.In(e) })
			}
			asking.Wait()
			for _, each := range all {
				if &each[0] != &all[0][0] {
					t.Errorf("%v: the tile is packed more than once", e)
				}
			}
			if got, err := io.ReadAll(unpack(bytes.NewReader(all[0]))); err != nil || !bytes.Equal(got, data) || !tile.Packed(e) {
				t.Errorf("%v: unpacked it has %d bytes, %v", e, len(got), err)
			}
			tags[tile.Tag(e)] = true
		}
		if len(tags) != int(encodings) || tile.Tag(Gzip) != `"`+tile.ETag+`-gzip"` {
			t.Errorf("the tags are %v", tags)
		}
	}
	if empty := tileOf(nil, "", memory.Share{}); len(empty.In(Gzip)) > 0 || len(empty.In(Brotli)) > 0 {
		t.Error("a tile without features is packed")
	}
}

// A composite is joined and packed once, until one of its parts is another.
func TestACompositeIsKeptUnderItsParts(t *testing.T) {
	eitherWay(t, func(t *testing.T, w town) {
		street := layers.Edit{Op: layers.Create, Layer: "land.streets", Collectivity: "00001", Properties: map[string]any{"name": "Rue Haute"},
			Geometry: geom.NewLineStringFlat(geom.XY, []float64{573990, 6279000, 574050, 6279010}).SetSRID(2154)}
		w.edit(t, parcel(layers.Create, 1, square(574000, 6279000, 30)), street)
		at := maptile.At(home, 16)
		first := w.tile(t, layers.Viewer{}, at, "land.streets", "land.parcels")
		packed := first.In(Gzip)
		again := w.tile(t, layers.Viewer{}, at, "land.streets", "land.parcels")
		if again != first || &again.In(Gzip)[0] != &packed[0] {
			t.Error("the composite is made anew for the second")
		}
		if other := w.tile(t, layers.Viewer{}, at, "land.parcels", "land.streets"); other.ETag == first.ETag {
			t.Error("another order has the same ETag")
		}
		alone := w.tile(t, layers.Viewer{}, at, "land.parcels")
		w.edit(t, parcel(layers.Replace, 1, square(574000, 6279000, 31)))
		if got := w.tile(t, layers.Viewer{}, at, "land.streets", "land.parcels"); got.ETag == first.ETag || bytes.Equal(got.Data, first.Data) {
			t.Error("the composite is what it was before a part was changed")
		}
		w.edit(t, parcel(layers.Replace, 1, square(574000, 6279000, 30)))
		if got := w.tile(t, layers.Viewer{}, at, "land.parcels"); got.ETag != alone.ETag {
			t.Errorf("what is again as it was has the ETag %s, had %s", got.ETag, alone.ETag)
		}
		if got := w.tile(t, layers.Viewer{}, at, "land.streets", "land.parcels"); got != first {
			t.Error("the composite of what is again as it was is made anew")
		}
		east := maptile.At([2]float64{1.45249, 43.59917}, 16)
		w.edit(t, parcel(layers.Create, 2, square(575000, 6279000, 30)))
		if one := w.tile(t, layers.Viewer{}, east, "land.streets", "land.parcels"); one != w.tile(t, layers.Viewer{}, east, "land.parcels") {
			t.Error("a composite of which one layer is there is not that layer's tile")
		}
		if none := w.tile(t, layers.Viewer{}, maptile.New(0, 0, 16), "land.streets", "land.parcels"); !none.Empty() || none.Tag(Identity) == "" {
			t.Error("a composite of nothing is something")
		}
	})
}
