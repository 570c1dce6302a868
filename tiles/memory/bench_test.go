package memory_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"

	"arpent/tiles/memory"
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
