package working

import (
	"context"
	"math"

	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"
)

func (coverageModel) fields(_ context.Context, w *writing) error { return w.shareByMeasure() }

// shareByMeasure shares out what is shared by area or length, for each feature
// whose value changes.
func (w *writing) shareByMeasure() error {
	l := w.sheet.home
	families := w.families()
	for name, rule := range l.Geometry.Divided {
		field := l.Field(name)
		if !rule.Share || field == nil || !w.viewer.MaySee(l, field) {
			continue
		}
		for _, family := range families {
			sum, known := 0.0, true
			for _, ref := range family.parents {
				var n float64
				if f := w.current[ref]; f != nil && known {
					n, known = number(f.Properties[name])
				}
				sum += n
			}
			w.shareOut(field, sum, known, family.heirs, w.measures(family.heirs))
		}
	}
	return nil
}

// family are stored features and those that have their land.
type family struct{ parents, heirs []Ref }

// families are those in which something was divided or merged.
func (w *writing) families() []family {
	into := map[Ref]Ref{} // of merged features the one that has their land
	root := func(ref Ref) Ref {
		for range len(w.set.Steps) + 1 {
			if _, stored := w.bases[ref]; !stored {
				ref, _ = w.set.Origin(ref)
			}
			next, merged := into[ref]
			if !merged {
				break
			}
			ref = next
		}
		return ref
	}
	for _, st := range w.set.Steps[:w.set.Done] {
		if st.Operation.Kind != Merge && st.Operation.Kind != Collect {
			continue
		}
		for ref, shape := range st.After {
			if shape != nil {
				continue
			}
			if from, to := root(ref), root(Ref{st.Operation.Layer, st.Operation.IDs[0]}); from != to && from != (Ref{}) {
				into[from] = to
			}
		}
	}
	all := map[Ref]*family{}
	of := func(ref Ref) *family {
		r := root(ref)
		if all[r] == nil {
			all[r] = &family{}
		}
		return all[r]
	}
	for _, ref := range ordered(w.now) {
		if _, stored := w.bases[ref]; stored {
			f := of(ref)
			f.parents = append(f.parents, ref)
		}
		if w.now[ref] != nil && root(ref) != (Ref{}) {
			f := of(ref)
			f.heirs = append(f.heirs, ref)
		}
	}
	var list []family
	for _, ref := range ordered(all) {
		if f := all[ref]; len(f.parents) > 1 || len(f.heirs) > 1 {
			list = append(list, *f)
		}
	}
	return list
}

// measures are the areas of polygons and the lengths of lines, in the plane.
func (w *writing) measures(refs []Ref) []float64 {
	all := make([]float64, len(refs))
	for i, ref := range refs {
		switch shape := w.now[ref].(type) {
		case *geom.Polygon, *geom.MultiPolygon:
			all[i] = math.Abs(planar.Area(polygonsOf(shape)))
		case *geom.LineString:
			all[i] = shape.Length()
		case *geom.MultiLineString:
			all[i] = shape.Length()
		default:
			all[i] = 1
		}
	}
	return all
}
