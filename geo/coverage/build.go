package coverage

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"arpent/geo/grid"
)

// Build makes a coverage of polygons, in metres, and reports what is wrong with
// them: gaps, overlaps, borders that do not meet, vertices twice, rings that
// cross themselves. What is wrong is kept as it is, so that it can be mended;
// only vertices within the tolerance are put together, and rings that cross
// themselves become the land that they surround.
//
// It fails when a coordinate is not finite, or the extent is over 536 km.
func Build(features []Feature, options Options) (*Coverage, []Fault, error) {
	if err := within(features); err != nil {
		return nil, nil, err
	}
	c := options.coverage(len(features))
	b := builder{c: c, features: features}
	b.weld()
	all := make([]Shape, len(features))
	ids := make([]ID, len(features))
	for i, f := range features {
		ids[i] = f.ID
		all[i] = snapped(f.Shape, func(p orb.Point) Point { return b.to[grid.Snap(p)] })
		b.twice(f)
	}
	w := &work{c: c, ids: ids, noder: newNoder(4 * len(features))}
	for i, s := range all {
		b.trace(w.noder, int32(i), s)
	}
	if err := w.arrange(); err != nil {
		return nil, nil, err
	}
	land := make([][]int32, len(features))
	for f := range int32(len(w.faces)) {
		for _, o := range w.faces[f].owners {
			land[o] = append(land[o], f)
		}
	}
	for o, faces := range land {
		s := w.shape(faces, func(f int32) bool { return w.owns(f, int32(o)) })
		if len(s) == 0 {
			b.collapsed(features[o])
			continue
		}
		c.set(ids[o], s)
		if s.width() < c.narrow {
			b.faults = append(b.faults, w.narrow(Narrow, s, ids[o]))
		}
	}
	b.faults = append(b.faults, w.faults()...)
	return c, b.faults, nil
}

// within checks that all coordinates can be computed with, and that no name
// comes twice.
func within(features []Feature) error {
	low, high := orb.Point{math.Inf(1), math.Inf(1)}, orb.Point{math.Inf(-1), math.Inf(-1)}
	names := make(map[ID]bool, len(features))
	for _, f := range features {
		if names[f.ID] {
			return &Fault{Kind: Taken, IDs: []ID{f.ID}}
		}
		names[f.ID] = true
		for _, polygon := range f.Shape {
			for _, ring := range polygon {
				for _, p := range ring {
					if !grid.Finite(p) {
						return &Fault{Kind: NotFinite, IDs: []ID{f.ID}}
					}
					for i := range 2 {
						low[i], high[i] = min(low[i], p[i]), max(high[i], p[i])
					}
					if high[0]-low[0] > grid.Reach/grid.PerMetre || high[1]-low[1] > grid.Reach/grid.PerMetre || grid.Far(p) {
						return &Fault{Kind: TooFar, Where: p, IDs: []ID{f.ID}}
					}
				}
			}
		}
	}
	return nil
}

type builder struct {
	c        *Coverage
	features []Feature
	to       map[Point]Point // each vertex to the one that stands for it
	standing grid.Places
	index    rtree.RTreeGN[float64, Point] // the same
	faults   []Fault
}

// weld lets one vertex stand for all within the tolerance: the one that most
// rings have, as its neighbours agree on it already.
func (b *builder) weld() {
	type vertex struct {
		at    Point
		came  orb.Point
		count int
	}
	seen := map[Point]*vertex{}
	for _, f := range b.features {
		for _, polygon := range f.Shape {
			for _, ring := range polygon {
				for _, p := range ring[:max(0, len(ring)-1)] {
					at := grid.Snap(p)
					if v := seen[at]; v != nil {
						v.count++
					} else {
						seen[at] = &vertex{at, p, 1}
					}
				}
			}
		}
	}
	order := slices.Collect(maps.Values(seen))
	slices.SortFunc(order, func(u, v *vertex) int {
		return cmp.Or(cmp.Compare(v.count, u.count), u.at.Compare(v.at))
	})
	b.to = make(map[Point]Point, len(order))
	b.standing = grid.NewPlaces(b.c.tolerance, len(order))
	astray := map[Point]int{}
	for _, v := range order {
		stand, found := b.standing.Nearest(v.at)
		if !found {
			stand = v.at
			b.standing.Add(v.at)
			low, high := grid.Nowhere.With(v.at).Corners()
			b.index.Insert(low, high, v.at)
			if v.came != v.at.Orb() {
				b.c.exact[v.at] = v.came
			}
		} else if grid.Distance(stand, v.at) > 1.5 { // more than rounding
			astray[v.at] = len(b.faults)
			b.faults = append(b.faults, Fault{Kind: Mismatch, Where: v.came, Width: grid.Distance(stand, v.at) / grid.PerMetre})
		}
		b.to[v.at] = stand
	}
	b.blame(astray)
}

