package mvt_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"arpent/layers/postgis/postgistest"
	"arpent/tiles/mvt"
)

// random shapes around the tile: sizes from below a unit to beyond the tile.
func randomShape(random *rand.Rand) orb.Geometry {
	size := math.Exp2(random.Float64()*15 - 1) // in units
	cx, cy := random.Float64()*5000-450, random.Float64()*5000-450
	star := func(cx, cy, size float64, n int) []float64 {
		var xy []float64
		for i := range n {
			angle, r := 2*math.Pi*float64(i)/float64(n), size*(0.15+0.85*random.Float64())
			xy = append(xy, cx+r*math.Cos(angle), cy+r*math.Sin(angle))
		}
		return xy
	}
	n := 3 + random.IntN(40)
	switch random.IntN(6) {
	case 0:
		return points(star(cx, cy, size, n)...)
	case 1:
		return line(star(cx, cy, size, n)...)
	case 2:
		return orb.MultiLineString{line(star(cx, cy, size, n)...), line(star(cy, cx, size, n)...)}
	case 3: // with a hole
		return orb.Polygon{ring(star(cx, cy, size, n)...), ring(star(cx, cy, size*0.12, n)...)}
	case 4:
		return orb.MultiPolygon{{ring(star(cx, cy, size, n)...)}, {ring(star(cx+2.5*size, cy, size, n)...), ring(star(cx+2.5*size, cy, size*0.1, 5)...)}}
	}
	return orb.Polygon{ring(star(cx, cy, size, n)...)}
}

