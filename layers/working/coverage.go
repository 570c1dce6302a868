package working

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
)

// coverageModel edits polygons that share their borders; see package coverage.
type coverageModel struct{}

func (coverageModel) form(k Kind) (form, bool) {
	o, known := coverageOperations[k]
	return o.form, known
}

// farGap is how far around a gap or overlap one looks, in metres.
const farGap = 500

func (coverageModel) perform(ctx context.Context, t *task) (outcome, error) {
	pad := closeBy + t.op.Width
	if t.op.Kind == FillGap || t.op.Kind == AssignOverlap {
		pad = farGap
	}
	if _, err := t.around(ctx, pad); err != nil {
		return outcome{}, err
	}
	asked, planar := slices.Clone(t.op.Areas), t.op.Planar
	if err := t.onGround(ctx); err != nil {
		return outcome{}, err
	}
	c, _, err := t.coverage()
	if err != nil {
		return outcome{}, err
	}
	ch, err := coverageOperations[t.op.Kind].do(c, &t.op)
	if err == nil && t.op.Kind == SplitByAreas && !planar {
		ch, err = t.toTheGrid(ctx, c, ch, asked)
	}
	if err != nil {
		return outcome{}, err
	}
	return t.ofCoverage(c, ch)
}

// ofCoverage is a change in the words of the layer.
func (t *task) ofCoverage(c *coverage.Coverage, ch coverage.Change) (outcome, error) {
	out := newOutcome()
	ref := func(id coverage.ID) Ref { return Ref{t.sheet.home.ID, string(id)} }
	for _, id := range ch.IDs() {
		shape, stays := ch.After[id]
		if !stays {
			out.after[ref(id)] = nil
			continue
		}
		if t.sheet.home.Geometry.Type == "Polygon" && len(shape) > 1 {
			return outcome{}, &coverage.Fault{Kind: coverage.CutInTwo, IDs: []coverage.ID{id}, Where: shape[1][0][0].Orb()}
		}
		out.after[ref(id)] = geometryOf(t.sheet.home, c.Geometry(shape))
	}
	for _, id := range ch.Created() {
		out.new[ref(id)] = true
	}
	for id, from := range ch.From {
		for _, of := range from {
			out.from[ref(id)] = append(out.from[ref(id)], Share{Of: ref(of)})
		}
	}
	return out, nil
}

// onGround brings areas and widths, which people give as on the ground, to the
// plane of the layer.
func (t *task) onGround(ctx context.Context) error {
	if t.op.Planar || len(t.op.Areas) == 0 && t.op.Width == 0 {
		return nil
	}
	drawn, _ := t.op.drawn()
	square := orb.MultiPolygon{drawn.Pad(closeBy).ToPolygon()}
	if refs := t.op.refs(); len(refs) > 0 {
		if shape := polygonsOf(t.shape(refs[0])); len(shape) > 0 {
			square = shape
		}
	}
	l := t.sheet.home
	shown, err := t.service.there(ctx, l, l.Source.SRID, []geom.T{geometryOf(l, square)})
	if err != nil {
		return err
	}
	if planned := math.Abs(planar.Area(square)); planned > 0 && shown[0].Area > 0 {
		scale := planned / shown[0].Area
		for i := range t.op.Areas {
			t.op.Areas[i] *= scale
		}
		t.op.Width *= math.Sqrt(scale)
	}
	t.op.Planar = true
	return nil
}

// toTheGrid splits again until the strips have on the ground the areas that were
// asked for, in m², as near as cuts on the grid can: the scale of the plane is
// not the same all over a large polygon. The operation is left with the areas in
// the plane that do it.
func (t *task) toTheGrid(ctx context.Context, c *coverage.Coverage, ch coverage.Change, asked []float64) (coverage.Change, error) {
	const rounds = 3 // each leaves less than a thousandth of the error before
	l, best, least := t.sheet.home, ch, math.Inf(1)
	areas := slices.Clone(t.op.Areas)
	for range rounds {
		strips := t.strips(c, ch)
		shown, err := t.service.there(ctx, l, l.Source.SRID, strips)
		if err != nil {
			return ch, err
		}
		off, better := 0.0, slices.Clone(areas)
		for i := range min(len(areas), len(strips)-1) { // the last strip has what is left
			off = max(off, math.Abs(shown[i].Area-asked[i]))
			better[i] += (asked[i] - shown[i].Area) * areas[i] / asked[i]
		}
		if off >= least {
			break
		}
		best, least, t.op.Areas = ch, off, areas
		op := t.op
		op.Areas, areas = better, better
		next, err := coverageOperations[op.Kind].do(c, &op)
		if err != nil || len(next.After) != len(ch.After) {
			break // what was cut before is as good as it gets
		}
		ch = next
	}
	return best, nil
}

