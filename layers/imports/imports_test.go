package imports_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/apps/polling"
	"arpent/layers"
	"arpent/layers/imports"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// office is a town hall that imports addresses of electors.
type office struct {
	testing.TB
	*imports.Service
	pool   *pgxpool.Pool
	viewer layers.Viewer
	folder string
}

func newOffice(t testing.TB, folder string) office {
	t.Helper()
	pool := postgistest.New(t)
	all, err := polling.Layers()
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	if err := store.PutCollectivity(t.Context(), "00001", "One", 2154); err != nil {
		t.Fatal(err)
	}
	v := postgistest.Account(t, pool, "clerk", "00001", "manager")
	v.Language = "en"
	return office{t, imports.New(service, pool, folder), pool, v, folder}
}

const addresses = "polling.addresses"

// send uploads a file and gives the plan that the assistant proposes.
func (o office) send(name string, content io.Reader) (*imports.Import, imports.Plan, error) {
	in, err := o.Receive(o.viewer, addresses)
	if err != nil {
		return nil, imports.Plan{}, err
	}
	if err := in.Add(name, content); err != nil {
		in.Drop()
		return nil, imports.Plan{}, err
	}
	i, err := in.Keep(o.Context())
	if err != nil {
		in.Drop()
		return nil, imports.Plan{}, err
	}
	found, err := o.Inspect(o.Context(), o.viewer, i.ID, nil, "")
	if err != nil {
		return nil, imports.Plan{}, err
	}
	return i, *found.Plan, nil
}

func (o office) rows(of string) (n int) {
	o.Helper()
	if err := o.pool.QueryRow(context.Background(), "select count(*) from "+of).Scan(&n); err != nil {
		o.Fatal(err)
	}
	return n
}

// register writes n addresses, every bad-th of which has a wrong number of
// electors; 0 for none.
func register(n, bad int) io.Reader {
	var b bytes.Buffer
	b.WriteString("label;number;postcode;city;electors;score;precision;found_label;longitude;latitude\n")
	for i := range n {
		electors := fmt.Sprint(1 + i%5)
		if bad > 0 && i%10 < bad {
			electors = "beaucoup"
		}
		fmt.Fprintf(&b, "%d rue %d;%d;94500;Champigny;%s;0.%02d;housenumber;%d Rue %d 94500;%.6f;%.6f\n", i%200+1, i/200, i%200+1, electors, 50+i%50, i%200+1, i/200, 2.4+float64(i%1000)/10000, 48.8+float64(i/1000)/10000)
	}
	return &b
}

func nothing(int64, int64) {}