// What ST_AsMVTGeom draws is drawn, as large or as long, and is valid.
func TestLikePostGIS(t *testing.T) {
	const seed, count = 3, 2000
	random := rand.New(rand.NewPCG(seed, 0))
	var given, drawn [][]byte
	var e mvt.Encoder
	for range count {
		g := randomShape(random)
		given = append(given, postgistest.WKB(t, g))
		e.Begin("layer", z, x, y, nil)
		s := shapeOf(t, g)
		fate, err := e.Draw(s, s.Box())
		if err != nil {
			t.Fatal(seed, err)
		}
		if fate != mvt.Drawn {
			drawn = append(drawn, nil)
			continue
		}
		e.End(1)
		all, err := orbmvt.Unmarshal(e.AppendTo(nil))
		if err != nil {
			t.Fatal(seed, err)
		}
		drawn = append(drawn, postgistest.WKB(t, all[0].Features[0].Geometry))
	}
	pool := postgistest.New(t)
	rows, err := pool.Query(t.Context(), `
		with shapes as (
			select n, ST_SetSRID(ST_GeomFromWKB(given), 3857) as given, ST_GeomFromWKB(drawn) as drawn
			from unnest($1::bytea[], $2::bytea[]) with ordinality s(given, drawn, n)
		), tiles as (
			select n, given, drawn, ST_AsMVTGeom(given, ST_TileEnvelope($3, $4, $5), $6, $7, true) as tile,
				ST_Scale(ST_Intersection(given, ST_Expand(ST_TileEnvelope($3, $4, $5), $8::float8 * $7)), 1 / $8::float8, 1 / $8::float8) as exact
			from shapes
		)
		select n, coalesce(ST_IsValidReason(drawn), 'nothing'), ST_Dimension(given),
			ST_Area(drawn), ST_Area(tile), ST_Area(exact), ST_Length(drawn), ST_Length(tile), ST_Length(exact), case when ST_Distance(given, ST_Boundary(ST_Expand(ST_TileEnvelope($3, $4, $5), $8::float8 * $7))) > $8 then ST_HausdorffDistance(drawn, tile) else 0 end,
			ST_Perimeter(exact), ST_NPoints(given), ST_AsText(given)
		from tiles`, given, drawn, z, x, y, mvt.Extent, mvt.Buffer, mvt.World/(1<<z)/mvt.Extent)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	both := 0
	for rows.Next() {
		var n, dimension, vertices int
		var valid, text string
		var area, length [3]*float64
		var apart *float64
		var perimeter float64
		if err := rows.Scan(&n, &valid, &dimension, &area[0], &area[1], &area[2], &length[0], &length[1], &length[2], &apart, &perimeter, &vertices, &text); err != nil {
			t.Fatal(err)
		}
		if len(text) > 200 {
			text = text[:200]
		}
		complain := func(format string, args ...any) {
			t.Errorf("seed %d, shape %d: "+format+"\n%s", append([]any{seed, n}, append(args, text)...)...)
		}
		if valid != "nothing" && valid != "Valid Geometry" {
			complain("%s", valid)
		}
		// Each vertex moves by half a unit in X and in Y at most.
		slack := perimeter*math.Sqrt2/2 + float64(vertices)
		switch {
		case area[0] == nil && area[1] == nil:
		case area[0] == nil || area[1] == nil:
			if dimension == 0 || dimension == 1 && *length[2] > 3*math.Sqrt2*float64(vertices) || dimension == 2 && *area[2] > slack {
				complain("drawn %v, by PostGIS %v", area[0] != nil, area[1] != nil)
			}
		case dimension == 0 && *apart > math.Sqrt2: // halves are rounded another way
			complain("a point is %.1f units from those of PostGIS", *apart)
		case dimension == 1 && math.Abs(*length[0]-*length[2]) > math.Sqrt2*float64(vertices):
			complain("length %.1f, by PostGIS %.1f, in truth %.1f", *length[0], *length[1], *length[2])
		case dimension == 2 && math.Abs(*area[0]-*area[2]) > slack:
			complain("area %.1f, by PostGIS %.1f, in truth %.1f, perimeter %.1f", *area[0], *area[1], *area[2], perimeter)
		default:
			both++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if both < count/2 {
		t.Errorf("only %d shapes of %d were compared", both, count)
	}
}

// FuzzEncode draws whatever polygons the bytes say, mostly invalid ones. What is
// drawn is read by another library, is valid, and as large as by the even-odd
// rule.
func FuzzEncode(f *testing.F) {
	f.Add([]byte{0, 0, 10, 0, 10, 10, 0, 10}, uint8(0), uint8(14))
	f.Add([]byte{0, 0, 10, 10, 10, 0, 0, 10, 255, 255, 3, 3, 3, 7, 7, 3}, uint8(4), uint8(2))
	f.Add([]byte{0, 0, 200, 0, 200, 200, 0, 200, 255, 255, 30, 30, 30, 70, 70, 30, 255, 255, 90, 90, 99, 90, 95, 99}, uint8(7), uint8(20))
	f.Add([]byte{0, 0, 250, 120, 0, 121, 250, 1, 3, 99, 250, 0}, uint8(9), uint8(22))
	f.Fuzz(func(t *testing.T, data []byte, scale, zoom uint8) {
		if len(data) > 400 || zoom > 22 {
			return
		}
		polygon, drawn, tile, unit := drawBytes(t, data, scale, zoom)
		if drawn != nil {
			checkValid(t, drawn)
			checkArea(t, polygon, drawn, tile, unit)
		}
	})
}

// drawBytes draws the polygon that bytes say, in a tile in the middle of the
// world whose unit is so many metres. What is drawn is nil where nothing is.
func drawBytes(t *testing.T, data []byte, scale, zoom uint8) (polygon orb.Polygon, drawn orb.Geometry, tile [2]int, unit float64) {
	t.Helper()
	// Places are around the lower right corner of the tile, some sixteenths of a
	// unit up to some tiles apart.
	step := math.Exp2(float64(scale%14) - 4)
	n := 1 << zoom
	tile = [2]int{n / 2, n / 3}
	unit = mvt.World / float64(n) / mvt.Extent
	polygon = orb.Polygon{{}}
	for i := 0; i+1 < len(data); i += 2 {
		last := &polygon[len(polygon)-1]
		if data[i] == 255 && data[i+1] == 255 {
			polygon = append(polygon, orb.Ring{})
			continue
		}
		ux, uy := 4100+step*(float64(data[i])-60), 4100+step*(float64(data[i+1])-60)
		*last = append(*last, orb.Point{(float64(tile[0])*mvt.Extent+ux)*unit - mvt.World/2, mvt.World/2 - (float64(tile[1])*mvt.Extent+uy)*unit})
	}
	var s mvt.Shape
	if err := s.ReadWKB(postgistest.WKB(t, polygon), 3857); err != nil {
		return polygon, nil, tile, unit // such as beyond the world
	}
	var e mvt.Encoder
	e.Begin("layer", int(zoom), tile[0], tile[1], nil)
	fate, err := e.Draw(&s, s.Box())
	if err != nil || fate != mvt.Drawn {
		return polygon, nil, tile, unit
	}
	e.End(1)
	all, err := orbmvt.Unmarshal(e.AppendTo(nil))
	if err != nil {
		t.Fatal(err)
	}
	return polygon, all[0].Features[0].Geometry, tile, unit
}

// However rings cross, what is drawn of them is valid for PostGIS.
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
		if _, drawn, _, _ := drawBytes(t, data, uint8(random.IntN(14)), uint8(random.IntN(23))); drawn != nil {
			all = append(all, postgistest.WKB(t, drawn))
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

// checkArea compares with the truth where that is easy to tell: one ring that
// runs around what it encloses once.
func checkArea(t *testing.T, given orb.Polygon, drawn orb.Geometry, tile [2]int, unit float64) {
	if len(given) != 1 || !isValid(given) {
		return
	}
	var inUnits orb.Ring
	for _, p := range given[0] {
		inUnits = append(inUnits, orb.Point{(p[0]+mvt.World/2)/unit - float64(tile[0])*mvt.Extent, (mvt.World/2-p[1])/unit - float64(tile[1])*mvt.Extent})
	}
	exact := clippedTo(inUnits, orb.Bound{Min: orb.Point{-mvt.Buffer, -mvt.Buffer}, Max: orb.Point{mvt.Extent + mvt.Buffer, mvt.Extent + mvt.Buffer}})
	want, got := math.Abs(planar.Area(orb.Polygon{exact})), planar.Area(drawn)
	// At zooms above 20 a world unit is several of the tile.
	coarse := max(1, mvt.World/(1<<32)/unit)
	if slack := coarse * (planar.Length(exact) + float64(2*len(given[0]))); math.Abs(want-math.Abs(got)) > slack {
		t.Errorf("area %.1f, in truth %.1f, slack %.1f: %v", got, want, slack, drawn)
	}
}
