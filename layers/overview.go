package layers

import (
	"slices"
	"strconv"
	"strings"
)

// Tiles says at which zooms a layer is in tiles, and what of it is drawn where
// there is too much. Outside, its tiles are empty.
type Tiles struct {
	MinZoom int `yaml:"minzoom"`
	MaxZoom int `yaml:"maxzoom"` // clients overzoom beyond; nothing is left out here
	// Budget is how many bytes a tile below MaxZoom may have before it is
	// compressed; DefaultBudget when absent.
	Budget Size `yaml:"budget"`
	// Rank names a field, a number, by which features stay where a tile has more
	// than its budget, the highest first; when absent the largest stay, and of
	// points those that a hash of their identifiers chooses.
	Rank      string     `yaml:"rank"`
	Overviews []Overview `yaml:"overviews"` // in any order
}

// DefaultBudget is that of layers whose files name none, in bytes.
const DefaultBudget = 500_000

// leastBudget is the least that a layer file may name: less than a few features.
const leastBudget = 10_000

// Overview is what is drawn of a layer up to a zoom, from the next lower
// MaxZoom of another on. Pixels are those of tiles of 256.
type Overview struct {
	MaxZoom int `yaml:"maxzoom"`
	// Union names fields: lines and polygons of a collectivity that have the same
	// values are one feature, with CountKey for how many they are.
	Union []string `yaml:"union"`
	// Cluster is the side in pixels of the squares of a grid: points in the same
	// are one, where the one nearest to their middle is, with CountKey.
	Cluster int `yaml:"cluster"`
	// Smallest is the area in square pixels, of lines the length in pixels, below
	// which features are left out.
	Smallest float64 `yaml:"smallest"`
}

// CountKey is the attribute of features that stand for several: how many.
const CountKey = "_count"

// Aggregates reports whether features of the overview stand for several.
func (o *Overview) Aggregates() bool { return o != nil && (len(o.Union) > 0 || o.Cluster > 0) }

// Overview is that of a zoom; nil where features are drawn as they are.
func (t *Tiles) Overview(zoom int) *Overview {
	var found *Overview
	for i := range t.Overviews {
		if o := &t.Overviews[i]; zoom <= o.MaxZoom && (found == nil || o.MaxZoom < found.MaxZoom) {
			found = o
		}
	}
	return found
}

// United are the fields that all overviews that unite features unite by; nil where
// none does.
func (t *Tiles) United() []string {
	var united []string
	some := false
	for _, o := range t.Overviews {
		switch {
		case len(o.Union) == 0:
		case !some:
			united, some = slices.Clone(o.Union), true
		default:
			united = slices.DeleteFunc(united, func(name string) bool { return !slices.Contains(o.Union, name) })
		}
	}
	return united
}

// Equal reports whether the same is drawn at the same zooms.
func (t *Tiles) Equal(o *Tiles) bool {
	return t.MinZoom == o.MinZoom && t.MaxZoom == o.MaxZoom && t.Budget == o.Budget && t.Rank == o.Rank &&
		slices.EqualFunc(t.Overviews, o.Overviews, func(a, b Overview) bool {
			return a.MaxZoom == b.MaxZoom && a.Cluster == b.Cluster && a.Smallest == b.Smallest && slices.Equal(a.Union, b.Union)
		})
}

// OverviewNeeds reports whether overviews need the field, whether tiles carry it
// or not: for a union, or as the rank.
func (l *Layer) OverviewNeeds(f *Field) bool {
	return f.Name == l.Tiles.Rank || slices.ContainsFunc(l.Tiles.Overviews, func(o Overview) bool { return slices.Contains(o.Union, f.Name) })
}

