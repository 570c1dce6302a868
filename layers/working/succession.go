package working

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"arpent/geo/coverage"
	"arpent/layers"
)

// writing turns a set into the edits of a transaction.
type writing struct {
	service *Service
	viewer  layers.Viewer
	layer   *layers.Layer
	set     *Set
	current map[coverage.ID]*layers.Feature
	now     map[coverage.ID]orb.MultiPolygon
	saved   *Saved
	created []coverage.ID // in the order of their edits, which come last
	highest map[string]int64
}

// edits are deletions, then changes, then new features.
func (w *writing) edits(ctx context.Context) ([]layers.Edit, error) {
	shares := w.shares()
	var gone, changed, made []layers.Edit
	for _, id := range slices.Sorted(maps.Keys(w.now)) {
		shape, at := w.now[id], string(id)
		base, stored := w.set.Base[id]
		switch {
		case !stored:
			properties, collectivity, err := w.inherited(ctx, id, shares[id])
			if err != nil {
				return nil, err
			}
			made = append(made, layers.Edit{Op: layers.Create, Layer: w.layer.ID, Collectivity: collectivity, Properties: properties, Geometry: shapeFor(w.layer, shape), At: at})
			w.created = append(w.created, id)
		case shape == nil:
			gone = append(gone, layers.Edit{Op: layers.Delete, Layer: w.layer.ID, ID: at, Version: base.Version, At: at})
		case !shape.Equal(base.Shape):
			changed = append(changed, layers.Edit{Op: layers.Update, Layer: w.layer.ID, ID: at, Version: base.Version, Properties: shares[id], Geometry: shapeFor(w.layer, shape), At: at})
		}
	}
	w.saved.Deleted, w.saved.Changed, w.saved.Created = len(gone), len(changed), len(made)
	return slices.Concat(gone, changed, made), nil
}

// inherited are the properties of a new feature, from the one that it was made
// of, and its owner.
func (w *writing) inherited(ctx context.Context, id coverage.ID, shares map[string]any) (map[string]any, string, error) {
	properties := map[string]any{}
	origin := w.set.Origin(id)
	collectivity := w.set.Base[origin].Collectivity
	if f := w.current[origin]; f != nil {
		for i := range w.layer.Fields {
			field := &w.layer.Fields[i]
			_, ruled := w.layer.Geometry.Divided[field.Name]
			value := f.Properties[field.Name]
			if value == nil || ruled || field.Personal || field.Column == w.layer.Source.ID || field.Column == w.layer.Source.Collectivity || !w.viewer.MayChange(w.layer, field, collectivity) {
				continue
			}
			properties[field.Name] = value
		}
	}
	maps.Copy(properties, shares)
	rules := w.layer.Geometry.Divided
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if rules[name].Next == nil {
			continue
		}
		number, err := w.next(ctx, name, rules[name].Next, properties, collectivity)
		if err != nil {
			return nil, "", err
		}
		properties[name] = number
	}
	for name, rule := range rules {
		if rule.Text != "" {
			properties[name] = composed(rule.Text, w.withOwner(properties, collectivity))
		}
	}
	return properties, collectivity, nil
}

// withOwner adds the field that says whose a record is.
func (w *writing) withOwner(properties map[string]any, collectivity string) map[string]any {
	all := maps.Clone(properties)
	for _, f := range w.layer.Fields {
		if f.Column == w.layer.Source.Collectivity && f.Column != "" {
			all[f.Name] = collectivity
		}
	}
	return all
}

// next is the number after the highest among records alike in some fields.
func (w *writing) next(ctx context.Context, name string, alike []string, properties map[string]any, collectivity string) (int64, error) {
	all := w.withOwner(properties, collectivity)
	equal := map[string]string{}
	key := name
	for _, field := range alike {
		if all[field] != nil {
			equal[field] = fmt.Sprint(all[field])
			key += "\x00" + equal[field]
		}
	}
	if w.highest == nil {
		w.highest = map[string]int64{}
	}
	if _, known := w.highest[key]; !known {
		features, err := w.service.layers.Features(ctx, w.viewer, w.layer.ID, layers.Query{Equal: equal, Sort: "-" + name, Limit: 1, NoGeometry: true})
		if err != nil {
			return 0, err
		}
		for f, err := range features {
			if err != nil {
				return 0, err
			}
			n, _ := number(f.Properties[name])
			w.highest[key] = int64(n)
		}
	}
	w.highest[key]++
	return w.highest[key], nil
}

var inBraces = regexp.MustCompile(`\{(\w+)(?::(\d+))?\}`)

