package imports_test

import (
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkImportAgainByKey imports them again, known by their label, where
// nothing has changed: 6 MB and 1 second for 10,000 records, 17 MB and 12
// seconds for 100,000. Memory grows by the keys that were seen, time by looking
// for them in a column without an index.
func BenchmarkImportAgainByKey(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			o := newOffice(b, b.TempDir())
			i, plan, err := o.send("register.csv", register(n, 0))
			if err != nil {
				b.Fatal(err)
			}
			if out, err := o.Run(b.Context(), o.viewer, i, plan, "first", false, nothing); err != nil || out.Created != n {
				b.Fatalf("%+v: %v", out, err)
			}
			plan.Key = []string{"label"}
			runtime.GC()
			runtime.GC()
			before, peak, k := heap(), int64(0), 0
			for b.Loop() {
				k++
				out, err := o.Run(b.Context(), o.viewer, i, plan, fmt.Sprint("again ", k), false, func(int64, int64) { peak = max(peak, heap()-before) })
				if err != nil || out.Unchanged != n {
					b.Fatalf("%+v: %v", out, err)
				}
			}
			b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
