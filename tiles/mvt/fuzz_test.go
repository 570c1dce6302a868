package mvt_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"arpent/layers/postgis/postgistest"
	"arpent/tiles/mvt"
)

// FuzzEncode draws whatever polygons the bytes say, mostly invalid ones. What is
// drawn is read by another library, is valid by the rules of GEOS, and as large as
// what the rings enclose by the even-odd rule, to what rounding may do to it.
func FuzzEncode(f *testing.F) {
	f.Add([]byte{0, 0, 10, 0, 10, 10, 0, 10}, uint8(0), uint8(14))
	f.Add([]byte{0, 0, 10, 10, 10, 0, 0, 10, 255, 255, 3, 3, 3, 7, 7, 3}, uint8(4), uint8(2))
	f.Add([]byte{0, 0, 200, 0, 200, 200, 0, 200, 255, 255, 30, 30, 30, 70, 70, 30, 255, 255, 90, 90, 99, 90, 95, 99}, uint8(7), uint8(20))
	f.Add([]byte{0, 0, 250, 120, 0, 121, 250, 1, 3, 99, 250, 0}, uint8(9), uint8(22))
	pool := fuzzPool(f)
	f.Fuzz(func(t *testing.T, data []byte, scale, zoom uint8) {
		if len(data) > 400 || zoom > 22 {
			return
		}
		d := drawBytes(t, data, scale, zoom)
		d.checkArea(t)
		checkValid(t, pool, d.drawn)
	})
}

// fuzzPool is a PostGIS of the fuzzing process, which those that it starts use too:
// they are stopped too soon to stop one of their own.
func fuzzPool(f *testing.F) *pgxpool.Pool {
	f.Helper()
	const shared = "ARPENT_TEST_FUZZ_DATABASE"
	address := os.Getenv(shared)
	if address == "" {
		pool := postgistest.New(f)
		f.Setenv(shared, pool.Config().ConnString())
		return pool
	}
	pool, err := pgxpool.New(f.Context(), address)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(pool.Close)
	return pool
}

// FuzzReadWKB reads and draws whatever bytes there are: none crash, and what is
// drawn is read by another library, polygons valid.
func FuzzReadWKB(f *testing.F) {
	for _, g := range []orb.Geometry{
		orb.Point(metres(10, 20)), points(0, 0, 4160, 4160), line(1, 1, 2, 1, 2, 3), orb.Polygon{ring(0, 0, 10, 10, 10, 0, 0, 10)},
		orb.MultiPolygon{{ring(0, 0, 90, 0, 90, 90, 0, 90), ring(20, 20, 40, 20, 40, 40, 20, 40)}, {ring(100, 0, 190, 0, 190, 90)}}, orb.Collection{metres(0, 0), line(1, 1, 5, 1)},
	} {
		f.Add(postgistest.WKB(f, g), uint8(z))
	}
	pool := fuzzPool(f)
	f.Fuzz(func(t *testing.T, data []byte, zoom uint8) {
		var s mvt.Shape
		if len(data) > 2000 || zoom > 22 || s.ReadWKB(data, 3857) != nil || s.Empty() {
			return
		}
		at := s.Points[0] // in its tile, something may be drawn
		checkValid(t, pool, encoded(t, &s, int(zoom), int(int64(at.X)+1<<31)>>(32-zoom)&(1<<zoom-1), int(int64(at.Y)+1<<31)>>(32-zoom)&(1<<zoom-1)))
	})
}

// encoded is what is drawn of a shape in a tile, in its units; nil for nothing.
func encoded(t *testing.T, s *mvt.Shape, z, x, y int) orb.Geometry {
	t.Helper()
	var e mvt.Encoder
	e.Begin("layer", z, x, y, nil)
	fate, err := e.Draw(s, s.Box())
	if err != nil || fate != mvt.Drawn { // what cannot be made valid is told, and drawn by PostGIS
		return nil
	}
	e.End(1)
	all, err := orbmvt.Unmarshal(e.AppendTo(nil))
	if err != nil {
		t.Fatal(err)
	}
	return all[0].Features[0].Geometry
}

// checkValid fails unless PostGIS calls a geometry valid.
func checkValid(t *testing.T, pool *pgxpool.Pool, g orb.Geometry) {
	t.Helper()
	if g == nil {
		return
	}
	var why string
	if err := pool.QueryRow(t.Context(), `select ST_IsValidReason(ST_GeomFromWKB($1))`, postgistest.WKB(t, g)).Scan(&why); err != nil || why != "Valid Geometry" {
		t.Errorf("%s %v: %v", why, err, g)
	}
}

// drawing is a polygon and what was drawn of it.
type drawing struct {
	given orb.Polygon  // in units of the tile from its upper left corner, rings not closed
	drawn orb.Geometry // in the same; nil for nothing
	grid  float64      // world units in a unit of the tile, at least 1: how coarse vertices are
	whole bool         // the encoder had no error
}

