package memory_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"

	"arpent/tiles/memory"
	"arpent/tiles/mvt"
)

// BenchmarkTown holds a town of a million parcels of eight vertices and five
// attributes, and encodes its tiles one after another.
func BenchmarkTown(b *testing.B) {
	const columns = 1000
	used := func() float64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / 1e6
	}
	before := used()
	var l *memory.Layer
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			l = nil
			l = load(b, town(columns))
		}
		b.ReportMetric(used()-before, "MB")
		b.ReportMetric(float64(l.Size())/1e6, "counted-MB")
	})
	if l == nil {
		l = load(b, town(columns))
	}
	for z := 10; z <= 18; z++ {
		b.Run(fmt.Sprintf("encode/zoom=%d", z), func(b *testing.B) { encodeTiles(b, l, []int{z}) })
	}
	b.Run("encode/zoom=14-16", func(b *testing.B) { encodeTiles(b, l, []int{14, 15, 16}) })
	b.Run("apply", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			id := fmt.Sprintf("31555%09d", n*7919%1_000_000)
			if err := l.Apply([]string{id}, rows(row(id, "31555", "changed", parcel(n%columns, n/columns%columns), b))); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOverviews holds the same town of 1,600 sections, united by these, and encodes the tiles of low zooms one by one, united, and within a budget.
func BenchmarkOverviews(b *testing.B) {
	const columns = 1000
	sections := func(yield func(*memory.Row, error) bool) {
		for r, err := range town(columns) {
			n := int(r.Number)
			r.Values[0] = mvt.AppendText(nil, fmt.Sprint(n%columns/25, " ", n/columns/25)) // 1,600 sections of 625 parcels
			if !yield(r, err) {
				return
			}
		}
	}
	options := memory.Options{Fields: 5, MaxZoom: 18}
	var plain, l *memory.Layer
	var err error
	spent := func(b *testing.B, since float64) { b.ReportMetric(1000*(processor()-since)/float64(b.N), "cpu-ms/op") }
	b.Run("load", func(b *testing.B) {
		defer spent(b, processor())
		for b.Loop() {
			if plain, err = memory.Load(options, sections); err != nil {
				b.Fatal(err)
			}
		}
	})
	options.Unions = [][]int{{0}}
	b.Run("load-united", func(b *testing.B) {
		defer spent(b, processor())
		for b.Loop() {
			if l, err = memory.Load(options, sections); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(l.Size()-plain.Size())/1e6, "MB-of-overview")
	})
	groups, err := l.United(0)
	if err != nil {
		b.Fatal(err)
	}
	budget := everything
	budget.Budget = 500_000
	for name, c := range map[string]struct {
		layer *memory.Layer
		view  memory.View
	}{"each": {l, everything}, "budget": {l, budget}, "united": {groups, united}} {
		for z := 9; z <= 13; z++ {
			b.Run(fmt.Sprintf("%s/zoom=%d", name, z), func(b *testing.B) {
				x, y := 8255>>(14-z)+1, 5991>>(14-z)+1 // in the midst, where the town is larger than the tile
				if z < 11 {
					x, y = x-1, y-1
				}
				var tile []byte
				defer spent(b, processor())
				for b.Loop() {
					if tile, _, err = c.layer.Encode(tile[:0], z, x, y, &c.view); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(tile)), "bytes")
			})
		}
	}
	b.Run("edit", func(b *testing.B) {
		defer spent(b, processor())
		n := 0
		for b.Loop() {
			n++
			id := fmt.Sprintf("31555%09d", n*7919%1_000_000)
			if err := l.Apply([]string{id}, rows(row(id, "31555", "changed", parcel(n%columns, n/columns%columns), b))); err != nil {
				b.Fatal(err)
			}
			if _, err := l.United(0); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// processor is the time in seconds that this process has had.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// encodeTiles encodes tiles in the town, of each zoom as many.
func encodeTiles(b *testing.B, l *memory.Layer, zooms []int) {
	random := rand.New(rand.NewPCG(1, 0))
	var tile []byte
	size := 0
	b.ReportAllocs()
	start := processor()
	for i := 0; b.Loop(); i++ {
		z := zooms[i%len(zooms)]
		x, y := 8255>>max(14-z, 0)<<max(z-14, 0), 5991>>max(14-z, 0)<<max(z-14, 0)
		span := 1
		if z >= 14 {
			span = 16 << (z - 14)
		}
		var err error
		if tile, _, err = l.Encode(tile[:0], z, x+random.IntN(span), y+random.IntN(span), &everything); err != nil {
			b.Fatal(err)
		}
		size += len(tile)
	}
	b.ReportMetric(float64(size)/float64(b.N), "bytes/tile")
	b.ReportMetric(float64(b.N)/(processor()-start), "tiles/cpu-s") // whatever else runs on the machine
}
