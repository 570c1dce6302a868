package archive_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"testing"

	"github.com/andybalholm/brotli"
	fastgzip "github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb/maptile"
)

var packedFile = flag.String("mbtiles", "", "a file of tiles, for BenchmarkPacking")

// BenchmarkPacking packs the tiles of a file, such as of the demo town, in the
// ways among which Tile.In chose.
//
//	bin/arpent tiles export --layers land.parcels,land.buildings,land.streets --maxzoom 16 town.mbtiles
//	go test ./tiles/archive -run '^$' -bench Packing -mbtiles $PWD/town.mbtiles
func BenchmarkPacking(b *testing.B) {
	if *packedFile == "" {
		b.Skip("name a file: -mbtiles")
	}
	byZoom := map[maptile.Zoom][][]byte{}
	for at, tile := range mbtiles(b, *packedFile) {
		byZoom[at.Z] = append(byZoom[at.Z], unpacked(b, tile))
	}
	type writer interface {
		io.WriteCloser
		Reset(io.Writer)
	}
	ways := map[string]writer{"brotli 2": brotli.NewWriterLevel(nil, 2), "brotli 5": brotli.NewWriterLevel(nil, 5)}
	for _, level := range []int{5, 6} {
		standard, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			b.Fatal(err)
		}
		fast, err := fastgzip.NewWriterLevel(nil, level)
		if err != nil {
			b.Fatal(err)
		}
		ways[fmt.Sprint("standard gzip ", level)], ways[fmt.Sprint("klauspost gzip ", level)] = standard, fast
	}
	for _, level := range []zstd.EncoderLevel{zstd.SpeedDefault, zstd.SpeedBetterCompression} {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1))
		if err != nil {
			b.Fatal(err)
		}
		ways["zstd "+level.String()] = w
	}
	for z := maptile.Zoom(14); z <= 16; z++ {
		all := byZoom[z]
		for name, w := range ways {
			b.Run(fmt.Sprintf("zoom=%d/%s", z, name), func(b *testing.B) {
				var packed bytes.Buffer
				size, n := 0, 0
				for b.Loop() {
					packed.Reset()
					w.Reset(&packed)
					if _, err := w.Write(all[n%len(all)]); err != nil {
						b.Fatal(err)
					}
					if err := w.Close(); err != nil {
						b.Fatal(err)
					}
					size += packed.Len()
					n++
				}
				b.ReportMetric(float64(size)/float64(n), "bytes/tile")
			})
		}
	}
}
