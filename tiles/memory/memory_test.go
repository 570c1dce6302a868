package memory_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"arpent/layers/postgis/postgistest"
	"arpent/tiles/memory"
	"arpent/tiles/mvt"
	"arpent/tiles/tiletest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// corner is that of the town in EPSG:3857, on that of tile 14/8255/5991.
var corner = orb.Point{8255*mvt.World/(1<<14) - mvt.World/2, mvt.World/2 - 5991*mvt.World/(1<<14)}

// A parcel of the town is a square of about 40 m with a vertex within each side
// that its neighbour has too.
const side = 40.0

// mesh is a place of the town's borders, moved a little from the grid of half
// sides; the same for all parcels that it belongs to.
func mesh(i, j int) orb.Point {
	h := uint64(uint32(i))*0x9E3779B97F4A7C15 ^ uint64(uint32(j))*0xC2B2AE3D27D4EB4F
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	dx, dy := float64(h>>40&0xff)/256-0.5, float64(h>>48&0xff)/256-0.5
	return orb.Point{corner[0] + side/2*float64(i) + 6*dx, corner[1] - side/2*float64(j) - 6*dy}
}

func parcel(column, row int) orb.Polygon {
	i, j := 2*column, 2*row
	return orb.Polygon{{mesh(i, j), mesh(i+1, j), mesh(i+2, j), mesh(i+2, j+1), mesh(i+2, j+2), mesh(i+1, j+2), mesh(i, j+2), mesh(i, j+1), mesh(i, j)}}
}

// town yields columns × columns parcels with the fields section, number, area,
// built and use.
func town(columns int) memory.Rows {
	return func(yield func(*memory.Row, error) bool) {
		row := memory.Row{Numbered: true, Owner: []byte("31555")}
		var values [5][]byte
		for n := range columns * columns {
			row.ID = fmt.Appendf(row.ID[:0], "31555%09d", n)
			row.Number = uint64(n)
			row.Shape = appendPolygon(row.Shape[:0], parcel(n%columns, n/columns))
			values[0] = mvt.AppendText(values[0][:0], []string{"AB", "AC", "AD", "BA"}[n/2000%4])
			values[1] = mvt.AppendInt(values[1][:0], int64(n%2000))
			values[2] = mvt.AppendFloat(values[2][:0], 1600+float64(n%5000)/10)
			values[3] = mvt.AppendBool(values[3][:0], n%3 == 0)
			values[4] = mvt.AppendText(values[4][:0], []string{"housing", "garden", "field"}[n%3])
			row.Values = row.Values[:0]
			for _, v := range values {
				row.Values = append(row.Values, v)
			}
			if !yield(&row, nil) {
				return
			}
		}
	}
}

// appendPolygon is WKB without asking for memory.
func appendPolygon(b []byte, p orb.Polygon) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, 1), 3)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
	for _, ring := range p {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(ring)))
		for _, at := range ring {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[0]))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[1]))
		}
	}
	return b
}

var everything = memory.View{Name: "parcels", IDKey: "id",
	Fields: []memory.ViewField{{"section", 0}, {"number", 1}, {"area", 2}, {"built", 3}, {"use", 4}},
	Sees:   func(string) (bool, uint64) { return true, memory.All }}

