package working

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Wrong is something wrong with a coverage, and by which operations it can be
// mended, the likeliest first.
type Wrong struct {
	coverage.Fault        // Where is within it
	Surface        geom.T // of it; nil where it is but a place
	Mends          []Operation
}

// Report is what is wrong with a coverage in a place.
type Report struct {
	Wrong  []Wrong // what is worst first; of gaps the narrow ones
	Labels map[coverage.ID]string
	More   bool // there is more than that
}

// maxWrong is how much a report has at most, and maxMends how many ways to mend
// one of them.
const (
	maxWrong = 500
	maxMends = 6
)

// Report tells what is wrong with a coverage as it is with the set of the
// viewer, within a box. Gaps that go on for more than 500 m are free land.
func (s *Service) Report(ctx context.Context, v layers.Viewer, layer string, box layers.BBox) (*Report, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	if sh.name != "coverage" {
		return nil, layers.Errorf(layers.Invalid, "layer %s is no coverage: its file says geometry: {model: %s}", sh.home.ID, sh.name)
	}
	set, err := s.load(ctx, v, sh)
	if err != nil {
		return nil, err
	}
	asked, err := s.boundHere(ctx, sh.home, box)
	if err != nil {
		return nil, err
	}
	t := &task{service: s, viewer: v, sheet: sh, set: set, now: set.Present(), stored: map[Ref]Base{}}
	c, faults, err := t.examine(ctx, asked)
	if err != nil {
		return nil, err
	}
	r := &Report{Labels: map[coverage.ID]string{}}
	w := mending{c: c}
	for _, f := range faults {
		f.Where = f.Inside()
		wrong := Wrong{Fault: f, Mends: w.ways(&f)}
		if len(f.Shape) > 0 {
			wrong.Surface = geometryOf(sh.home, f.Shape)
		}
		r.Wrong = append(r.Wrong, wrong)
	}
	slices.SortStableFunc(r.Wrong, func(a, b Wrong) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.heaviness(), b.heaviness()))
	})
	if r.More = len(r.Wrong) > maxWrong; r.More {
		r.Wrong = r.Wrong[:maxWrong]
	}
	for _, f := range r.Wrong {
		for _, id := range f.IDs {
			r.Labels[id] = t.label(Ref{sh.home.ID, string(id)})
		}
	}
	return r, nil
}

var rank = map[coverage.Kind]int{
	coverage.Overlap: 0, coverage.Crossed: 1, coverage.Collapsed: 2, coverage.Narrow: 3,
	coverage.Mismatch: 4, coverage.DuplicateVertex: 5, coverage.Gap: 6,
}

// heaviness is less for what is worse of a kind.
func (w *Wrong) heaviness() float64 {
	if w.Kind == coverage.Gap {
		return w.Width
	}
	return -w.Area
}

// boundHere is a box around another one in the CRS of the layer.
func (s *Service) boundHere(ctx context.Context, l *layers.Layer, b layers.BBox) (orb.Bound, error) {
	corners := [][]float64{{b.MinX, b.MinY}, {b.MaxX, b.MinY}, {b.MaxX, b.MaxY}, {b.MinX, b.MaxY}}
	if err := s.here(ctx, l, b.SRID, corners); err != nil {
		return orb.Bound{}, err
	}
	bound := orb.Point{corners[0][0], corners[0][1]}.Bound()
	for _, c := range corners {
		bound = bound.Extend(orb.Point{c[0], c[1]})
	}
	return bound, nil
}

// examine builds the coverage in a box and answers what is wrong there. A gap
// is one only with all that lies in it at hand: more is read until it is.
func (t *task) examine(ctx context.Context, asked orb.Bound) (*coverage.Coverage, []coverage.Fault, error) {
	limit := asked.Pad(farGap)
	for at := asked.Pad(closeBy); ; {
		if err := t.readWithin(ctx, t.sheet.home, at); err != nil {
			return nil, nil, err
		}
		c, faults, err := t.coverage()
		if err != nil {
			return nil, nil, err
		}
		wider, here := at, []coverage.Fault{}
		for _, f := range faults {
			bound := f.Where.Bound()
			if len(f.Shape) > 0 {
				bound = f.Shape.Bound()
			}
			switch {
			case !bound.Intersects(asked):
			case f.Kind == coverage.Gap && !inside(at, bound):
				if wider = wider.Union(bound); inside(limit, bound) {
					here = append(here, f)
				}
			default:
				here = append(here, f)
			}
		}
		wider = orb.Bound{
			Min: orb.Point{max(wider.Min[0], limit.Min[0]), max(wider.Min[1], limit.Min[1])},
			Max: orb.Point{min(wider.Max[0], limit.Max[0]), min(wider.Max[1], limit.Max[1])},
		}
		if wider == at {
			return c, here, nil
		}
		at = wider
	}
}

func inside(outer, inner orb.Bound) bool {
	return outer.Contains(inner.Min) && outer.Contains(inner.Max)
}

// mending finds the ways to mend what is wrong with a coverage.
type mending struct {
	c       *coverage.Coverage
	borders map[[2]coverage.ID]float64 // once they are wanted
}

func (m *mending) ways(f *coverage.Fault) []Operation {
	var all []Operation
	switch f.Kind {
	case coverage.Gap, coverage.Overlap:
		kind := FillGap
		if f.Kind == coverage.Overlap {
			kind = AssignOverlap
		}
		for _, id := range f.IDs[:min(len(f.IDs), maxMends)] {
			all = append(all, Operation{Kind: kind, To: []Position{At(f.Where)}, IDs: []string{string(id)}})
		}
	case coverage.Narrow:
		for _, id := range m.neighbours(f.IDs[0]) {
			all = append(all, Operation{Kind: Merge, IDs: []string{string(id), string(f.IDs[0])}})
		}
	case coverage.Mismatch, coverage.DuplicateVertex, coverage.Crossed:
		op := Operation{Kind: Clean}
		for _, id := range f.IDs {
			op.IDs = append(op.IDs, string(id))
		}
		all = append(all, op)
	}
	return all
}

// neighbours of a polygon, the longest border first.
func (m *mending) neighbours(id coverage.ID) []coverage.ID {
	if m.borders == nil {
		m.borders = m.c.Borders()
	}
	length := map[coverage.ID]float64{}
	for pair, metres := range m.borders {
		switch {
		case pair[0] == "":
		case pair[0] == id:
			length[pair[1]] = metres
		case pair[1] == id:
			length[pair[0]] = metres
		}
	}
	all := make([]coverage.ID, 0, len(length))
	for other := range length {
		all = append(all, other)
	}
	slices.SortFunc(all, func(a, b coverage.ID) int {
		return cmp.Or(cmp.Compare(math.Round(1000*length[b]), math.Round(1000*length[a])), cmp.Compare(a, b))
	})
	return all[:min(len(all), maxMends)]
}