// tiles notes what in the tiles contradicts itself or refers to nothing.
func (r *fileReader) tiles(l *Layer, known func(string, ...string)) {
	t := &l.Tiles
	if t.MinZoom > t.MaxZoom {
		r.Fault([]string{"tiles", "minzoom"}, "is above maxzoom")
	}
	if t.Budget < leastBudget {
		r.Fault([]string{"tiles", "budget"}, "is below %d bytes: hardly a feature would fit", leastBudget)
	}
	open := func(name string, at ...string) {
		known(name, at...)
		switch f := l.Field(name); {
		case f == nil:
		case f.Private || f.Personal:
			r.Fault(at, "field %s is not for everybody: what is drawn would tell of it", name)
		case f.Compute != nil:
			r.Fault(at, "field %s is computed: name one with a column", name)
		}
	}
	if t.Rank != "" {
		open(t.Rank, "tiles", "rank")
	}
	for i := range t.Overviews {
		o, at := &t.Overviews[i], []string{"tiles", "overviews", strconv.Itoa(i)}
		for k := range i {
			if t.Overviews[k].MaxZoom == o.MaxZoom {
				r.Fault(append(at, "maxzoom"), "there are two overviews up to zoom %d", o.MaxZoom)
			}
		}
		switch {
		case o.MaxZoom < t.MinZoom:
			r.Fault(append(at, "maxzoom"), "is below the minzoom of the layer, %d: it would never be drawn", t.MinZoom)
		case o.MaxZoom >= t.MaxZoom:
			r.Fault(append(at, "maxzoom"), "must be below the maxzoom of the layer, %d, at which all is drawn as it is", t.MaxZoom)
		}
		if !o.Aggregates() && o.Smallest == 0 {
			r.Fault(at, "says nothing: give union, cluster or smallest")
		}
		if len(o.Union) > 0 && o.Cluster > 0 {
			r.Fault(append(at, "cluster"), "excludes union: points make clusters, lines and polygons are united")
		}
		for k, name := range o.Union {
			open(name, append(at, "union", strconv.Itoa(k))...)
			if slices.Contains(o.Union[:k], name) {
				r.Fault(append(at, "union", strconv.Itoa(k)), "field %s is there twice", name)
			}
		}
		if len(o.Union) > 0 {
			for _, name := range l.Style.drawnBy() {
				if !slices.Contains(o.Union, name) {
					r.Fault(append(at, "union"), "lacks field %s, by which the style draws: what is united needs one value of it", name)
				}
			}
		}
	}
}

// overviewMisfits notes what of the overviews does not fit the table, once it is
// known: a file can be checked without its table.
func (l *Layer) overviewMisfits(fault func(at []string, format string, args ...any)) {
	if l.Geometry.Type == "" {
		return
	}
	if f := l.Field(l.Tiles.Rank); f != nil && f.Type != string(TypeInteger) && f.Type != string(TypeNumber) {
		fault([]string{"tiles", "rank"}, "field %s is %s: features are ranked by a number", f.Name, f.Type)
	}
	points := strings.HasSuffix(l.Geometry.Type, "Point")
	polygons := strings.HasSuffix(l.Geometry.Type, "Polygon")
	lines := strings.HasSuffix(l.Geometry.Type, "LineString")
	for i := range l.Tiles.Overviews {
		o, at := &l.Tiles.Overviews[i], []string{"tiles", "overviews", strconv.Itoa(i)}
		switch {
		case o.Cluster > 0 && !points:
			fault(append(at, "cluster"), "is for points, but the layer holds %s: use union or smallest", l.Geometry.Type)
		case len(o.Union) > 0 && !polygons && !lines:
			fault(append(at, "union"), "is for lines and polygons, but the layer holds %s: use cluster", l.Geometry.Type)
		case len(o.Union) > 0 && polygons && l.Geometry.Model != "coverage":
			fault(append(at, "union"), "is for polygons that tile the plane (geometry.model: coverage): those of this layer may overlap; use smallest")
		case o.Smallest > 0 && !polygons && !lines:
			fault(append(at, "smallest"), "is for lines and polygons, but the layer holds %s: use cluster", l.Geometry.Type)
		}
	}
}
