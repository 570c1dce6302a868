package documents_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"arpent/layers"
	"arpent/layers/documents"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

var ctx = context.Background()

const graveFile = `
id: yard.graves
title: {fr: Tombes, en: Graves}
source: {table: yard.grave, collectivity: collectivity}
label: "{number}"
fields: [{name: number}]
documents: {accept: [image/*, application/pdf, text/*], maxSize: 64KB}
`

// yard is a service over one grave of town A.
type yard struct {
	*documents.Service
	layers *layers.Service
	pool   *pgxpool.Pool
	editor layers.Viewer
	folder string
}

// newYard keeps contents in the folder, or where open says.
func newYard(t *testing.T, folder string, open func(folder string) documents.Contents) yard {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `
		insert into arpent.collectivity (code, name) values ('A', 'A'), ('B', 'B');
		create schema yard;
		create table yard.grave (id bigint primary key, collectivity text not null references arpent.collectivity, number integer);
		insert into yard.grave values (1, 'A', 7)`); err != nil {
		t.Fatal(err)
	}
	l, err := layers.ReadFile("graves.yaml", []byte(graveFile))
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, l)
	contents := documents.Contents(documents.Folder(folder))
	if open != nil {
		contents = open(folder)
	}
	s, err := documents.New(service, store, contents, filepath.Join(folder, "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	y := yard{s, service, pool, layers.Viewer{}, folder}
	y.editor = y.account(t, "editor", "A", "manager")
	return y
}

func (y yard) account(t *testing.T, login, collectivity, profile string) layers.Viewer {
	t.Helper()
	return postgistest.Account(t, y.pool, login, collectivity, profile)
}

func (y yard) add(name, mediaType string, content []byte) (*postgis.Document, error) {
	return y.Add(ctx, y.editor, "yard.graves", "1", documents.Upload{Name: name, MediaType: mediaType, Size: int64(len(content)), Content: bytes.NewReader(content)})
}

func (y yard) mustAdd(t *testing.T, name string, content []byte) *postgis.Document {
	t.Helper()
	d, err := y.add(name, "", content)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// left are the files that are in the folder.
func (y yard) left(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(y.folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func wantKind(t *testing.T, err error, kind layers.Kind) {
	t.Helper()
	if layers.KindOf(err) != kind {
		t.Errorf("error %v of kind %q, want %q", err, layers.KindOf(err), kind)
	}
}

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			p.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 0, 255})
		}
	}
	if err := jpeg.Encode(&out, p, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// photo is a picture with what a telephone notes in it: turned by a quarter,
// taken on 2 May 2024 at 47.25° north, 6.5° east.
func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	order := binary.LittleEndian
	entry := func(tag, kind uint16, count uint32, value [4]byte) []byte {
		b := order.AppendUint16(nil, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		return append(b, value[:]...)
	}
	at := func(offset uint32) (v [4]byte) { order.PutUint32(v[:], offset); return }
	short := func(n uint16) (v [4]byte) { order.PutUint16(v[:], n); return }
	const ascii, sixteen, long, rational = 2, 3, 4, 5
	tiff := append([]byte("II*\x00"), 8, 0, 0, 0)
	tiff = order.AppendUint16(tiff, 3)
	tiff = append(tiff, entry(0x0112, sixteen, 1, short(6))...)
	tiff = append(tiff, entry(0x8769, long, 1, at(50))...) // EXIF
	tiff = append(tiff, entry(0x8825, long, 1, at(88))...) // GPS
	tiff = append(tiff, 0, 0, 0, 0)
	tiff = order.AppendUint16(tiff, 1) // at 50
	tiff = append(tiff, entry(0x9003, ascii, 20, at(68))...)
	tiff = append(tiff, 0, 0, 0, 0)
	tiff = append(tiff, "2024:05:02 10:11:12\x00"...) // at 68
	tiff = order.AppendUint16(tiff, 4)                // at 88
	tiff = append(tiff, entry(1, ascii, 2, [4]byte{'N'})...)
	tiff = append(tiff, entry(2, rational, 3, at(142))...)
	tiff = append(tiff, entry(3, ascii, 2, [4]byte{'E'})...)
	tiff = append(tiff, entry(4, rational, 3, at(166))...)
	tiff = append(tiff, 0, 0, 0, 0)
	for _, n := range []uint32{47, 1, 15, 1, 0, 1, 6, 1, 30, 1, 0, 1} { // at 142
		tiff = order.AppendUint32(tiff, n)
	}
	segment := append([]byte("Exif\x00\x00"), tiff...)
	plain := picture(t, w, h)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, byte((len(segment)+2)>>8), byte(len(segment)+2))
	return append(append(out, segment...), plain[2:]...)
}

