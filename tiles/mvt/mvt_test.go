package mvt_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"arpent/layers/postgis/postgistest"
	"arpent/tiles/mvt"
	"arpent/tiles/tiletest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// tile 14/8255/5991 is in Toulouse; a unit is 0.6 m.
const z, x, y = 14, 8255, 5991

// metres brings places in units of the tile to EPSG:3857.
func metres(ux, uy float64) orb.Point {
	unit := mvt.World / (1 << z) / mvt.Extent
	return orb.Point{(x*mvt.Extent+ux)*unit - mvt.World/2, mvt.World/2 - (y*mvt.Extent+uy)*unit}
}

func ring(xy ...float64) orb.Ring {
	var r orb.Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, metres(xy[i], xy[i+1]))
	}
	return append(r, r[0])
}

func line(xy ...float64) orb.LineString {
	r := ring(xy...)
	return orb.LineString(r[:len(r)-1])
}

func points(xy ...float64) orb.MultiPoint { return orb.MultiPoint(line(xy...)) }

func shapeOf(t testing.TB, g orb.Geometry) *mvt.Shape {
	t.Helper()
	var s mvt.Shape
	if err := s.ReadWKB(postgistest.WKB(t, g), 3857); err != nil {
		t.Fatal(err)
	}
	return &s
}

// draw encodes one geometry and answers its feature, nil when it is not drawn.
func draw(t testing.TB, g orb.Geometry) (*tiletest.Feature, mvt.Fate) {
	t.Helper()
	var e mvt.Encoder
	e.Begin("layer", z, x, y, nil)
	s := shapeOf(t, g)
	fate, err := e.Draw(s, s.Box())
	if err != nil {
		t.Fatal(err)
	}
	if fate != mvt.Drawn {
		return nil, fate
	}
	e.End(1)
	return &tiletest.Decode(t, e.AppendTo(nil))[0].Features[0], fate
}

