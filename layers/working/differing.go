package working

import (
	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// Differing is a feature that a set makes other than it is stored.
type Differing struct {
	Ref
	Label         string // of a new one that of its origin
	Origin        *Ref   // of a new one that of which it was made; nil: none
	Before, After geom.T // nil: it is new, it goes
	Given         map[string]any
	Anew          bool     // others have deleted it, and the set brings it back
	Missing       []string // fields that a new one must have and has not
}

// Differing are the features that a set makes other than they are stored, in
// order.
func (s *Service) Differing(v layers.Viewer, set *Set) ([]Differing, error) {
	sh, err := s.editable(v, set.Layer)
	if err != nil {
		return nil, err
	}
	now, bases := set.Present(), set.Bases()
	var all []Differing
	for _, ref := range ordered(now) {
		base, stored := bases[ref]
		if stored && base.Revived == 0 && same(base.Shape, now[ref]) {
			continue
		}
		d := Differing{Ref: ref, Label: base.Label, Before: base.Shape, After: now[ref], Anew: base.Revived != 0}
		if !stored {
			if origin, made := set.Origin(ref); made {
				d.Origin, d.Label = &origin, bases[origin].Label
			}
			d.Given, d.Missing = set.Given(ref), sh.missing(set, ref)
		}
		all = append(all, d)
	}
	return all, nil
}
