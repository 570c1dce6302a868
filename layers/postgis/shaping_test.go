package postgis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"arpent/layers"
)

// size is the area of a shape, or the length of a line, in the plane.
func size(g geom.T) float64 {
	switch g := g.(type) {
	case *geom.Polygon:
		return math.Abs(g.Area())
	case *geom.MultiPolygon:
		return math.Abs(g.Area())
	case *geom.LineString:
		return g.Length()
	case *geom.MultiLineString:
		return g.Length()
	}
	return 0
}

func (w town) make(t *testing.T, layer string, sh layers.Shaping) []geom.T {
	t.Helper()
	made, err := w.Shape(ctx, clerk, layer, sh, 0)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestShapesAreMadeOfShapes(t *testing.T) {
	w := newTown(t)
	at := func(text string) geom.T { return shape(t, text, 2154) }
	block := at("POLYGON((900000 6690000, 900100 6690000, 900100 6690050, 900000 6690050, 900000 6690000))")
	holed := at("POLYGON((900000 6690000, 900100 6690000, 900100 6690050, 900000 6690050, 900000 6690000), (900040 6690020, 900060 6690020, 900060 6690030, 900040 6690030, 900040 6690020))")
	two := at("MULTIPOLYGON(((900000 6690000, 900010 6690000, 900010 6690010, 900000 6690010, 900000 6690000)), ((900020 6690000, 900040 6690000, 900040 6690010, 900020 6690010, 900020 6690000)))")
	street := at("LINESTRING(900000 6690000, 900100 6690000)")
	bow := at("POLYGON((900000 6690000, 900010 6690010, 900010 6690000, 900000 6690010, 900000 6690000))")

	for _, c := range []struct {
		name  string
		layer string
		sh    layers.Shaping
		sizes []float64
	}{
		{"a line cuts a block in two, the larger part first", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: at("LINESTRING(900060 6689990, 900060 6690060)")}, []float64{3000, 2000}},
		{"a line from border to border cuts it too", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: at("LINESTRING(900060 6690000, 900060 6690050)")}, []float64{3000, 2000}},
		{"so does one that ends a hair before the border", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: at("LINESTRING(900060 6690000.001, 900060 6690049.999)")}, []float64{3000, 2000}},
		{"from corner to corner", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: at("LINESTRING(900000.001 6690000, 900100 6690050.001)")}, []float64{2500, 2500}},
		{"a line through a hole cuts what lies around it", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{holed}, With: at("LINESTRING(900050 6689990, 900050 6690060)")}, []float64{2400, 2400}},
		{"a line that crosses twice makes three", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: at("LINESTRING(900010 6690060, 900010 6690040, 900030 6690040, 900030 6690060)")}, []float64{4800, 200}},
		{"parts that are not cut stay with the largest piece", "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{two}, With: at("LINESTRING(900035 6689990, 900035 6690060)")}, []float64{250, 50}},
		{"a street is cut where a line crosses it", "land.streets", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{street}, With: at("LINESTRING(900030 6689990, 900030 6690010)")}, []float64{70, 30}},
		{"neighbours become one", "land.blocks", layers.Shaping{Operation: layers.Merge, Shapes: []geom.T{block, at("POLYGON((900100 6690000, 900120 6690000, 900120 6690050, 900100 6690050, 900100 6690000))")}}, []float64{6000}},
		{"streets end to end become one", "land.streets", layers.Shaping{Operation: layers.Merge, Shapes: []geom.T{street, at("LINESTRING(900100 6690000, 900100 6690010)")}}, []float64{110}},
		{"an area is cut out", "land.blocks", layers.Shaping{Operation: layers.Cut, Shapes: []geom.T{block}, With: at("POLYGON((900010 6690010, 900020 6690010, 900020 6690020, 900010 6690020, 900010 6690010))")}, []float64{4900}},
		{"a border bulges along a line outside", "land.blocks", layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{block}, With: at("LINESTRING(900020 6690040, 900020 6690060, 900040 6690060, 900040 6690040)")}, []float64{5200}},
		{"a border recedes along a line inside", "land.blocks", layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{block}, With: at("LINESTRING(900020 6690055, 900020 6690040, 900040 6690040, 900040 6690055)")}, []float64{4800}},
		{"a line in and out does both", "land.blocks", layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{block}, With: at("LINESTRING(900010 6690055, 900010 6690040, 900020 6690040, 900020 6690060, 900040 6690060, 900040 6690045)")}, []float64{5100}},
		{"a border that recedes leaves the hole a hole", "land.blocks", layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{holed}, With: at("LINESTRING(900020 6690055, 900020 6690040, 900030 6690040, 900030 6690055)")}, []float64{4700}},
		{"the border of a hole is changed", "land.blocks", layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{holed}, With: at("LINESTRING(900045 6690025, 900045 6690035, 900055 6690035, 900055 6690025)")}, []float64{4750}},
		{"a street takes another course", "land.streets", layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{street}, With: at("LINESTRING(900040 6689995, 900040 6690010, 900020 6690010, 900020 6690000)")}, []float64{120}},
		{"the sides of a block are moved out", "land.blocks", layers.Shaping{Operation: layers.Offset, Corners: layers.Mitre, Distance: 5, Shapes: []geom.T{block}}, []float64{110 * 60}},
		{"what crosses itself is mended", "land.blocks", layers.Shaping{Operation: layers.Mend, Shapes: []geom.T{bow}}, []float64{50}},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := w.make(t, c.layer, c.sh)
			if len(made) != len(c.sizes) {
				t.Fatalf("%d shapes: %v", len(made), texts(made))
			}
			// On the ground 5 m are more than 5 m of the plane by less than a thousandth.
			tolerance := 1e-6
			if c.sh.Distance != 0 {
				tolerance = 2
			}
			for i, g := range made {
				if math.Abs(size(g)-c.sizes[i]) > tolerance || g.SRID() != 2154 {
					t.Errorf("shape %d is of %.4f, want %v: %v", i, size(g), c.sizes[i], texts(made))
				}
			}
		})
	}
}

