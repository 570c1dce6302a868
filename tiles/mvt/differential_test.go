package mvt_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"

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
