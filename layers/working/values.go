package working

import (
	"context"
	"slices"

	"arpent/layers"
)

// How tells where a property of a feature that is not saved comes from.
type How string

// Where properties come from; the keys are those of geometry in layer files.
const (
	Copied       How = "copied"       // that of the feature it was made of; of a node put on an edge what is shared
	Typed        How = "typed"        // it was given
	Divided      How = "divided"      // its part, by area or length, of what features had that were divided or joined (divided: share)
	Numbered     How = "numbered"     // it comes after the highest, or is made of others (divided: next, text)
	Interpolated How = "interpolated" // between the levels of the ends (levels)
	Ended        How = "ended"        // the node at an end, or the edge that is joined there (from, to, joins)
)

// Value is a property that a set would store beside the shape of a feature.
type Value struct {
	Ref
	Field string
	Value any // nil: none; of Ended what is new has its name
	How   How
	Of    *Ref // of Copied the stored feature; nil: one that is new itself
}

// Values are the properties that the set of the viewer would store if it were
// saved now: all of new features, of stored ones those that follow from shapes
// and change. Numbers are those that would be given now.
func (s *Service) Values(ctx context.Context, v layers.Viewer, layer string) ([]Value, error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, err
	}
	set, err := s.load(ctx, v, sh)
	if err != nil || set.Done == 0 {
		return nil, err
	}
	current, err := s.current(ctx, v, sh, set)
	if err != nil {
		return nil, err
	}
	bases, _ := set.compare(current)
	w := newWriting(s, v, sh, set, bases, current)
	if err := w.complete(ctx); err != nil {
		return nil, err
	}
	var all []Value
	for _, l := range sh.layers() {
		values, err := w.values(ctx, l)
		if err != nil {
			return nil, err
		}
		all = append(all, values...)
	}
	return all, nil
}

// values are the properties of the features of a layer, in the order of its
// fields.
func (w *writing) values(ctx context.Context, l *layers.Layer) ([]Value, error) {
	var all []Value
	for _, ref := range w.differing() {
		if shape, touched := w.now[ref]; ref.Layer != l.ID || touched && shape == nil {
			continue
		}
		_, stored := w.current[ref]
		var properties map[string]any
		if stored {
			properties = w.changedProperties(l, ref)
		} else {
			var err error
			if properties, _, err = w.properties(ctx, l, ref); err != nil {
				return nil, err
			}
		}
		for i := range l.Fields {
			name := l.Fields[i].Name
			value := Value{Ref: ref, Field: name}
			var has bool
			if value.Value, has = properties[name]; has {
				value.How, value.Of = w.how(l, ref, name)
			}
			if node, refers := w.refers[ref][name]; refers {
				value.Value, value.How, has = node.ID, Ended, true
			}
			if has {
				all = append(all, value)
			}
		}
	}
	return all, nil
}

// how tells where a property comes from; see [writing.properties].
func (w *writing) how(l *layers.Layer, ref Ref, name string) (How, *Ref) {
	if _, typed := w.set.givenSince(ref)[name]; typed {
		return Typed, nil
	}
	if _, follows := w.followed[ref][name]; follows {
		g := w.sheet.home.Geometry
		switch {
		case slices.Contains(g.Levels, name):
			return Interpolated, nil
		case name == g.From || name == g.To || name == g.Joins:
			return Ended, nil
		}
		return Divided, nil
	}
	if _, typed := w.set.Given(ref)[name]; typed {
		return Typed, nil
	}
	if rule, ruled := l.Geometry.Divided[name]; ruled && (rule.Next != nil || rule.Text != "") {
		return Numbered, nil
	}
	if origin, made := w.set.Origin(ref); made {
		return Copied, &origin
	}
	return Copied, nil
}