// drawBytes draws the polygon that bytes say, in a tile in the middle of the
// world. Places are around the lower right corner of the tile, some sixteenths of
// a unit up to some tiles apart.
func drawBytes(t *testing.T, data []byte, scale, zoom uint8) drawing {
	t.Helper()
	step := math.Exp2(float64(scale%14) - 4)
	n := 1 << zoom
	x, y := n/2, n/3
	unit := mvt.World / float64(n) / mvt.Extent
	d := drawing{given: orb.Polygon{{}}, grid: max(1, mvt.World/(1<<32)/unit)}
	polygon := orb.Polygon{{}}
	for i := 0; i+1 < len(data); i += 2 {
		if data[i] == 255 && data[i+1] == 255 {
			polygon, d.given = append(polygon, orb.Ring{}), append(d.given, orb.Ring{})
			continue
		}
		last := len(polygon) - 1
		ux, uy := 4100+step*(float64(data[i])-60), 4100+step*(float64(data[i+1])-60)
		d.given[last] = append(d.given[last], orb.Point{ux, uy})
		polygon[last] = append(polygon[last], orb.Point{(float64(x)*mvt.Extent+ux)*unit - mvt.World/2, mvt.World/2 - (float64(y)*mvt.Extent+uy)*unit})
	}
	var s mvt.Shape
	if err := s.ReadWKB(postgistest.WKB(t, polygon), 3857); err != nil {
		return d // such as beyond the world
	}
	var e mvt.Encoder
	e.Begin("layer", int(zoom), x, y, nil)
	_, err := e.Draw(&s, s.Box())
	d.whole = err == nil
	d.drawn = encoded(t, &s, int(zoom), x, y)
	return d
}

// checkArea compares the area of what was drawn with that of what the rings
// enclose within the tile and its buffer.
func (d drawing) checkArea(t *testing.T) {
	t.Helper()
	frame := orb.Bound{Min: orb.Point{-mvt.Buffer, -mvt.Buffer}, Max: orb.Point{mvt.Extent + mvt.Buffer, mvt.Extent + mvt.Buffer}}
	if !d.whole || !d.nested() {
		return
	}
	want, along, crosses := evenOdd(d.given, frame)
	got := 0.0
	if d.drawn != nil {
		got = math.Abs(planar.Area(d.drawn))
	}
	// A vertex, given or where edges cross, goes half a unit and less in X and in Y;
	// an edge bends to all that it passes, by as much again.
	vertices := float64(crosses)
	for _, r := range d.given {
		vertices += float64(len(r))
	}
	if slack := d.grid * (1.5*along + 3*vertices + 2); math.Abs(want-got) > slack {
		t.Errorf("area %.1f, in truth %.1f, slack %.1f: %v of %v", got, want, slack, d.drawn, d.given)
	}
}

// nested reports whether holes are within the outer ring: what one encloses that
// has no outer ring around it is no hole of anything, and not drawn.
func (d drawing) nested() bool {
	everywhere := orb.Bound{Min: orb.Point{-1e9, -1e9}, Max: orb.Point{1e9, 1e9}}
	all, _, _ := evenOdd(d.given, everywhere)
	outer, _, _ := evenOdd(d.given[:1], everywhere)
	holes, _, _ := evenOdd(d.given[1:], everywhere)
	return math.Abs(all-(outer-holes)) < 1e-6*(1+outer+holes)
}

// However rings cross, what is drawn of them is valid for PostGIS and as large as
// it should be.
func TestRandomRingsAreDrawnValid(t *testing.T) {
	const seed, count = 12, 1500
	random := rand.New(rand.NewPCG(seed, 0))
	var all [][]byte
	for range count {
		data := make([]byte, 6+2*random.IntN(40))
		for i := range data {
			data[i] = byte(random.IntN(256))
		}
		if random.IntN(3) == 0 {
			i := random.IntN(len(data)/2) * 2
			data[i], data[i+1] = 255, 255
		}
		d := drawBytes(t, data, uint8(random.IntN(14)), uint8(random.IntN(23)))
		d.checkArea(t)
		if d.drawn != nil {
			all = append(all, postgistest.WKB(t, d.drawn))
		}
	}
	if len(all) < count/2 {
		t.Errorf("only %d of %d were drawn", len(all), count)
	}
	var why string
	err := postgistest.New(t).QueryRow(t.Context(), `select coalesce(string_agg(ST_IsValidReason(g), ', '), '') from (select ST_GeomFromWKB(unnest($1::bytea[])) g) s where not ST_IsValid(g)`, all).Scan(&why)
	if err != nil || why != "" {
		t.Errorf("seed %d: %s %v", seed, why, err)
	}
}