func TestShapesInATile(t *testing.T) {
	for _, c := range []struct {
		name string
		g    orb.Geometry
		want string // parts, or what became of it
	}{
		{"a point", orb.Point(metres(10, 20)), "[[[10 20]]]"},
		{"points, one beyond", points(0, 0, 4160, 4160, 4162, 0), "[[[0 0]] [[4160 4160]]]"},
		{"a point beyond", metres(-66, 0), "outside"},
		{"a line", line(1, 1, 2, 1, 2, 3), "[[[1 1] [2 1] [2 3]]]"},
		{"a line that leaves and comes back", line(4100, 10, 4200, 10, 4200, 20, 4100, 20), "[[[4100 10] [4160 10]] [[4160 20] [4100 20]]]"},
		{"a line through a corner", line(-104, 0, 0, -104), "[[[-64 -40] [-40 -64]]]"},
		{"a line around the tile", line(-100, -100, -100, 5000, 5000, 5000), "collapsed"},
		{"a line within a unit", line(1, 1, 1.2, 1.1), "collapsed"},
		{"a square, its ring the wrong way around", orb.Polygon{ring(0, 0, 0, 10, 10, 10, 10, 0)}, "[[[10 0] [10 10] [0 10] [0 0] [10 0]]]"},
		{"a square across the border", orb.Polygon{ring(4150, 0, 4170, 0, 4170, 10, 4150, 10)}, "[[[4150 0] [4160 0] [4160 10] [4150 10] [4150 0]]]"},
		{"all around the tile", orb.Polygon{ring(-9e5, -9e5, 9e5, -9e5, 9e5, 9e5, -9e5, 9e5)}, "[[[-64 4160] [-64 -64] [4160 -64] [4160 4160] [-64 4160]]]"},
		{"a hole around the tile", orb.Polygon{ring(-9e5, -9e5, 9e5, -9e5, 9e5, 9e5, -9e5, 9e5), ring(-8e5, -8e5, 8e5, -8e5, 8e5, 8e5, -8e5, 8e5)}, "collapsed"},
		{"a hole", orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10), ring(2, 2, 4, 2, 4, 4, 2, 4)}, "[[[0 0] [10 0] [10 10] [0 10] [0 0]] [[2 4] [4 4] [4 2] [2 2] [2 4]]]"},
		{"two squares", orb.MultiPolygon{{ring(0, 0, 10, 0, 10, 10, 0, 10)}, {ring(20, 0, 30, 0, 30, 10, 20, 10)}}, "[[[0 0] [10 0] [10 10] [0 10] [0 0]] [[20 0] [30 0] [30 10] [20 10] [20 0]]]"},
		{"a horseshoe open to the outside", orb.Polygon{ring(4100, 0, 4300, 0, 4300, 10, 4110, 10, 4110, 20, 4300, 20, 4300, 30, 4100, 30)}, "[[[4100 0] [4160 0] [4160 10] [4110 10] [4110 20] [4160 20] [4160 30] [4100 30] [4100 0]]]"},
		{"a horseshoe that opens into the tile", orb.Polygon{ring(4300, 0, 4300, 30, 4100, 30, 4100, 20, 4200, 20, 4200, 10, 4100, 10, 4100, 0)}, "[[[4100 0] [4160 0] [4160 10] [4100 10] [4100 0]] [[4100 20] [4160 20] [4160 30] [4100 30] [4100 20]]]"},
		{"a square within a unit", orb.Polygon{ring(0.1, 0.1, 0.3, 0.1, 0.3, 0.3, 0.1, 0.3)}, "collapsed"},
		{"a sliver", orb.Polygon{ring(0, 0, 100, 0.2, 0, 0.4)}, "collapsed"},
		{"a bow-tie", orb.Polygon{ring(0, 0, 10, 10, 10, 0, 0, 10)}, "[[[0 0] [5 5] [0 10] [0 0]] [[5 5] [10 0] [10 10] [5 5]]]"},
		{"one vertex", orb.Polygon{ring(0, 0)}, "collapsed"},
		{"a collection", orb.Collection{metres(0, 0), line(1, 1, 5, 1), metres(9, 9)}, "[[[1 1] [5 1]]]"},
		{"nothing", orb.Polygon{}, "outside"},
		{"nothing of several", orb.MultiPolygon{}, "outside"},
		{"a collection of nothing", orb.Collection{}, "outside"},
	} {
		f, fate := draw(t, c.g)
		got := map[mvt.Fate]string{mvt.Outside: "outside", mvt.Collapsed: "collapsed"}[fate]
		if f != nil {
			got = fmt.Sprint(f.Parts)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	var e mvt.Encoder
	at := shapeOf(t, metres(10, 20))
	for range 2 { // the second time with what the first left
		e.Begin("layer", z, x, y, []string{"never", "name", "n", "share", "open"})
		for i := range 300 {
			if fate, err := e.Draw(at, at.Box()); fate != mvt.Drawn || err != nil {
				t.Fatal(fate, err)
			}
			e.Tag(1, mvt.AppendText(nil, fmt.Sprint("street ", i%3)))
			e.Tag(2, mvt.AppendInt(nil, int64(i)-150))
			if !e.TagKnown(3, uint32(i%5)) {
				e.TagNew(3, uint32(i%5), mvt.AppendFloat(nil, float64(i%5)/4))
			}
			if i%2 == 0 {
				e.Tag(4, mvt.AppendBool(nil, i%4 == 0))
			}
			if i == 7 {
				e.EndWithoutID()
			} else {
				e.End(uint64(i) << 40)
			}
		}
		data := e.AppendTo(nil)
		layer := tiletest.Decode(t, data)[0]
		if n := strings.Count(string(data), "street 1"); n != 1 {
			t.Errorf("a value is %d times in the tile", n)
		}
		for i, f := range layer.Features {
			want := map[string]any{"name": fmt.Sprint("street ", i%3), "n": i - 150, "share": float64(i%5) / 4}
			if i%2 == 0 {
				want["open"] = i%4 == 0
			}
			if fmt.Sprint(f.Properties) != fmt.Sprint(want) || (f.ID == nil) != (i == 7) || f.ID != nil && *f.ID != uint64(i)<<40 {
				t.Fatalf("feature %d is %v %v, want %v", i, f.ID, f.Properties, want)
			}
		}
	}
}

// Memory is asked for by tile, not by feature.
func TestFeaturesNeedNoMemory(t *testing.T) {
	shapes := []*mvt.Shape{
		shapeOf(t, orb.Polygon{ring(0, 0, 30, 2, 31, 33, 12, 40)}), shapeOf(t, orb.Polygon{ring(4150, 0, 4170, 0, 4170, 10, 4150, 10)}),
		shapeOf(t, line(4100, 10, 4200, 10, 4200, 20, 4100, 20)), shapeOf(t, points(1, 1, 2, 2)),
		shapeOf(t, orb.Polygon{ring(0, 0, 90, 0, 90, 90, 0, 90), ring(20, 20, 40, 20, 40, 40, 20, 40)}),
	}
	var e mvt.Encoder
	var tile, value []byte
	run := func(n int) float64 {
		encode := func() {
			e.Begin("layer", z, x, y, []string{"id", "name", "n"})
			for i := range n {
				if fate, err := e.Draw(shapes[i%len(shapes)], shapes[i%len(shapes)].Box()); fate != mvt.Drawn || err != nil {
					t.Fatal(fate, err)
				}
				value = mvt.AppendInt(value[:0], int64(i))
				e.TagUnique(0, value)
				e.Tag(1, value)
				if !e.TagKnown(2, uint32(i)) {
					e.TagNew(2, uint32(i), value)
				}
				e.End(uint64(i))
			}
			tile = e.AppendTo(tile[:0])
		}
		return testing.AllocsPerRun(10, encode)
	}
	for _, n := range []int{10, 10_000} {
		if got := run(n); got > 5 { // of whatever else runs in this process
			t.Errorf("a tile of %d features allocates %v times", n, got)
		}
	}
}

func TestGeometriesThatCannotBeDrawn(t *testing.T) {
	point := func(kind uint32, values ...float64) []byte {
		b := binary.LittleEndian.AppendUint32([]byte{1}, kind)
		for _, v := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	for _, c := range []struct {
		name string
		data []byte
		srid int
		want error
	}{
		{"nothing at all", nil, 3857, mvt.ErrMalformed},
		{"a circle", point(8), 3857, mvt.ErrCurved},
		{"a curved polygon with heights", point(10 | 1<<31), 3857, mvt.ErrCurved},
		{"a surface", point(1015), 3857, mvt.ErrCurved},
		{"no number", point(1, math.NaN(), 1), 3857, mvt.ErrNotFinite},
		{"infinite", point(1, 1, math.Inf(1)), 3857, mvt.ErrNotFinite},
		{"infinite in degrees", point(1, 1, math.Inf(1)), 4326, mvt.ErrNotFinite},
		{"beyond the world", point(1, 3e7, 1), 3857, mvt.ErrBeyond},
		{"beyond numbers", point(1, 1, -1e300), 3857, mvt.ErrBeyond},
		{"beyond the antimeridian", point(1, 181, 1), 4326, mvt.ErrBeyond},
		{"a pole", point(1, 0, 90), 4326, mvt.ErrBeyond},
		{"cut off", point(1, 1), 3857, mvt.ErrMalformed},
		{"more points than bytes", append(point(2), 255, 255, 255, 255), 3857, mvt.ErrMalformed},
		{"an unknown type", point(99), 3857, mvt.ErrMalformed},
		{"deeper than one should", deep(30), 3857, mvt.ErrMalformed},
	} {
		var s mvt.Shape
		if err := s.ReadWKB(c.data, c.srid); !errors.Is(err, c.want) || !s.Empty() {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	var s mvt.Shape
	if err := s.ReadWKB(point(1, 1, 1), 2154); err == nil || !strings.Contains(err.Error(), "EPSG:2154") {
		t.Errorf("another CRS: %v", err)
	}
	for name, data := range map[string][]byte{
		"empty":     point(1, math.NaN(), math.NaN()),
		"heights":   point(1|1<<31, 1e5, 2e5, math.NaN()),
		"ISO Z":     point(1001, 1e5, 2e5, 3),
		"ISO M":     point(2001, 1e5, 2e5, 3),
		"ISO ZM":    point(3001, 1e5, 2e5, 3, 4),
		"with SRID": append(binary.LittleEndian.AppendUint32(point(1|1<<29), 3857), point(1, 1e5, 2e5)[5:]...),
	} {
		if err := s.ReadWKB(data, 3857); err != nil || s.Empty() != (name == "empty") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func deep(n int) []byte {
	var g orb.Geometry = orb.Collection{}
	for range n {
		g = orb.Collection{g}
	}
	data, err := wkb.Marshal(g)
	if err != nil {
		panic(err)
	}
	return data
}

func TestEndsOfTheWorld(t *testing.T) {
	edge := mvt.World / 2
	for _, at := range [][2]float64{{-edge, edge}, {edge, -edge}, {0, 0}} {
		p, err := mvt.PointAt(at[0], at[1])
		if err != nil {
			t.Fatal(at, err)
		}
		for z := range 23 {
			n := 1 << z
			tx, ty := int((at[0]/mvt.World+0.5)*float64(n)), int((0.5-at[1]/mvt.World)*float64(n))
			tx, ty = min(tx, n-1), min(ty, n-1)
			var e mvt.Encoder
			e.Begin("layer", z, tx, ty, nil)
			s := mvt.Shape{Kind: mvt.Points, Points: []mvt.Point{p}, Parts: []mvt.Part{mvt.NewPart(1, false)}}
			if fate, err := e.Draw(&s, s.Box()); fate != mvt.Drawn || err != nil {
				t.Errorf("%v is not in tile %d/%d/%d", at, z, tx, ty)
			}
			if !s.Box().Meets(mvt.TileBox(z, tx, ty)) {
				t.Errorf("the box of tile %d/%d/%d does not hold %v", z, tx, ty, at)
			}
		}
	}
}

// The order of two places is that of the curve, whose steps join neighbours.
func TestOrderFollowsACurve(t *testing.T) {
	const n = 32
	at := map[uint32][2]int{}
	for x := range n {
		for y := range n {
			px, py := int32(x<<27-1<<31+1<<26), int32(y<<27-1<<31+1<<26)
			at[mvt.Box{MinX: px, MinY: py, MaxX: px, MaxY: py}.Order()>>22] = [2]int{x, y}
		}
	}
	if len(at) != n*n {
		t.Fatalf("%d places have %d orders", n*n, len(at))
	}
	for i := uint32(1); i < n*n; i++ {
		p, q := at[i-1], at[i]
		if d := math.Abs(float64(p[0]-q[0])) + math.Abs(float64(p[1]-q[1])); d != 1 {
			t.Fatalf("step %d leads from %v to %v", i, p, q)
		}
	}
}
