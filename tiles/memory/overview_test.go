package memory_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	omvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"arpent/tiles/memory"
	"arpent/tiles/mvt"
	"arpent/tiles/tiletest"
)

// bySection unites what town and row make by their first value.
var bySection = memory.Options{Fields: 5, MaxZoom: 18, Unions: [][]int{{0}}}

var united = memory.View{Name: "parcels", Sees: everything.Sees,
	Fields: []memory.ViewField{{Key: "section", Field: 0}, {Key: "count", Field: 1}}}

func loadUnited(t testing.TB, rows memory.Rows) *memory.Layer {
	t.Helper()
	l, err := memory.Load(bySection, rows)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func groupsOf(t testing.TB, l *memory.Layer) *memory.Layer {
	t.Helper()
	groups, err := l.United(0)
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

// What is united covers what its members cover, without a hole where they meet,
// and says how many they are.
func TestUnitedFeaturesCoverTheirMembers(t *testing.T) {
	const columns = 60
	groups := groupsOf(t, loadUnited(t, town(columns)))
	const z = 14
	x, y := near(z)
	tile := encode(t, groups, z, x, y, &united)
	total := 0
	for _, f := range tiletest.Decode(t, tile)[0].Features { // strictly: valid rings, holes in their rings
		n, err := strconv.Atoi(fmt.Sprint(f.Properties["count"]))
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	if total != columns*columns {
		t.Errorf("%d parcels are counted, want %d", total, columns*columns)
	}
	all, err := omvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	got, want, outline := 0.0, 0.0, 0.0
	for _, f := range all[0].Features {
		got += planar.Area(f.Geometry)
		outline += planar.Length(f.Geometry)
	}
	for n := range columns * columns {
		want += planar.Area(parcel(n%columns, n/columns))
	}
	unit := mvt.World / (1 << z) / mvt.Extent
	if math.Abs(got-want/unit/unit) > outline {
		t.Errorf("an area of %.0f square units is drawn, want %.0f", got, want/unit/unit)
	}
	if len(all[0].Features) != 2 { // sections AB and AC of 2,000 parcels
		t.Errorf("%d sections are drawn", len(all[0].Features))
	}
}

// Land in the midst of another section is a hole in it; pieces that only touch at
// a corner are two rings.
func TestHolesAndCornersOfUnitedFeatures(t *testing.T) {
	var all []*memory.Row
	section := func(i, j int) string {
		switch {
		case i == 2 && j == 2, i == 3 && j == 3: // two holes that touch at a corner
			return "hole"
		case i < 6 && j < 6:
			return "land"
		}
		return "other"
	}
	for i := range 8 {
		for j := range 8 {
			all = append(all, row(fmt.Sprint(i, ",", j), "1", section(i, j), parcel(i, j), t))
		}
	}
	groups := groupsOf(t, loadUnited(t, rows(all...)))
	x, y := near(16)
	tile := encode(t, groups, 16, x, y, &united)
	decoded, err := omvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	rings := map[any]int{}
	for _, f := range decoded[0].Features {
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			rings[f.Properties["section"]] += len(g)
		case orb.MultiPolygon:
			for _, p := range g {
				rings[f.Properties["section"]] += len(p)
			}
		}
	}
	if rings["land"] != 3 || rings["hole"] != 2 || rings["other"] != 1 {
		t.Errorf("rings are %v", rings)
	}
}

// After whatever changes, what is united is what would be united anew, byte for
// byte.
func TestUnitedFeaturesFollowTheirMembers(t *testing.T) {
	const seed, columns = 11, 24
	random := rand.New(rand.NewPCG(seed, 0))
	now := map[string]*memory.Row{}
	word := func(n int) string { return []string{"AB", "AC", "AD"}[(n/columns/8+n%columns/8)%3] }
	for n := range columns * columns {
		id := strconv.Itoa(n)
		now[id] = row(id, strconv.Itoa(1+n%columns/12), word(n), parcel(n%columns, n/columns), t)
	}
	all := func(yield func(*memory.Row, error) bool) {
		for _, r := range now {
			if !yield(r, nil) {
				return
			}
		}
	}
	l := loadUnited(t, all)
	for step := range 80 {
		var ids []string
		seen := map[string]*memory.Row{}
		for range 1 + random.IntN(8) {
			n := random.IntN(columns * columns)
			id := strconv.Itoa(n)
			ids = append(ids, id)
			switch random.IntN(4) {
			case 0:
				delete(now, id)
			case 1:
				now[id] = row(id, "2", []string{"", "AB", "new", "AD"}[random.IntN(4)], parcel(n%columns, n/columns), t)
			case 2:
				now[id] = row(id, "1", word(n), parcel(random.IntN(columns), random.IntN(columns)), t) // onto another
			default:
				now[id] = row(id, strconv.Itoa(1+n%columns/12), word(n), parcel(n%columns, n/columns), t)
			}
			seen[id] = now[id]
		}
		var changed []*memory.Row
		for _, r := range seen {
			if r != nil {
				changed = append(changed, r)
			}
		}
		if err := l.Apply(ids, rows(changed...)); err != nil {
			t.Fatal(err)
		}
		if step%25 == 24 {
			l.Pack()
		}
		if step%3 == 0 {
			continue // nobody looks
		}
		got, want := groupsOf(t, l), groupsOf(t, loadUnited(t, all))
		if got.Len() != want.Len() {
			t.Fatalf("seed %d, step %d: %d groups, want %d", seed, step, got.Len(), want.Len())
		}
		for z := 10; z <= 17; z++ {
			x, y := 8255<<max(z-14, 0)>>max(14-z, 0), 5991<<max(z-14, 0)>>max(14-z, 0)
			if a, b := encode(t, got, z, x, y, &united), encode(t, want, z, x, y, &united); !bytes.Equal(a, b) {
				t.Fatalf("seed %d, step %d: tile %d/%d/%d is another\n%s\n%s", seed, step, z, x, y, tiletest.Dump(tiletest.Decode(t, a)), tiletest.Dump(tiletest.Decode(t, b)))
			}
		}
	}
}

// A tile keeps to its budget with the features of highest rank, and tells how
// many are left out.
func TestATileKeepsToItsBudget(t *testing.T) {
	l := load(t, town(50))
	x, y := near(14)
	v := everything
	whole, share, err := l.Encode(nil, 14, x, y, &v)
	if err != nil || share.Reduced() || share.Of != 2500 {
		t.Fatalf("%+v are drawn without a budget (%v)", share, err)
	}
	last := 0
	for _, budget := range []int{1000, 20_000, 50_000, len(whole) - 1, len(whole)} {
		v.Budget, v.Rank = budget, 3 // by area, the third value
		tile, share, err := l.Encode([]byte("before"), 14, x, y, &v)
		if err != nil {
			t.Fatal(err)
		}
		tile = bytes.TrimPrefix(tile, []byte("before"))
		if len(tile) > budget || len(tile) < budget*9/10-200 || share.Of != 2500 || share.Reduced() != (budget < len(whole)) || share.Kept < last {
			t.Errorf("of %d bytes %d are used, for %+v", budget, len(tile), share)
		}
		last = share.Kept
		features := tiletest.Decode(t, tile)[0].Features
		if len(features) != share.Kept {
			t.Errorf("%d features are drawn, told are %d", len(features), share.Kept)
		}
		least := math.Inf(1)
		for _, f := range features {
			least = min(least, f.Properties["area"].(float64))
		}
		if most := 1600 + 2499.0/10; budget == 1000 && least < most-5 {
			t.Errorf("the least that is drawn has %.1f m², while others of %.1f are not", least, most)
		}
		again, _, _ := l.Encode(nil, 14, x, y, &v)
		if !bytes.Equal(again, tile) {
			t.Error("the tile is another when it is made again")
		}
	}
}

func TestSmallFeaturesAreLeftOut(t *testing.T) {
	big := orb.Polygon{{mesh(0, 0), mesh(0, 40), mesh(40, 40), mesh(40, 0), mesh(0, 0)}}
	road := orb.LineString{mesh(0, 0), mesh(0, 40)}
	path := orb.LineString{mesh(0, 0), mesh(0, 2)}
	l := load(t, rows(row("big", "1", "", big, t), row("small", "1", "", parcel(1, 1), t), row("road", "1", "", road, t), row("path", "1", "", path, t), row("place", "1", "", mesh(3, 3), t)))
	x, y := near(14) // a pixel is 9.6 m
	v := everything
	v.Smallest = 20
	tile, share, err := l.Encode(nil, 14, x, y, &v)
	if err != nil {
		t.Fatal(err)
	}
	found := map[any]bool{}
	for _, f := range tiletest.Decode(t, tile)[0].Features {
		found[f.Properties["id"]] = true
	}
	if !found["big"] || !found["road"] || !found["place"] || found["small"] || found["path"] || share.Kept != 3 || share.Of != 5 {
		t.Errorf("there are %v, %+v", found, share)
	}
}

// Points that are close are one, the same in all tiles that show it; the others
// are what they are. Nobody is counted who is not seen.
func TestPointsThatAreCloseAreOne(t *testing.T) {
	const seed, count = 3, 4000
	random := rand.New(rand.NewPCG(seed, 0))
	var all []*memory.Row
	for n := range count {
		r := row(fmt.Sprint(n), strconv.Itoa(1+n%2), "word", orb.Point{corner[0] + random.ExpFloat64()*3000, corner[1] - random.ExpFloat64()*3000}, t)
		all = append(all, r)
	}
	l := load(t, rows(all...))
	v := everything
	v.Cluster, v.CountKey = 40, "count"
	v.Sees = func(owner string) (bool, uint64) { return owner == "1", memory.All }
	for _, z := range []int{11, 13, 15} {
		cx, cy := 8255<<max(z-14, 0)>>max(14-z, 0), 5991<<max(z-14, 0)>>max(14-z, 0)
		places := map[[2]float64]string{} // in units of the zoom
		total := 0
		for dx := -1; dx < 64>>max(14-z, 0)<<max(z-14, 0); dx++ {
			for dy := -1; dy < 64>>max(14-z, 0)<<max(z-14, 0) && dx < 24 && dy < 24; dy++ {
				tile, share, err := l.Encode(nil, z, cx+dx, cy+dy, &v)
				if err != nil {
					t.Fatal(err)
				}
				if tile == nil {
					continue
				}
				decoded, err := omvt.Unmarshal(tile)
				if err != nil {
					t.Fatal(err)
				}
				if share.Reduced() || share.Kept != len(decoded[0].Features) {
					t.Errorf("%+v are told of %d", share, len(decoded[0].Features))
				}
				for _, f := range decoded[0].Features {
					p := f.Geometry.(orb.Point)
					at := [2]float64{float64(cx+dx)*mvt.Extent + p[0], float64(cy+dy)*mvt.Extent + p[1]}
					what := fmt.Sprint(f.Properties)
					if was, ok := places[at]; ok && was != what {
						t.Fatalf("seed %d, zoom %d: at %v is %s in one tile, %s in another", seed, z, at, was, what)
					}
					if _, ok := places[at]; !ok {
						n := 1
						if c := f.Properties["count"]; c != nil {
							n, _ = strconv.Atoi(fmt.Sprint(c))
							if f.Properties["id"] != nil || n < 2 {
								t.Errorf("a cluster has %v", f.Properties)
							}
						}
						total += n
					}
					places[at] = what
				}
			}
		}
		if z == 11 && total != count/2 {
			t.Errorf("zoom %d: %d points are counted, want %d", z, total, count/2)
		}
		if len(places) == 0 || z == 11 && len(places) > 400 {
			t.Errorf("zoom %d: %d features", z, len(places))
		}
	}
}