// composed fills fields into a text, with zeros before those that are shorter
// than they should be.
func composed(text string, properties map[string]any) string {
	return inBraces.ReplaceAllStringFunc(text, func(match string) string {
		part := inBraces.FindStringSubmatch(match)
		value := ""
		if properties[part[1]] != nil {
			value = fmt.Sprint(properties[part[1]])
		}
		width, _ := strconv.Atoi(part[2]) // digits, or none
		return strings.Repeat("0", max(0, width-len(value))) + value
	})
}

// shares answers the fields that are shared out by area, for each feature whose
// value changes.
func (w *writing) shares() map[coverage.ID]map[string]any {
	all := map[coverage.ID]map[string]any{}
	families := w.families()
	for name, rule := range w.layer.Geometry.Divided {
		field := w.layer.Field(name)
		if !rule.Share || field == nil {
			continue
		}
		for _, family := range families {
			sum, known := 0.0, true
			for _, id := range family.parents {
				var n float64
				if f := w.current[id]; f != nil && known {
					n, known = number(f.Properties[name])
				}
				sum += n
			}
			if !w.viewer.MaySee(w.layer, field) {
				continue
			}
			if !known { // the sum is not known either
				for _, id := range family.heirs {
					if all[id] == nil {
						all[id] = map[string]any{}
					}
					all[id][name] = nil
				}
				continue
			}
			for i, part := range shared(sum, w.areas(family.heirs), layers.Type(field.Type) == layers.TypeInteger) {
				id := family.heirs[i]
				if all[id] == nil {
					all[id] = map[string]any{}
				}
				all[id][name] = part
			}
		}
	}
	return all
}

// family are stored features and those that have their land.
type family struct{ parents, heirs []coverage.ID }

// families are those in which something was divided or merged.
func (w *writing) families() []family {
	into := map[coverage.ID]coverage.ID{} // of merged features the one that has their land
	root := func(id coverage.ID) coverage.ID {
		for range len(w.set.Steps) + 1 {
			if _, stored := w.set.Base[id]; !stored {
				id = w.set.Origin(id)
			}
			next, merged := into[id]
			if !merged {
				break
			}
			id = next
		}
		return id
	}
	for _, st := range w.set.Steps[:w.set.Done] {
		if st.Operation.Kind != Merge {
			continue
		}
		for id := range st.Before {
			if _, stays := st.After[id]; stays {
				continue
			}
			if from, to := root(id), root(st.Operation.IDs[0]); from != to && from != "" {
				into[from] = to
			}
		}
	}
	all := map[coverage.ID]*family{}
	of := func(id coverage.ID) *family {
		r := root(id)
		if all[r] == nil {
			all[r] = &family{}
		}
		return all[r]
	}
	for _, id := range slices.Sorted(maps.Keys(w.now)) {
		if _, stored := w.set.Base[id]; stored {
			f := of(id)
			f.parents = append(f.parents, id)
		}
		if w.now[id] != nil && root(id) != "" {
			f := of(id)
			f.heirs = append(f.heirs, id)
		}
	}
	var list []family
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if f := all[id]; len(f.parents) > 1 || len(f.heirs) > 1 {
			list = append(list, *f)
		}
	}
	return list
}

func (w *writing) areas(ids []coverage.ID) []float64 {
	areas := make([]float64, len(ids))
	for i, id := range ids {
		areas[i] = math.Abs(planar.Area(w.now[id]))
	}
	return areas
}

// shared divides a number in proportion; whole numbers by the largest
// remainders, so that they make up the same sum.
func shared(sum float64, by []float64, whole bool) []any {
	total := 0.0
	for _, b := range by {
		total += b
	}
	parts := make([]any, len(by))
	if !whole {
		for i, b := range by {
			parts[i] = sum * b / total
		}
		return parts
	}
	order := make([]int, len(by))
	rest, least := make([]float64, len(by)), make([]int64, len(by))
	left := int64(math.Round(sum))
	for i, b := range by {
		order[i] = i
		exact := sum * b / total
		least[i] = int64(math.Floor(exact))
		rest[i] = exact - math.Floor(exact)
		left -= least[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order {
		if left > 0 {
			least[i]++
			left--
		}
		parts[i] = least[i]
	}
	return parts
}

// number reads a property as a number; false when it is none.
func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case int32:
		return float64(n), true
	case int:
		return float64(n), true
	case float64:
		return n, true
	case fmt.Stringer: // json.Number
		f, err := strconv.ParseFloat(n.String(), 64)
		return f, err == nil
	}
	return 0, false
}