// kept are the places where contents are kept in these tests.
var kept = map[string]func(t *testing.T) func(string) documents.Contents{
	"folder": func(*testing.T) func(string) documents.Contents { return nil },
	"bucket": func(t *testing.T) func(string) documents.Contents {
		backend := s3mem.New()
		if err := backend.CreateBucket("town"); err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(gofakes3.New(backend).Server())
		t.Cleanup(server.Close)
		return func(string) documents.Contents {
			address := "s3://key:secret@" + strings.TrimPrefix(server.URL, "http://") + "/town/files?tls=false&region=fr"
			c, err := documents.OpenContents(ctx, address, "")
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
	},
}

func TestAFileIsAttachedReadRemovedAndReturned(t *testing.T) {
	for name, open := range kept {
		t.Run(name, func(t *testing.T) {
			y := newYard(t, t.TempDir(), open(t))
			content := photo(t, 800, 400)
			d := y.mustAdd(t, "Tombe 7.JPG", content)
			if d.MediaType != "image/jpeg" || d.Who != "editor" || d.Size != int64(len(content)) || !d.Preview {
				t.Errorf("the file is %+v", d)
			}
			if d.TakenAt == nil || d.TakenAt.Format("2006-01-02 15:04:05") != "2024-05-02 10:11:12" || d.Latitude == nil || *d.Latitude != 47.25 || *d.Longitude != 6.5 {
				t.Errorf("taken %v at %v %v", d.TakenAt, d.Latitude, d.Longitude)
			}
			if got := y.read(t, d.ID, y.Open); !bytes.Equal(got, content) {
				t.Errorf("%d bytes came back of %d", len(got), len(content))
			}
			small, err := jpeg.Decode(bytes.NewReader(y.read(t, d.ID, y.OpenPreview)))
			if err != nil {
				t.Fatal(err)
			}
			if size := small.Bounds().Size(); size != (image.Point{320, 640}) {
				t.Errorf("the preview is %v: not scaled, or not upright", size)
			}
			if r, _, b, _ := small.At(10, 630).RGBA(); r>>8 < 200 || b>>8 > 60 { // what was right is below
				t.Error("the preview is not turned the right way")
			}
			if _, err := y.add("again.jpg", "", content); layers.KindOf(err) != layers.Conflict {
				t.Errorf("attaching it twice: %v", err)
			}
			yes, no := true, false
			if _, err := y.Change(ctx, y.editor, d.ID, nil, &yes); err != nil {
				t.Fatal(err)
			}
			if list, err := y.List(ctx, y.editor, "yard.graves", "1"); len(list) != 0 || err != nil {
				t.Errorf("after removal there are %v, error %v", list, err)
			}
			_, _, err = y.Open(ctx, y.editor, d.ID)
			wantKind(t, err, layers.NotFound)
			if _, err := y.Change(ctx, y.editor, d.ID, nil, &no); err != nil {
				t.Fatal(err)
			}
			if got := y.read(t, d.ID, y.Open); !bytes.Equal(got, content) {
				t.Error("the returned file is another")
			}
			title := " Plaque \u202e"
			if d, err := y.Change(ctx, y.editor, d.ID, &title, nil); err != nil || d.Title != "Plaque" {
				t.Errorf("title %+v, error %v", d, err)
			}
			events, err := y.Events(ctx, y.editor, "yard.graves", "1")
			if err != nil {
				t.Fatal(err)
			}
			var ops []string
			for _, e := range events {
				ops = append(ops, e.Op)
			}
			if !slices.Equal(ops, []string{"rename", "return", "remove", "attach"}) {
				t.Errorf("history says %v", ops)
			}
		})
	}
}

func (y yard) read(t *testing.T, id int64, open func(context.Context, layers.Viewer, int64) (*postgis.Document, io.ReadSeekCloser, error)) []byte {
	t.Helper()
	_, content, err := open(ctx, y.editor, id)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	got, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAFileWhoseTypeLiesIsRefused(t *testing.T) {
	y := newYard(t, t.TempDir(), nil)
	pdf := []byte("%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n")
	html := []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	var drawing bytes.Buffer
	if err := png.Encode(&drawing, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		name, declared string
		content        []byte
		kind           layers.Kind
		stored         string
	}{
		"a PDF":                           {"acte.pdf", "application/pdf", pdf, "", "application/pdf"},
		"a PDF called a photo":            {"acte.jpg", "", pdf, layers.WrongType, ""},
		"a PDF sent as a photo":           {"acte", "image/jpeg", pdf, layers.WrongType, ""},
		"a drawing called a photo":        {"plan.jpg", "image/jpeg", drawing.Bytes(), layers.WrongType, ""},
		"a page called a text":            {"note.txt", "text/plain", html, layers.WrongType, ""},
		"a page called a photo":           {"photo.png", "image/png", html, layers.WrongType, ""},
		"a drawing with programs as text": {"plan.txt", "", svg, layers.WrongType, ""},
		"a drawing with programs":         {"plan.svg", "image/svg+xml", svg, "", "image/svg+xml"},
		"a text":                          {"note.txt", "text/plain", []byte("Élagage fait."), "", "text/plain"},
		"a table sent by a spreadsheet":   {"liste.csv", "application/vnd.ms-excel", []byte("nom;date\nÉloi;2024\n"), "", "text/csv"},
		"what is not allowed here":        {"a.zip", "", []byte("PK\x03\x04\x14\x00\x00\x00\x00\x00aaaaaaaaaaaaaaaaaaaaaa"), layers.WrongType, ""},
		"nothing":                         {"vide.txt", "", nil, layers.Invalid, ""},
		"too much":                        {"long.txt", "", bytes.Repeat([]byte("long "), 20_000), layers.TooLarge, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := y.add(c.name, c.declared, c.content)
			wantKind(t, err, c.kind)
			if err == nil && d.MediaType != c.stored {
				t.Errorf("stored as %s", d.MediaType)
			}
		})
	}
}

func TestNamesOfFilesAreCleaned(t *testing.T) {
	y := newYard(t, t.TempDir(), nil)
	for i, c := range []struct{ sent, kept string }{
		{`C:\Users\maire\Acte de 1950.txt`, "Acte de 1950.txt"},
		{"../../etc/passwd", "passwd"},
		{"a\u202etxt.exe\x00\n", "atxt.exe"},
		{"e\u0301te\u0301?.txt", "été_.txt"},
		{"..hidden. ", "hidden"},
		{strings.Repeat("x", 300) + ".pdf.txt", strings.Repeat("x", 196) + ".txt"},
	} {
		d, err := y.add(c.sent, "", fmt.Appendf(nil, "text %d", i))
		if err != nil {
			t.Fatal(err)
		}
		if d.Name != c.kept {
			t.Errorf("%q became %q, want %q", c.sent, d.Name, c.kept)
		}
	}
	_, err := y.add("../..", "", []byte("text"))
	wantKind(t, err, layers.Invalid)
}

func TestFilesHaveTheRightsOfTheirRecord(t *testing.T) {
	y := newYard(t, t.TempDir(), nil)
	d := y.mustAdd(t, "note.txt", []byte("a note"))
	reader, stranger := y.account(t, "reader", "A", "reader"), y.account(t, "stranger", "B", "manager")
	yes := true
	if list, err := y.List(ctx, reader, "yard.graves", "1"); len(list) != 1 || err != nil {
		t.Errorf("a reader sees %v, error %v", list, err)
	}
	if n, err := y.Count(ctx, reader, "yard.graves", "1"); n != 1 || err != nil {
		t.Errorf("a reader counts %d, error %v", n, err)
	}
	_, err := y.Change(ctx, reader, d.ID, nil, &yes)
	wantKind(t, err, layers.Forbidden)
	_, err = y.Add(ctx, reader, "yard.graves", "1", documents.Upload{Name: "x.txt", Size: 1, Content: strings.NewReader("x")})
	wantKind(t, err, layers.Forbidden)
	_, err = y.List(ctx, stranger, "yard.graves", "1")
	wantKind(t, err, layers.NotFound)
	_, _, err = y.Open(ctx, stranger, d.ID)
	wantKind(t, err, layers.NotFound)
	_, err = y.Change(ctx, stranger, d.ID, nil, &yes)
	wantKind(t, err, layers.NotFound)
	_, _, err = y.Open(ctx, layers.Viewer{}, d.ID)
	wantKind(t, err, layers.NotFound)
	_, err = y.List(ctx, layers.Viewer{}, "yard.graves", "1")
	wantKind(t, err, layers.Unauthorized)
	if events, err := y.Events(ctx, stranger, "yard.graves", "1"); len(events) != 0 || err != nil {
		t.Errorf("a stranger learns %v, error %v", events, err)
	}
}

// breaking breaks off after some bytes, as a connection does.
type breaking struct{ io.Reader }

func (b breaking) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	y := newYard(t, t.TempDir(), nil)
	for name, u := range map[string]documents.Upload{
		"connection lost":      {Size: -1, Content: breaking{strings.NewReader("half of")}},
		"shorter than it said": {Size: 100, Content: strings.NewReader("half of")},
	} {
		u.Name = "note.txt"
		_, err := y.Add(ctx, y.editor, "yard.graves", "1", u)
		if layers.KindOf(err) != layers.BadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left := y.left(t); len(left) != 0 {
		t.Errorf("there is left %v", left)
	}
}

func TestAFullDiskLeavesNothingAndSaysSo(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16k"); err != nil {
		t.Skipf("a small disk needs a superuser: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
	y := newYard(t, folder, nil)
	_, err := y.add("long.txt", "", bytes.Repeat([]byte("long "), 12_000))
	wantKind(t, err, layers.Unavailable)
	if left := y.left(t); len(left) != 0 {
		t.Errorf("there is left %v", left)
	}
	y.mustAdd(t, "short.txt", []byte("short"))
}

func TestWhatAnInterruptedServerLeftIsSweptAway(t *testing.T) {
	folder := t.TempDir()
	incoming := filepath.Join(folder, "incoming")
	if err := os.MkdirAll(incoming, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(incoming, "upload-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if left := newYard(t, folder, nil).left(t); len(left) != 0 {
		t.Errorf("there is left %v", left)
	}
}

func TestABucketThatIsNotThereIsToldAtStart(t *testing.T) {
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	defer server.Close()
	_, err := documents.OpenContents(ctx, "s3://key:secret@"+strings.TrimPrefix(server.URL, "http://")+"/none?tls=false&region=fr", "")
	if err == nil || !strings.Contains(err.Error(), "there is no bucket none") {
		t.Errorf("error %v", err)
	}
	if _, err := documents.OpenContents(ctx, "ftp://host/x", ""); err == nil {
		t.Error("an address of another kind is taken")
	}
}
