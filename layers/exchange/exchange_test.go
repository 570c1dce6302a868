package exchange_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/layers/exchange"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const trees = `{"type": "FeatureCollection", "name": "trees", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}, "features": [
	{"type": "Feature", "properties": {"species": "chêne", "height": 12.5}, "geometry": {"type": "Point", "coordinates": [900000.123, 6690000]}},
	{"type": "Feature", "properties": {"species": null, "height": 3}, "geometry": null}]}`

// bowtie crosses itself.
const bowtie = `{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {},
	"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}}]}`

func TestAFileIsReadWithItsLayersFieldsAndCRS(t *testing.T) {
	file := write(t, "trees.geojson", trees)
	all, err := exchange.Layers(t.Context(), file)
	if err != nil || len(all) != 1 || all[0].Name != "trees" || all[0].SRID != 2154 || !slices.Equal(all[0].Fields, []string{"species", "height"}) {
		t.Fatalf("layers are %+v (%v)", all, err)
	}
	var read []exchange.Record
	for r, err := range exchange.Records(t.Context(), file, "trees") {
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, r)
	}
	if len(read) != 2 || read[0].Properties["species"] != "chêne" || read[0].Properties["height"] != 12.5 || read[1].Geometry != nil {
		t.Fatalf("records are %+v", read)
	}
	if got := read[0].Geometry.(*geom.Point).Coords(); got[0] != 900000.123 || got[1] != 6690000 {
		t.Errorf("the point is at %v, not where the file has it to the last bit", got)
	}
}

func TestReadingMayStopEarly(t *testing.T) {
	for _, err := range exchange.Records(t.Context(), write(t, "trees.geojson", trees), "trees") {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

func TestShapesAreMendedWhenAsked(t *testing.T) {
	for r, err := range exchange.Records(t.Context(), write(t, "bowtie.geojson", bowtie), "bowtie", exchange.Mended) {
		if err != nil {
			t.Fatal(err)
		}
		if got := layers.TypeOf(r.Geometry); got != "MultiPolygon" {
			t.Errorf("a bow tie became a %s", got)
		}
	}
}

func TestOnlyPlainFilesAreRead(t *testing.T) {
	tree := write(t, "tree.geojson", trees)
	for name, path := range map[string]string{
		"an address":                    "https://example.org/trees.geojson",
		"a file on the network":         "/vsicurl/https://example.org/trees.geojson",
		"a database":                    "PG:dbname=arpent",
		"text in the place of a file":   trees,
		"a folder":                      filepath.Dir(tree),
		"a file that names another":     write(t, "tree.vrt", `<OGRVRTDataSource><OGRVRTLayer name="trees"><SrcDataSource>`+tree+`</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`),
		"a file that names a service":   write(t, "tree.xml", `<OGRWFSDataSource><URL>http://127.0.0.1:1/wfs</URL></OGRWFSDataSource>`),
		"a file of no known format":     write(t, "tree.geojson", "nothing"),
		"a file that ends in the midst": write(t, "tree.geojson", trees[:300]),
		"no file":                       filepath.Join(t.TempDir(), "none"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.Layers(t.Context(), path)
			if layers.KindOf(err) == "" || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want a line for the one who gave it", err)
			}
		})
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := exchange.Layers(ctx, write(t, "trees.geojson", trees)); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// archive packs entries into a .tar.bz2.
func archive(t *testing.T, entries ...tar.Header) string {
	t.Helper()
	var packed bytes.Buffer
	out := tar.NewWriter(&packed)
	for _, e := range entries {
		e.Mode = 0o600
		if e.Typeflag == tar.TypeReg {
			e.Size = 4
		}
		if err := out.WriteHeader(&e); err != nil {
			t.Fatal(err)
		}
		if e.Size > 0 {
			if _, err := out.Write([]byte("text")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	bzip2 := exec.Command("bzip2")
	bzip2.Stdin = &packed
	compressed, err := bzip2.Output()
	if err != nil {
		t.Skipf("the program bzip2 is missing: %v", err)
	}
	return write(t, "archive.tar.bz2", string(compressed))
}

func TestAnArchiveIsUnpackedIntoOneFolder(t *testing.T) {
	into := t.TempDir()
	err := exchange.Unpack(archive(t,
		tar.Header{Name: "plan/", Typeflag: tar.TypeDir}, tar.Header{Name: "plan/a.thf", Typeflag: tar.TypeReg}, tar.Header{Name: "b.vec", Typeflag: tar.TypeReg}), into)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.thf", "b.vec"} {
		if content, err := os.ReadFile(filepath.Join(into, name)); err != nil || string(content) != "text" {
			t.Errorf("%s holds %q (%v)", name, content, err)
		}
	}
}

func TestArchivesThatCannotBeTrustedAreRefused(t *testing.T) {
	good := archive(t, tar.Header{Name: "a.thf", Typeflag: tar.TypeReg})
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	var gz bytes.Buffer
	zipped := gzip.NewWriter(&gz)
	if _, err := zipped.Write([]byte("text")); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a path that leads out":    archive(t, tar.Header{Name: "../a.thf", Typeflag: tar.TypeReg}),
		"a path from the root":     archive(t, tar.Header{Name: "/tmp/a.thf", Typeflag: tar.TypeReg}),
		"a symbolic link":          archive(t, tar.Header{Name: "a.thf", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}),
		"one name twice":           archive(t, tar.Header{Name: "a/a.thf", Typeflag: tar.TypeReg}, tar.Header{Name: "b/a.thf", Typeflag: tar.TypeReg}),
		"nothing in it":            archive(t),
		"half an archive":          write(t, "half.tar.bz2", string(content[:len(content)/2])),
		"another compression":      write(t, "plan.tar.bz2", gz.String()),
		"no bytes":                 write(t, "empty.tar.bz2", ""),
		"an address for a path":    "https://example.org/a.tar.bz2",
		"a file that is not there": filepath.Join(t.TempDir(), "none.tar.bz2"),
	} {
		t.Run(name, func(t *testing.T) {
			err := exchange.Unpack(path, t.TempDir())
			if layers.KindOf(err) == "" || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v, want one that names %s", err, path)
			}
		})
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("BZh9"))
	f.Fuzz(func(t *testing.T, content []byte) {
		into := t.TempDir()
		err := exchange.Unpack(write(t, "a.tar.bz2", string(content)), into)
		if err != nil && layers.KindOf(err) == "" {
			t.Errorf("error is not for people: %v", err)
		}
	})
}