func load(t testing.TB, rows memory.Rows) *memory.Layer {
	t.Helper()
	l, err := memory.Load(memory.Options{Fields: 5, MaxZoom: 18}, rows)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func encode(t testing.TB, l *memory.Layer, z, x, y int, v *memory.View) []byte {
	t.Helper()
	tile, _, err := l.Encode(nil, z, x, y, v)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

// near are tiles about a corner of the town.
func near(z int) (x, y int) { return 8255 << (z - 14), 5991 << (z - 14) }

func TestTilesOfATown(t *testing.T) {
	l := load(t, town(100))
	if l.Len() != 100*100 || len(l.Unreadable()) != 0 {
		t.Fatalf("%d parcels, %v", l.Len(), l.Unreadable())
	}
	for z := 14; z <= 18; z++ {
		x, y := near(z)
		layer := tiletest.Decode(t, encode(t, l, z, x, y, &everything))[0]
		if layer.Name != "parcels" {
			t.Errorf("the layer is called %s", layer.Name)
		}
		width := mvt.World / float64(int(1)<<z) * (1 + float64(mvt.Buffer)/mvt.Extent) / side // one side of the town is at the border
		if n := float64(len(layer.Features)); math.Abs(math.Sqrt(n)-min(width, 100)) > 1.5 {
			t.Errorf("zoom %d has %v parcels, about %.0f² expected", z, n, width)
		}
		for _, f := range layer.Features {
			n := int(*f.ID)
			want := map[string]any{"id": fmt.Sprintf("31555%09d", n), "section": []string{"AB", "AC", "AD", "BA"}[n/2000%4], "number": n % 2000,
				"area": 1600 + float64(n%5000)/10, "built": n%3 == 0, "use": []string{"housing", "garden", "field"}[n%3]}
			if fmt.Sprint(f.Properties) != fmt.Sprint(want) {
				t.Fatalf("parcel %d is %v, want %v", n, f.Properties, want)
			}
		}
	}
	if x, y := near(16); encode(t, l, 16, x-3, y, &everything) != nil {
		t.Error("a tile beside the town is not empty")
	}
}

// row makes a feature with one value of text.
func row(id, owner, word string, g orb.Geometry, t testing.TB) *memory.Row {
	r := &memory.Row{ID: []byte(id), Owner: []byte(owner), Values: make([]mvt.Value, 5)}
	if word != "" {
		r.Values[0] = mvt.AppendText(nil, word)
	}
	if g != nil {
		r.Shape = postgistest.WKB(t, g)
	}
	return r
}

func rows(all ...*memory.Row) memory.Rows {
	return func(yield func(*memory.Row, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestViewersSeeTheirRowsAndFields(t *testing.T) {
	l := load(t, rows(row("a", "1", "ours", parcel(0, 0), t), row("b", "2", "theirs", parcel(1, 0), t), row("c", "3", "hidden", parcel(2, 0), t)))
	x, y := near(14)
	v := everything
	v.Sees = func(owner string) (bool, uint64) {
		return owner != "3", map[string]uint64{"1": 1, "2": 2, "3": 1}[owner]
	}
	dump := tiletest.Dump(tiletest.Decode(t, encode(t, l, 14, x, y, &v)))
	for word, want := range map[string]bool{"ours": true, "theirs": false, "hidden": false, `"a"`: true, `"b"`: true, `"c"`: false} {
		if bytes.Contains([]byte(dump), []byte(word)) != want {
			t.Errorf("%s is in the tile: %v\n%s", word, !want, dump)
		}
	}
	v.Sees = func(string) (bool, uint64) { return false, memory.All }
	if encode(t, l, 14, x, y, &v) != nil {
		t.Error("who sees nothing gets a tile")
	}
}

func TestBadGeometriesDoNoHarm(t *testing.T) {
	bow := orb.Polygon{{mesh(0, 0), mesh(2, 2), mesh(2, 0), mesh(0, 2), mesh(0, 0)}}
	world := orb.Polygon{{{-2e7, -2e7}, {2e7, -2e7}, {2e7, 2e7}, {-2e7, 2e7}, {-2e7, -2e7}}}
	curved := row("curved", "1", "", nil, t)
	curved.Shape = []byte{1, 8, 0, 0, 0, 0, 0, 0, 0}
	l := load(t, rows(
		row("none", "1", "", nil, t), row("empty", "1", "", orb.Polygon{}, t), row("bow", "1", "", bow, t), row("world", "1", "", world, t), curved,
		row("nan", "1", "", orb.Point{math.NaN(), 1}, t), row("inf", "1", "", orb.LineString{{0, 0}, {math.Inf(1), 1}}, t), row("far", "1", "", orb.Point{3e7, 1}, t),
		row("one", "1", "", orb.LineString{mesh(1, 1)}, t), row("vertex", "1", "", orb.Polygon{{mesh(1, 1)}}, t), row("good", "1", "", parcel(0, 0), t)))
	for _, id := range []string{"curved", "nan", "inf", "far"} {
		if l.Unreadable()[id] == nil {
			t.Errorf("%s is not told", id)
		}
	}
	for z := range 23 {
		x, y := 8255<<max(z-14, 0)>>max(14-z, 0), 5991<<max(z-14, 0)>>max(14-z, 0)
		found := map[string]bool{}
		for _, f := range tiletest.Decode(t, encode(t, l, z, x, y, &everything))[0].Features {
			found[f.Properties["id"].(string)] = true
		}
		if !found["world"] || found["none"] || found["one"] || found["vertex"] || z == 15 && (!found["bow"] || !found["good"]) {
			t.Errorf("zoom %d has %v", z, found)
		}
	}
	if err := l.Apply([]string{"nan", "bow", "nobody"}, rows(row("nan", "1", "", parcel(3, 3), t))); err != nil {
		t.Fatal(err)
	}
	if l.Unreadable()["nan"] != nil {
		t.Error("a feature that was mended is still told")
	}
}

// After whatever changes, the tiles are those of a layer loaded from what is
// there then.
func TestChangesAreAsLoadedAnew(t *testing.T) {
	const seed, columns = 9, 20
	random := rand.New(rand.NewPCG(seed, 0))
	now := map[string]*memory.Row{}
	for n := range columns * columns {
		id := strconv.Itoa(n)
		now[id] = row(id, strconv.Itoa(n%3), fmt.Sprint("word ", n%7), parcel(n%columns, n/columns), t)
	}
	all := func() memory.Rows {
		return func(yield func(*memory.Row, error) bool) {
			for _, r := range now { // in any order
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	l := load(t, all())
	for step := range 60 {
		var ids []string
		var changed []*memory.Row
		for range 1 + random.IntN(10) {
			n := random.IntN(columns*columns + 50)
			id := strconv.Itoa(n)
			ids = append(ids, id)
			switch random.IntN(3) {
			case 0:
				delete(now, id)
			case 1:
				now[id] = row(id, "9", fmt.Sprint("step ", step), parcel(random.IntN(columns), random.IntN(columns)), t)
			default:
				now[id] = row(id, strconv.Itoa(n%3), fmt.Sprint("word ", n%7), parcel(n%columns, n/columns), t)
			}
		}
		seen := map[string]bool{}
		for _, id := range ids {
			if r := now[id]; r != nil && !seen[id] {
				changed = append(changed, r)
			}
			seen[id] = true
		}
		if err := l.Apply(ids, rows(changed...)); err != nil {
			t.Fatal(err)
		}
		if step%20 == 19 {
			l.Pack()
		}
		want := load(t, all())
		if l.Len() != len(now) {
			t.Fatalf("seed %d, step %d: %d features, want %d", seed, step, l.Len(), len(now))
		}
		for z := 10; z <= 18; z++ {
			x, y := 8255<<max(z-14, 0)>>max(14-z, 0), 5991<<max(z-14, 0)>>max(14-z, 0)
			for dx := range 2 {
				for dy := range 2 {
					if got := encode(t, l, z, x+dx, y+dy, &everything); !bytes.Equal(got, encode(t, want, z, x+dx, y+dy, &everything)) {
						t.Fatalf("seed %d, step %d: tile %d/%d/%d is another", seed, step, z, x+dx, y+dy)
					}
				}
			}
		}
	}
}

// Readers get the tile before a change or after it.
func TestReadersWhileChangesAreMade(t *testing.T) {
	l := load(t, town(40))
	x, y := near(15)
	var busy sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		busy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				found := map[any]bool{}
				for _, f := range tiletest.Decode(t, encode(t, l, 15, x, y, &everything))[0].Features {
					found[f.Properties["id"]] = true
				}
				if found["left"] != found["right"] {
					t.Error("half of a change is in a tile")
					return
				}
			}
		})
	}
	for i := range 200 {
		pair := []*memory.Row{row("left", "1", fmt.Sprint(i), parcel(1, 1), t), row("right", "1", fmt.Sprint(i), parcel(2, 1), t)}
		if i%3 == 0 {
			pair = nil
		}
		if err := l.Apply([]string{"left", "right"}, rows(pair...)); err != nil {
			t.Fatal(err)
		}
		if i%50 == 0 {
			l.Pack()
		}
	}
	close(stop)
	busy.Wait()
}

func TestALayerKeepsToItsLimit(t *testing.T) {
	if _, err := memory.Load(memory.Options{Fields: 5, MaxZoom: 18, Limit: 100_000}, town(100)); err != memory.ErrTooLarge {
		t.Errorf("loading: %v", err)
	}
	broken := fmt.Errorf("the database went away")
	if _, err := memory.Load(memory.Options{Fields: 5}, func(yield func(*memory.Row, error) bool) { yield(nil, broken) }); err != broken {
		t.Errorf("loading: %v", err)
	}
}

// Memory is asked for by tile, not by feature: parcels with attributes, in a tile
// and across its borders, and polygons with holes. (A hole that the border of the
// tile cuts open is mended, which does ask for it.)
func TestFeaturesNeedNoMemory(t *testing.T) {
	x, y := near(14)
	pierced := func(columns int) memory.Rows { // each parcel with a hole within
		return func(yield func(*memory.Row, error) bool) {
			for row, err := range town(columns) {
				n, err2 := strconv.Atoi(string(row.ID[5:]))
				if err2 != nil {
					t.Fatal(err2)
				}
				p := parcel(n%columns, n/columns)
				middle := p[0].Bound().Center()
				p = append(p, orb.Ring{{middle[0] - 5, middle[1] - 5}, {middle[0] + 5, middle[1] - 5}, {middle[0] + 5, middle[1] + 5}, {middle[0] - 5, middle[1] + 5}, {middle[0] - 5, middle[1] - 5}})
				row.Shape = appendPolygon(row.Shape[:0], p)
				if !yield(row, err) {
					return
				}
			}
		}
	}
	for name, rows := range map[string]func(int) memory.Rows{"parcels": town, "with holes": pierced} {
		for _, c := range []struct{ z, columns int }{{14, 5}, {14, 55}, {16, 55}} { // within the tile and its buffer, or cut by them
			x, y := x<<(c.z-14), y<<(c.z-14)
			if c.z > 14 && name == "with holes" {
				continue
			}
			l := load(t, rows(c.columns))
			var tile []byte
			got := testing.AllocsPerRun(20, func() {
				var err error
				if tile, _, err = l.Encode(tile[:0], c.z, x, y, &everything); err != nil {
					t.Fatal(err)
				}
			})
			features := tiletest.Decode(t, tile)[0].Features
			n, parts := len(features), 0
			for _, f := range features {
				if len(f.Properties) != 6 {
					t.Fatalf("%s: a feature has %v", name, f.Properties)
				}
				parts += len(f.Parts)
			}
			if c.z == 14 && n != c.columns*c.columns || c.z > 14 && (n < 100 || n > 400) || (parts > n) != (name == "with holes") || got > 5 { // of whatever else runs in this process
				t.Errorf("%s: a tile of zoom %d of %d features, %d parts, allocates %v times", name, c.z, n, parts, got)
			}
		}
	}
}

func TestAnyNumberOfFields(t *testing.T) {
	const count = 100
	r := row("a", "1", "", parcel(0, 0), t)
	v := everything
	r.Values, v.Fields = nil, nil
	for i := range count {
		r.Values = append(r.Values, mvt.AppendInt(nil, int64(i)))
		v.Fields = append(v.Fields, memory.ViewField{Key: fmt.Sprint("field ", i), Field: i})
	}
	l, err := memory.Load(memory.Options{Fields: count, MaxZoom: 18}, rows(r))
	if err != nil {
		t.Fatal(err)
	}
	x, y := near(14)
	if n := len(tiletest.Decode(t, encode(t, l, 14, x, y, &v))[0].Features[0].Properties); n != count+1 {
		t.Errorf("%d attributes are in the tile", n)
	}
}