func texts(all []geom.T) (out []string) {
	for _, g := range all {
		out = append(out, fmt.Sprintf("%T%v", g, g.FlatCoords()))
	}
	return out
}

func TestABufferIsAsWideAsOnTheGround(t *testing.T) {
	w := newTown(t)
	for _, srid := range []int{2154, 3857, 4326} {
		// The same place in each CRS: a disc of 100 m is of 31,416 m².
		var data []byte
		if err := w.pool.QueryRow(ctx, `select ST_AsEWKB(ST_Transform(ST_SetSRID(ST_MakePoint(900000, 6690000), 2154), $1::integer))`, srid).Scan(&data); err != nil {
			t.Fatal(err)
		}
		point, err := ewkb.Unmarshal(data)
		if err != nil {
			t.Fatal(err)
		}
		made, err := w.Shape(ctx, clerk, "land.blocks", layers.Shaping{Operation: layers.Buffer, Distance: 100, Shapes: []geom.T{point}}, 4326)
		if err != nil {
			t.Fatal(err)
		}
		if data, err = ewkb.Marshal(made[0], ewkb.NDR); err != nil {
			t.Fatal(err)
		}
		var area float64
		if err := w.pool.QueryRow(ctx, `select ST_Area(ST_GeomFromEWKB($1)::geography)`, data).Scan(&area); err != nil {
			t.Fatal(err)
		}
		// Sides within 1 cm of the circle take no more than 2π·100·0.01 m² off it.
		if circle := math.Pi * 100 * 100; area > circle+0.5 || area < circle-6.3 {
			t.Errorf("from EPSG:%d the disc is of %.2f m²", srid, area)
		}
	}
}