// blame names whose vertices are beside those of others; astray has the faults
// by place.
func (b *builder) blame(astray map[Point]int) {
	if len(astray) == 0 {
		return
	}
	for _, f := range b.features {
		for _, polygon := range f.Shape {
			for _, ring := range polygon {
				for _, p := range ring[:max(0, len(ring)-1)] {
					if i, is := astray[grid.Snap(p)]; is && !slices.Contains(b.faults[i].IDs, f.ID) {
						b.faults[i].IDs = append(b.faults[i].IDs, f.ID)
					}
				}
			}
		}
	}
}

// trace adds the borders of a shape, each through the vertices within the
// tolerance of it.
func (b *builder) trace(n *noder, owner int32, s Shape) {
	for p, q := range s.edges {
		for _, via := range b.beside(p, q) {
			n.add(p, via, owner)
			p = via
		}
		n.add(p, q, owner)
	}
}

// beside answers the vertices within the tolerance of an edge, in its order.
func (b *builder) beside(p, q Point) []Point {
	if b.c.tolerance == 1 {
		return nil
	}
	var found []Point
	low, high := grid.Nowhere.With(p).With(q).Wider(b.c.tolerance).Corners()
	b.index.Search(low, high, func(_, _ [2]float64, v Point) bool {
		if v != p && v != q && grid.Beside(p, q, v, float64(b.c.tolerance)) {
			found = append(found, v)
		}
		return true
	})
	grid.SortAlong(p, q, found)
	return found
}

func (b *builder) twice(f Feature) {
	for _, polygon := range f.Shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if b.to[grid.Snap(ring[i])] == b.to[grid.Snap(ring[i-1])] {
					b.faults = append(b.faults, Fault{Kind: DuplicateVertex, Where: ring[i], IDs: []ID{f.ID}})
				}
			}
		}
	}
}

func (b *builder) collapsed(f Feature) {
	fault := Fault{Kind: Collapsed, IDs: []ID{f.ID}}
	if len(f.Shape) > 0 && len(f.Shape[0]) > 0 && len(f.Shape[0][0]) > 0 {
		fault.Where = f.Shape[0][0][0]
	}
	b.faults = append(b.faults, fault)
}

// faults reports the gaps, the overlaps and what is wound.
func (w *work) faults() []Fault {
	var all []Fault
	wound := map[int32]bool{}
	for f := range int32(len(w.faces)) {
		face := w.faces[f]
		if face.wound {
			for _, o := range face.owners {
				if !wound[o] {
					all = append(all, Fault{Kind: Crossed, Where: w.c.place(w.someplace(f)), IDs: w.named([]int32{o})})
				}
				wound[o] = true
			}
		}
		if f != unbounded && len(face.owners) == 0 {
			all = append(all, w.narrow(Gap, w.shape([]int32{f}, func(g int32) bool { return g == f }), w.around(f)...))
		}
	}
	several := func(f int32) bool { return len(w.faces[f].owners) > 1 }
	of, count := w.parts(several, func(half int32) bool {
		return slices.Equal(w.faces[w.faceOf(half)].owners, w.faces[w.faceOf(half^1)].owners)
	})
	land := make([][]int32, count)
	for f, part := range of {
		if part >= 0 {
			land[part] = append(land[part], int32(f))
		}
	}
	for part, faces := range land {
		s := w.shape(faces, func(f int32) bool { return of[f] == int32(part) })
		all = append(all, w.narrow(Overlap, s, w.named(w.faces[faces[0]].owners)...))
	}
	return all
}

func (w *work) narrow(kind Kind, s Shape, ids ...ID) Fault {
	return Fault{
		Kind: kind, Where: w.c.place(s[0][0][0]), IDs: ids,
		Area: s.Area(), Width: s.width(), Shape: w.c.Geometry(s),
	}
}

// around answers who borders a face, the longest border first.
func (w *work) around(f int32) []ID {
	length := map[int32]float64{}
	for _, c := range w.faces[f].cycles {
		for half := range w.walk(w.cycles[c].start) {
			p, q := w.line(half)
			for _, o := range w.faces[w.faceOf(half^1)].owners {
				length[o] += grid.Distance(p, q)
			}
		}
	}
	owners := slices.Collect(maps.Keys(length))
	slices.SortFunc(owners, func(a, b int32) int {
		return cmp.Or(cmp.Compare(length[b], length[a]), cmp.Compare(w.ids[a], w.ids[b]))
	})
	return w.named(owners)
}