func TestFilesThatAreNoneAreRefused(t *testing.T) {
	o := newOffice(t, t.TempDir())
	packed := func(name, content string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"
	for name, content := range map[string]string{
		"photo.csv":   png,
		"empty.csv":   "",
		"text.gpkg":   "label;number\na;1\n",
		"text.xlsx":   "label;number\na;1\n",
		"broken.zip":  "PK\x03\x04 and no more",
		"climber.zip": packed("../../../climber.csv", "label\na\n"),
		"bomb.zip":    packed("bomb.csv", strings.Repeat("a", 300<<20)),
		"program.exe": "MZ",
		"half.json":   `{"type":"FeatureCollection","features":[{"type":"Feature"`,
	} {
		i, plan, err := o.send(name, strings.NewReader(content))
		if err == nil { // what can be looked at may still hold nothing
			_, err = o.Run(t.Context(), o.viewer, i, plan, "import "+name, false, nothing)
		}
		if kind := layers.KindOf(err); err == nil || kind == "" || kind == layers.Unavailable {
			t.Errorf("%s: error %v", name, err)
		}
		if outside, _ := filepath.Glob(filepath.Join(o.folder, "..", "climber.csv")); outside != nil {
			t.Errorf("%s: %v was written outside", name, outside)
		}
	}
	if n := o.rows(addresses); n != 0 {
		t.Errorf("%d records came of them", n)
	}
}

func TestOfAFileWithBadRowsTheGoodAreImportedOrNone(t *testing.T) {
	o := newOffice(t, t.TempDir())
	i, plan, err := o.send("register.csv", register(5000, 3))
	if err != nil {
		t.Fatal(err)
	}
	whole := plan
	whole.Whole = true
	out, err := o.Run(t.Context(), o.viewer, i, whole, "import 1", false, nothing)
	if err != nil || out.Written || out.Rejected != 1500 || o.rows(addresses) != 0 {
		t.Fatalf("%+v (%v), %d records", out, err, o.rows(addresses))
	}
	if out, err = o.Run(t.Context(), o.viewer, i, plan, "import 2", false, nothing); err != nil {
		t.Fatal(err)
	}
	if !out.Written || out.Rejected != 1500 || out.Created != 3500 || o.rows(addresses) != 3500 {
		t.Errorf("%+v, %d records", out, o.rows(addresses))
	}
	f, err := o.Rejects(i)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, err := io.ReadAll(f)
	if n := bytes.Count(all, []byte("“beaucoup” is no whole number")); err != nil || n != 1500 {
		t.Errorf("the file of rejects gives %d reasons (%v)", n, err)
	}
}

// interrupted imports and does something in the middle; nothing may remain.
func interrupted(t *testing.T, o office, what func(stop context.CancelFunc)) error {
	t.Helper()
	i, plan, err := o.send("register.csv", register(5000, 3))
	if err != nil {
		t.Fatal(err)
	}
	before, written := files(t, o.folder), o.rows("arpent.history")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	once := false
	_, err = o.Run(ctx, o.viewer, i, plan, "import 1", false, func(done, _ int64) {
		if done >= 2000 && !once {
			once = true
			what(stop)
		}
	})
	if err == nil {
		t.Error("it went on to its end")
	}
	if n := o.rows(addresses); n != 0 || o.rows("arpent.history") != written {
		t.Errorf("%d records remain", n)
	}
	if after := files(t, o.folder); after != before {
		t.Errorf("files remain: %s, before %s", after, before)
	}
	return err
}

// files lists what is in a folder, whatever the depth.
func files(t *testing.T, folder string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestAnImportThatIsStoppedLeavesNothing(t *testing.T) {
	o := newOffice(t, t.TempDir())
	err := interrupted(t, o, func(stop context.CancelFunc) { stop() })
	if err != nil && !strings.Contains(err.Error(), "cancel") {
		t.Errorf("it says %v", err)
	}
}

func TestAnImportWhoseConnectionIsLostLeavesNothing(t *testing.T) {
	o := newOffice(t, t.TempDir())
	err := interrupted(t, o, func(context.CancelFunc) {
		if _, err := o.pool.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`); err != nil {
			t.Error(err)
		}
	})
	if layers.KindOf(err) != layers.Unavailable {
		t.Errorf("it says %v (%s)", err, layers.KindOf(err))
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no small disk may be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(small, 0) })
	o := newOffice(t, small)
	_, _, err := o.send("register.csv", register(20_000, 0))
	if layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "disk of the server is full") {
		t.Errorf("an upload: %v", err)
	}
	if left := files(t, small); left != "" {
		t.Errorf("an upload left %s", left)
	}
	// The file fits, its rejects beside it do not.
	i, plan, err := o.send("register.csv", register(8000, 10))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = o.Run(t.Context(), o.viewer, i, plan, "import 1", false, nothing); layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "disk of the server is full") {
		t.Errorf("rejects: %v", err)
	}
	if n := o.rows(addresses); n != 0 {
		t.Errorf("%d records remain", n)
	}
}

// BenchmarkImport imports addresses of nine fields with their places, history
// included, and tells how much memory the process took at most beyond what it
// had.
//
//	go test ./layers/imports -run '^$' -bench Import -benchtime 1x
func BenchmarkImport(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			o := newOffice(b, b.TempDir())
			i, plan, err := o.send("register.csv", register(n, 0))
			if err != nil {
				b.Fatal(err)
			}
			runtime.GC()
			before, peak, run := heap(), int64(0), 0
			for b.Loop() {
				run++
				out, err := o.Run(b.Context(), o.viewer, i, plan, fmt.Sprint("import ", run), false, func(int64, int64) { peak = max(peak, heap()-before) })
				if err != nil || out.Created != n {
					b.Fatal(out, err)
				}
			}
			b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// heap is how much memory objects take, those included that are to be collected.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