func TestPartsOfASplitAddUp(t *testing.T) {
	w := newTown(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	cut := 0
	for range 60 {
		ring := star(random, 900000, 6690000)
		angle, off := random.Float64()*math.Pi, random.Float64()*20-10
		x, y := 900000-off*math.Sin(angle), 6690000+off*math.Cos(angle)
		line := geom.NewLineStringFlat(geom.XY, []float64{x - 200*math.Cos(angle), y - 200*math.Sin(angle), x + 200*math.Cos(angle), y + 200*math.Sin(angle)}).SetSRID(2154)
		made, err := w.Shape(ctx, clerk, "land.blocks", layers.Shaping{Operation: layers.Split, Shapes: []geom.T{ring}, With: line}, 0)
		if err != nil {
			if layers.KindOf(err) != layers.Invalid {
				t.Fatal(err)
			}
			continue
		}
		cut++
		var sum float64
		for _, g := range made {
			sum += size(g)
		}
		// Each place where the line meets the border moves by less than a millimetre.
		if math.Abs(sum-size(ring)) > 0.2 {
			t.Errorf("parts of %.6f m², the whole is of %.6f: %v by %v", sum, size(ring), ring.FlatCoords(), line.FlatCoords())
		}
		merged := w.make(t, "land.blocks", layers.Shaping{Operation: layers.Merge, Shapes: made})
		if math.Abs(size(merged[0])-sum) > 1e-6 {
			t.Errorf("merged again they are of %.6f m², not %.6f", size(merged[0]), sum)
		}
	}
	if cut < 50 {
		t.Errorf("only %d of 60 were cut", cut)
	}
}

// star is a polygon around a place, each corner as far as 30 to 100 m.
func star(random *rand.Rand, x, y float64) *geom.Polygon {
	n := 5 + random.IntN(20)
	var flat []float64
	for i := range n {
		angle, r := 2*math.Pi*float64(i)/float64(n), 30+70*random.Float64()
		flat = append(flat, math.Round((x+r*math.Cos(angle))*1000)/1000, math.Round((y+r*math.Sin(angle))*1000)/1000)
	}
	flat = append(flat, flat[0], flat[1])
	return geom.NewPolygonFlat(geom.XY, flat, []int{len(flat)}).SetSRID(2154)
}

func TestShapesThatCannotBeMadeAreToldWhy(t *testing.T) {
	w := newTown(t)
	block := square(t, 900000, 6690000, 50)
	line := shape(t, "LINESTRING(900010 6690010, 900020 6690020)", 2154)
	many := make([]float64, 0, 120_002)
	for i := range 60_000 {
		many = append(many, 900000+float64(i), 6690000)
	}
	long := geom.NewLineStringFlat(geom.XY, many).SetSRID(2154)
	for name, c := range map[string]struct {
		sh   layers.Shaping
		kind layers.Kind
	}{
		"a line that misses":           {layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: line}, layers.Invalid},
		"a line beside it":             {layers.Shaping{Operation: layers.Reshape, Shapes: []geom.T{block}, With: shape(t, "LINESTRING(900100 6690010, 900120 6690020)", 2154)}, layers.Invalid},
		"a line along the border":      {layers.Shaping{Operation: layers.Split, Shapes: []geom.T{block}, With: shape(t, "LINESTRING(900000 6690000, 900050 6690000)", 2154)}, layers.Invalid},
		"shrunk to nothing":            {layers.Shaping{Operation: layers.Buffer, Distance: -30, Shapes: []geom.T{block}}, layers.Invalid},
		"no distance":                  {layers.Shaping{Operation: layers.Buffer, Shapes: []geom.T{block}}, layers.Invalid},
		"cut away whole":               {layers.Shaping{Operation: layers.Cut, Shapes: []geom.T{block}, With: square(t, 899990, 6689990, 100)}, layers.Invalid},
		"nothing to merge with":        {layers.Shaping{Operation: layers.Merge, Shapes: []geom.T{block}}, layers.Invalid},
		"an unknown operation":         {layers.Shaping{Operation: "melt", Shapes: []geom.T{block}}, layers.Invalid},
		"unknown corners":              {layers.Shaping{Operation: layers.Buffer, Distance: 1, Corners: "join=round quad_segs=9", Shapes: []geom.T{block}}, layers.Invalid},
		"no shape":                     {layers.Shaping{Operation: layers.Mend}, layers.Invalid},
		"a hundred thousand positions": {layers.Shaping{Operation: layers.Buffer, Distance: 1, Shapes: []geom.T{long}}, layers.TooLarge},
		"no number":                    {layers.Shaping{Operation: layers.Mend, Shapes: []geom.T{geom.NewPointFlat(geom.XY, []float64{math.NaN(), 1})}}, layers.Invalid},
		"where the plane ends":         {layers.Shaping{Operation: layers.Mend, Shapes: []geom.T{geom.NewPointFlat(geom.XY, []float64{0, -90}).SetSRID(4326)}}, layers.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Shape(ctx, clerk, "land.blocks", c.sh, 0)
			wantKind(t, err, c.kind)
		})
	}
	mend := layers.Shaping{Operation: layers.Mend, Shapes: []geom.T{block}}
	_, err := w.Shape(ctx, layers.Viewer{}, "land.streets", mend, 0)
	wantKind(t, err, layers.Unauthorized)
	_, err = w.Shape(ctx, w.account(t, "reader", "00001", "reader"), "land.blocks", mend, 0)
	wantKind(t, err, layers.Forbidden)
	if _, err = w.Shape(ctx, w.account(t, "manager", "00001", "manager"), "land.blocks", mend, 0); err != nil {
		t.Error(err)
	}
}
