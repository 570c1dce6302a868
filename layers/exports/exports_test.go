package exports_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"

	"arpent/apps/land"
	"arpent/layers"
	"arpent/layers/exports"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

var clerk = layers.Viewer{Admin: true, Login: "test"} // the command line

// withParcels is an exporter over a town of n parcels of 20 vertices each.
func withParcels(t testing.TB, n int) (*exports.Service, string) {
	t.Helper()
	pool := postgistest.New(t)
	all, err := land.Layers()
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	if err := store.PutCollectivity(t.Context(), "00001", "One", 2154); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`alter table land.parcels disable trigger user`, fmt.Sprintf(`insert into land.parcels (id, collectivity, prefix, section, number, registered_area, notes, geom)
		select format('00001%%sZZ%%s', lpad((i / 9999)::text, 3, '0'), lpad((i %% 9999 + 1)::text, 4, '0')), '00001', '000', 'ZZ', i %% 9999 + 1, 500, '=1+1',
			ST_Multi(ST_Segmentize(ST_MakeEnvelope(x, y, x + 20, y + 25, 2154), 5))
		from (select i, 900000 + (i %% 300) * 20.0 as x, 6690000 + (i / 300) * 25.0 as y from generate_series(0, %d) i) grid`, n-1)} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	return exports.New(service, folder), folder
}

func nothing(int64, int64) {}

func TestAnExportStopsWhenNobodyWaitsForIt(t *testing.T) {
	s, folder := withParcels(t, 3000)
	for _, format := range []exports.Format{exports.CSV, exports.GeoPackage, exports.XLSX} {
		ctx, leave := context.WithCancel(t.Context())
		var last int64
		_, err := s.WriteTo(ctx, clerk, "land.parcels", exports.Options{Format: format}, filepath.Join(folder, "out"), func(done, _ int64) {
			leave()
			last = done
		})
		if !errors.Is(err, context.Canceled) || last > 1500 {
			t.Errorf("%s: after %d of 3000 records: %v", format, last, err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v (%v)", format, left, err)
		}
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	s, _ := withParcels(t, 3000)
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("only root makes a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(small, 0) })
	for _, format := range []exports.Format{exports.CSV, exports.GeoJSON, exports.GeoPackage, exports.Shapefile} {
		_, err := s.WriteTo(t.Context(), clerk, "land.parcels", exports.Options{Format: format, Shape: true}, filepath.Join(small, "out"), nothing)
		if layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "disk of the server is full") {
			t.Errorf("%s: %v", format, err)
		}
		if left, err := os.ReadDir(small); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v (%v)", format, left, err)
		}
	}
}

func TestAFullDiskIsToldOfWhatGDALWrites(t *testing.T) {
	s, _ := withParcels(t, 300)
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("only root makes a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(small, 0) })
	for _, format := range []exports.Format{exports.GeoPackage, exports.Shapefile, exports.KML} { // their tables fit, the files do not
		_, err := s.WriteTo(t.Context(), clerk, "land.parcels", exports.Options{Format: format, Shape: true}, filepath.Join(small, "out"), nothing)
		if layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "disk of the server is full") {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestOldExportsAreForgotten(t *testing.T) {
	s, folder := withParcels(t, 1)
	for name, age := range map[string]time.Duration{"1": 8 * 24 * time.Hour, "2": 6 * 24 * time.Hour} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.Mkdir(path, 0o700), os.WriteFile(filepath.Join(path, "export"), []byte("x"), 0o600), os.Chtimes(path, time.Time{}, time.Now().Add(-age))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Sweep(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 || left[0].Name() != "2" {
		t.Errorf("left are %v (%v)", left, err)
	}
}

func TestNobodyWaitsForALongExport(t *testing.T) {
	s, _ := withParcels(t, 10_001)
	_, _, err := s.Now(t.Context(), clerk, "land.parcels", exports.Options{Format: exports.CSV})
	if layers.KindOf(err) != layers.TooLarge {
		t.Errorf("10,001 records at once: %v", err)
	}
	f, done, err := s.Now(t.Context(), clerk, "land.parcels", exports.Options{Format: exports.CSV, Query: layers.Query{Equal: map[string]string{"number": "1"}}})
	if err != nil || done.Records != 2 {
		t.Fatal(done, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// BenchmarkExport100000 exports parcels and tells how much memory the process
// took at most beyond what it had: 3 to 5 MB for 10,000 records, 6 to 8 MB for
// 100,000, what waits for the garbage collector included.
//
//	go test ./layers/exports -run '^$' -bench Export -benchtime 1x
func BenchmarkExport100000(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		s, folder := withParcels(b, n)
		for _, format := range []exports.Format{exports.CSV, exports.GeoJSON, exports.GeoPackage, exports.Shapefile} {
			b.Run(fmt.Sprintf("%s/%d", format, n), func(b *testing.B) {
				b.ReportAllocs()
				var peak, size int64
				runtime.GC()
				before := heap()
				for b.Loop() {
					done, err := s.WriteTo(b.Context(), clerk, "land.parcels", exports.Options{Format: format, Shape: true}, filepath.Join(folder, "out"), func(int64, int64) { peak = max(peak, heap()-before) })
					if err != nil || done.Records != int64(n) {
						b.Fatal(done, err)
					}
					size = done.Size
				}
				b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
				b.ReportMetric(float64(size)/(1<<20), "file-MB")
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}

// heap is how much memory objects take, those included that are to be collected.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