// strips are the shapes into which the polygon of the operation was cut, from
// the side on.
func (t *task) strips(c *coverage.Coverage, ch coverage.Change) []geom.T {
	a, b := t.op.Line[0].point(), t.op.Line[1].point()
	off := func(p orb.MultiPolygon) float64 {
		at, _ := planar.CentroidArea(p)
		return math.Abs((b[0]-a[0])*(at[1]-a[1]) - (b[1]-a[1])*(at[0]-a[0]))
	}
	var all []orb.MultiPolygon
	for _, id := range append(coverageIDs(&t.op)[:1], ch.Created()...) {
		all = append(all, c.Geometry(ch.After[id]))
	}
	slices.SortFunc(all, func(p, q orb.MultiPolygon) int { return cmp.Compare(off(p), off(q)) })
	shapes := make([]geom.T, len(all))
	for i, p := range all {
		shapes[i] = geometryOf(t.sheet.home, p)
	}
	return shapes
}

// coverage is made of what is stored and of what the set has changed, with what
// is wrong with it.
func (t *task) coverage() (*coverage.Coverage, []coverage.Fault, error) {
	return coverageOf(t.shapes())
}

func coverageOf(shapes map[Ref]geom.T) (*coverage.Coverage, []coverage.Fault, error) {
	features := make([]coverage.Feature, 0, len(shapes))
	for _, ref := range ordered(shapes) {
		if polygons := polygonsOf(shapes[ref]); len(polygons) > 0 {
			features = append(features, coverage.Feature{ID: coverage.ID(ref.ID), Shape: polygons})
		}
	}
	return coverage.Build(features, coverage.Options{})
}

// clean gives polygons the shapes that the coverage has made of them.
func clean(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
	ch := coverage.Change{Before: map[coverage.ID]coverage.Shape{}, After: map[coverage.ID]coverage.Shape{}}
	for _, id := range coverageIDs(op) {
		shape := c.Shape(id)
		if shape == nil {
			return ch, &coverage.Fault{Kind: coverage.Unknown, IDs: []coverage.ID{id}}
		}
		ch.Before[id], ch.After[id] = shape, shape
	}
	return ch, nil
}

// insert puts a vertex on a border at From, if given, and moves it to To.
func insert(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
	to := op.To[0].point()
	at := to
	if len(op.From) > 0 {
		at = op.From[0].point()
	}
	put, err := c.InsertVertex(at, max(op.Width, 0.01))
	if err != nil || at == to {
		return put, err
	}
	if err := c.Apply(put); err != nil {
		return coverage.Change{}, err
	}
	moved, err := c.Move([]coverage.Displacement{{From: vertexNear(put, at), To: to}})
	if err != nil {
		return coverage.Change{}, err
	}
	return put.Then(moved), nil
}

// vertexNear is the vertex of changed polygons nearest to a place: one that was
// put on a border lies at the foot of the place, on the grid.
func vertexNear(ch coverage.Change, at orb.Point) orb.Point {
	best, least := at, math.Inf(1)
	for _, shape := range ch.After {
		for _, polygon := range shape {
			for _, ring := range polygon {
				for _, p := range ring {
					if d := planar.Distance(p.Orb(), at); d < least {
						best, least = p.Orb(), d
					}
				}
			}
		}
	}
	return best
}

// regain lays the land that a polygon had into it again, whoever has it now;
// those of which nothing would be left are merged with it before.
func regain(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
	id, all := coverage.ID(op.IDs[0]), coverage.Change{Before: map[coverage.ID]coverage.Shape{}, After: map[coverage.ID]coverage.Shape{}}
	for {
		ch, err := c.Lay(polygonsOf(op.Shapes[0]), id, coverage.Laying{Taken: true, Free: true, Slivers: true})
		if err == nil {
			return all.Then(ch), nil
		}
		if errors.Is(err, &coverage.Fault{Kind: coverage.Missed}) {
			return all, nil // it has all of the land
		}
		gone, ok := errors.AsType[*coverage.Fault](err)
		if !ok || gone.Kind != coverage.Vanishes || slices.Contains(gone.IDs, id) {
			return coverage.Change{}, err
		}
		merged, err := c.Merge(append([]coverage.ID{id}, gone.IDs...))
		if err != nil {
			return coverage.Change{}, err
		}
		if err := c.Apply(merged); err != nil {
			return coverage.Change{}, err
		}
		all = all.Then(merged)
	}
}

// fresh is a name for a new polygon.
func fresh(c *coverage.Coverage) coverage.ID {
	used := map[Ref]bool{}
	for _, id := range c.IDs() {
		used[Ref{ID: string(id)}] = true
	}
	return coverage.ID(unused(Ref{ID: "new"}, used).ID)
}
