package working

import (
	"context"
	"maps"
	"math"
	"slices"

	"arpent/layers"
)

// branches makes edges that name the one they join (joins) name what has its
// place where they touch it, when that was divided, or became one with another.
func (w *writing) branches(ctx context.Context, parts map[Ref][]Share) error {
	name := w.sheet.home.Geometry.Joins
	if name == "" {
		return nil
	}
	heirs := map[Ref][]Ref{} // of stored edges, those that have some of them
	for _, ref := range slices.SortedFunc(maps.Keys(parts), compare) {
		for _, s := range parts[ref] {
			if _, stored := w.bases[s.Of]; stored && !slices.Contains(heirs[s.Of], ref) {
				heirs[s.Of] = append(heirs[s.Of], ref)
			}
		}
	}
	for of, all := range heirs {
		if len(all) == 1 && all[0] == of {
			continue
		}
		joining := map[Ref]*layers.Feature{}
		if err := w.service.readInto(ctx, w.viewer, of.Layer, layers.Query{Equal: map[string]string{name: of.ID}}, joining); err != nil {
			return err
		}
		for ref, f := range joining {
			if main := w.touched(ref, f, all); main != of {
				if _, known := w.current[ref]; !known {
					w.current[ref] = f
				}
				w.refer(ref, name, main)
			}
		}
	}
	return nil
}

// touched is the edge of several to which an end of another comes nearest.
func (w *writing) touched(ref Ref, f *layers.Feature, all []Ref) Ref {
	shape, changed := w.now[ref]
	if !changed {
		shape = f.Geometry
	}
	best, least := all[0], math.Inf(1)
	for _, line := range linesOf(shape) {
		places := placesOf(line)
		for _, end := range [][]float64{places[0], places[len(places)-1]} {
			for _, other := range all {
				for _, course := range linesOf(w.now[other]) {
					way := placesOf(course)
					for i := 1; i < len(way); i++ {
						if d := distanceTo(way[i-1], way[i], end); d < least {
							best, least = other, d
						}
					}
				}
			}
		}
	}
	return best
}
