package layers_test

import (
	"strings"
	"testing"

	"arpent/layers"
)

const overviewed = `
id: land.parcels
title: Parcels
source: {table: land.parcels}
geometry: {model: coverage, type: MultiPolygon}
fields:
  - {name: section, type: text}
  - {name: prefix, type: text}
  - {name: number, type: integer}
  - {name: secret, type: text, private: true}
  - {name: kin, type: text, personal: true}
  - {name: half, type: number, compute: "number / 2"}
style: {by: {field: section, values: []}}
tiles:
  minzoom: 6
  maxzoom: 18
  rank: number
  budget: 300KB
  overviews:
    - {maxzoom: 13, union: [section]}
    - {maxzoom: 10, union: [section, prefix], smallest: 4}
`

func TestOverviewsAreReadAndTheirMistakesAreSaid(t *testing.T) {
	l, err := layers.ReadFile("parcels.yaml", []byte(overviewed))
	if err != nil {
		t.Fatal(err)
	}
	if l.Tiles.Budget != 300<<10 || l.Tiles.Overview(14) != nil || l.Tiles.Overview(13) != &l.Tiles.Overviews[0] || l.Tiles.Overview(11) != &l.Tiles.Overviews[0] ||
		l.Tiles.Overview(10) != &l.Tiles.Overviews[1] || l.Tiles.Overview(0) != &l.Tiles.Overviews[1] || !l.Tiles.Overview(3).Aggregates() {
		t.Errorf("tiles are %+v", l.Tiles)
	}
	for name, needed := range map[string]bool{"section": true, "prefix": true, "number": true, "secret": false} {
		if l.OverviewNeeds(l.Field(name)) != needed {
			t.Errorf("field %s is needed: %v", name, !needed)
		}
	}
	if without, err := layers.ReadFile("parcels.yaml", []byte(fine)); err != nil || without.Tiles.Budget != layers.DefaultBudget {
		t.Errorf("without a word the budget is %d (%v)", without.Tiles.Budget, err)
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"field that is not":          {"union: [section]", "union: [sektion]", "parcels.yaml:20: tiles.overviews[0].union[0]: there is no field sektion: do you mean section?"},
		"private field":              {"union: [section]", "union: [section, secret]", "tiles.overviews[0].union[1]: field secret is not for everybody: what is drawn would tell of it"},
		"personal field":             {"rank: number", "rank: kin", "tiles.rank: field kin is not for everybody"},
		"computed field":             {"rank: number", "rank: half", "tiles.rank: field half is computed: name one with a column"},
		"field twice":                {"union: [section]", "union: [section, section]", "tiles.overviews[0].union[1]: field section is there twice"},
		"what the style draws by":    {"union: [section]", "union: [prefix]", "tiles.overviews[0].union: lacks field section, by which the style draws"},
		"two up to a zoom":           {"maxzoom: 10", "maxzoom: 13", "tiles.overviews[1].maxzoom: there are two overviews up to zoom 13"},
		"never drawn":                {"maxzoom: 10", "maxzoom: 5", "tiles.overviews[1].maxzoom: is below the minzoom of the layer, 6: it would never be drawn"},
		"where all is drawn":         {"maxzoom: 13", "maxzoom: 18", "tiles.overviews[0].maxzoom: must be below the maxzoom of the layer, 18"},
		"nothing said":               {", union: [section]}", "}", "tiles.overviews[0]: says nothing: give union, cluster or smallest"},
		"union and cluster":          {"smallest: 4", "cluster: 40", "tiles.overviews[1].cluster: excludes union"},
		"hardly any budget":          {"300KB", "300", "tiles.budget: is below 10000 bytes"},
		"unknown word":               {"smallest: 4", "smalest: 4", "is no known key: do you mean smallest?"},
		"squares of next to nothing": {"union: [section, prefix], smallest: 4", "cluster: 1", "tiles.overviews[1].cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := layers.ReadFile("parcels.yaml", []byte(strings.Replace(overviewed, c.from, c.to, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

func TestOverviewsFitTheShapesOfTheirLayer(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"points are not united":     {"type: MultiPolygon", "type: Point", "tiles.overviews[0].union: is for lines and polygons, but the layer holds Point: use cluster"},
		"nor polygons that overlap": {"model: coverage, ", "", "tiles.overviews[0].union: is for polygons that tile the plane"},
		"polygons make no clusters": {"union: [section]", "cluster: 40", "tiles.overviews[0].cluster: is for points, but the layer holds MultiPolygon: use union or smallest"},
		"texts have no rank":        {"rank: number", "rank: prefix", "tiles.rank: field prefix is text: features are ranked by a number"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := layers.ReadFile("parcels.yaml", []byte(strings.Replace(overviewed, c.from, c.to, 1)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = layers.NewCatalog([]*layers.Layer{l})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}
