package working

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// writing turns a set into the edits of a transaction.
type writing struct {
	service *Service
	viewer  layers.Viewer
	sheet   *sheet
	set     *Set
	bases   map[Ref]Base
	current map[Ref]*layers.Feature
	now     map[Ref]geom.T
	// followed are properties that follow from shapes, which the model fills in.
	followed map[Ref]map[string]any
	// refers are those that name a new feature.
	refers  map[Ref]map[string]Ref
	owners  map[Ref]string // of new features that were made of none
	at      map[string]Ref // what edits are about, by the places of faults
	created map[Ref]int    // new features by their edit
	saved   *Saved
	highest map[string]any
	names   map[[3]string]bool // texts that were made for new records, by layer and field
}

func newWriting(s *Service, v layers.Viewer, sh *sheet, set *Set, bases map[Ref]Base, current map[Ref]*layers.Feature) *writing {
	return &writing{
		service: s, viewer: v, sheet: sh, set: set, bases: bases, current: current, now: set.Present(),
		followed: map[Ref]map[string]any{}, refers: map[Ref]map[string]Ref{}, owners: map[Ref]string{}, at: map[string]Ref{}, created: map[Ref]int{},
		saved: &Saved{IDs: map[Ref]string{}}, names: map[[3]string]bool{},
	}
}

// follow notes a property that follows from shapes.
func (w *writing) follow(ref Ref, field string, value any) {
	if w.followed[ref] == nil {
		w.followed[ref] = map[string]any{}
	}
	w.followed[ref][field] = value
}

// complete finds what follows from shapes, and whose what was drawn is.
func (w *writing) complete(ctx context.Context) error {
	if err := w.sheet.fields(ctx, w); err != nil {
		return err
	}
	for _, l := range w.sheet.layers() {
		if err := w.ownAlone(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// ownAlone gives what was drawn and joins nothing to the one collectivity in
// which the viewer may create it, where there is but one.
func (w *writing) ownAlone(ctx context.Context, l *layers.Layer) error {
	if l.Source.Collectivity == "" {
		return nil
	}
	only, asked := "", false
	for ref, shape := range w.now {
		_, stored := w.bases[ref]
		if _, made := w.set.Origin(ref); ref.Layer != l.ID || stored || made || shape == nil || w.owners[ref] != "" {
			continue
		}
		if !asked {
			codes, err := w.service.creatingIn(ctx, w.viewer, l)
			if err != nil {
				return err
			}
			if asked = true; len(codes) == 1 {
				only = codes[0]
			}
		}
		w.owners[ref] = only
	}
	return nil
}

// edits are in an order in which references hold: of a network edges go first
// and their nodes last, and nodes are made before the edges that name them. In
// each layer there are deletions, then what is brought back, changes, and new
// features.
func (w *writing) edits(ctx context.Context) ([]layers.Edit, error) {
	if err := w.complete(ctx); err != nil {
		return nil, err
	}
	var all, last []layers.Edit
	of := func(edits map[layers.Op][]layers.Edit, op layers.Op) []layers.Edit { return edits[op] }
	for i, l := range w.sheet.layers() {
		edits, err := w.layerEdits(ctx, l)
		if err != nil {
			return nil, err
		}
		before, changed, after := w.inTurn(l, of(edits, layers.Update))
		all = append(all, before...)
		staying := slices.Concat(of(edits, layers.Revive), changed, of(edits, layers.Create), after)
		if i == 0 {
			all, last = append(all, of(edits, layers.Delete)...), staying
			continue
		}
		all = append(all, staying...)
		last = append(last, of(edits, layers.Delete)...)
	}
	all = append(all, last...)
	for i := range all {
		ref := Ref{all[i].Layer, all[i].At}
		all[i].At = fmt.Sprintf("edits[%d]", i)
		w.at[all[i].At] = ref
		switch all[i].Op {
		case layers.Create:
			w.created[ref] = i
			w.saved.Created++
		case layers.Delete:
			w.saved.Deleted++
		case layers.Revive:
			w.saved.Created++
		default:
			if w.bases[ref].Revived == 0 {
				w.saved.Changed++
			}
		}
	}
	for i := range all {
		for field, to := range w.refers[w.at[all[i].At]] {
			if all[i].Refer == nil {
				all[i].Refer = map[string]int{}
			}
			all[i].Refer[field] = w.created[to]
		}
	}
	return all, nil
}

// inTurn parts changes by when they can be made: after new features of the same
// layer that they name; before deletions where they name, in place of one that
// goes, another that is stored: the database would let go of it and so change
// the record; others in between.
func (w *writing) inTurn(l *layers.Layer, changes []layers.Edit) (before, changed, after []layers.Edit) {
	for _, e := range changes {
		refers := w.refers[Ref{e.Layer, e.At}]
		named := slices.Collect(maps.Values(refers))
		_, joins := e.Properties[l.Geometry.Joins]
		switch {
		case slices.ContainsFunc(named, func(ref Ref) bool { return ref.Layer == l.ID }):
			after = append(after, e)
		case joins && len(refers) == 0:
			before = append(before, e)
		default:
			changed = append(changed, e)
		}
	}
	return before, changed, after
}

// layerEdits are the edits of one layer, by what they do; At is the name of the
// feature.
func (w *writing) layerEdits(ctx context.Context, l *layers.Layer) (map[layers.Op][]layers.Edit, error) {
	edits := map[layers.Op][]layers.Edit{}
	add := func(e layers.Edit) { edits[e.Op] = append(edits[e.Op], e) }
	for _, ref := range w.differing() {
		if ref.Layer != l.ID {
			continue
		}
		base, stored := w.bases[ref]
		if f := w.current[ref]; !stored && f != nil {
			base, stored = Base{Version: f.Version, Collectivity: f.Collectivity, Shape: f.Geometry}, true
		}
		shape, touched := w.now[ref]
		e := layers.Edit{Layer: l.ID, ID: ref.ID, Version: base.Version, At: ref.ID}
		switch {
		case !stored:
			e.Op, e.ID, e.Geometry = layers.Create, "", fitted(l, shape)
			var err error
			if e.Properties, e.Collectivity, err = w.properties(ctx, l, ref); err != nil {
				return nil, err
			}
			add(e)
		case touched && shape == nil:
			if base.Revived == 0 {
				e.Op = layers.Delete
				add(e)
			}
		default:
			if base.Revived != 0 {
				add(layers.Edit{Op: layers.Revive, Layer: l.ID, ID: ref.ID, Collectivity: base.Collectivity, Change: base.Revived, At: ref.ID})
			}
			e.Op, e.Properties = layers.Update, w.changedProperties(l, ref)
			if touched && !same(shape, base.Shape) {
				e.Geometry = fitted(l, shape)
			}
			if e.Geometry != nil || len(e.Properties) > 0 || len(w.refers[ref]) > 0 {
				add(e)
			}
		}
	}
	return edits, nil
}

// differing are the features of which something would be stored, in order: also
// those of which only properties change.
func (w *writing) differing() []Ref {
	refs := map[Ref]bool{}
	for ref := range w.now {
		refs[ref] = true
	}
	for ref := range w.followed {
		refs[ref] = true
	}
	for ref := range w.refers {
		refs[ref] = true
	}
	return ordered(refs)
}

// changedProperties are those that follow from shapes and are other than they
// are stored.
func (w *writing) changedProperties(l *layers.Layer, ref Ref) map[string]any {
	changed := maps.Clone(w.followed[ref])
	if f := w.current[ref]; f != nil {
		maps.DeleteFunc(changed, func(name string, value any) bool { return textOf(f.Properties[name]) == textOf(value) })
	}
	return changed
}

// properties are those of a new feature, and its owner: what it has of the one
// that it was made of, what follows from shapes, what it was given, and last the
// numbers and texts that are made of these.
func (w *writing) properties(ctx context.Context, l *layers.Layer, ref Ref) (map[string]any, string, error) {
	properties := map[string]any{}
	origin, collectivity := w.origin(ref)
	given := w.set.Given(ref)
	if owner := w.givenOwner(ref); owner != "" {
		collectivity = owner
	}
	if f := w.current[origin]; f != nil {
		for i := range l.Fields {
			if field := &l.Fields[i]; w.inherits(l, field, origin, collectivity) && f.Properties[field.Name] != nil {
				properties[field.Name] = f.Properties[field.Name]
			}
		}
	}
	for _, of := range slices.Backward(w.set.lineage(ref)) {
		for name, value := range w.set.Given(of) {
			if field := l.Field(name); field != nil && w.inherits(l, field, of, collectivity) {
				properties[name] = value
			}
		}
	}
	maps.Copy(properties, given)
	maps.Copy(properties, w.followed[ref])
	maps.Copy(properties, w.set.givenSince(ref))
	rules := l.Geometry.Divided
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if _, said := given[name]; said || rules[name].Next == nil || l.Field(name) == nil {
			continue
		}
		value, err := w.next(ctx, l, name, rules[name].Next, w.withOwner(l, properties, collectivity))
		if err != nil {
			return nil, "", err
		}
		if value != nil {
			properties[name] = value
		}
	}
	for name, rule := range rules {
		if _, said := given[name]; !said && rule.Text != "" {
			properties[name] = composed(rule.Text, w.withOwner(l, properties, collectivity))
		}
	}
	return properties, collectivity, nil
}

// origin is the stored feature that a new one was made of, and who owns the new
// one: of what was drawn whom the model says.
func (w *writing) origin(ref Ref) (Ref, string) {
	if origin, made := w.set.Origin(ref); made {
		return origin, w.bases[origin].Collectivity
	}
	return Ref{}, w.owners[ref]
}

// givenOwner is whose a new feature is by what it, or one that it was made of,
// was given; "" where nobody said.
func (w *writing) givenOwner(ref Ref) string {
	for _, of := range append([]Ref{ref}, w.set.lineage(ref)...) {
		if owner, said := w.set.Given(of)[ownerField(w.sheet.layer(of.Layer))].(string); said {
			return owner
		}
	}
	return ""
}

// property is a field of a stored feature as it is stored, of a new one as it
// was given.
func (w *writing) property(ref Ref, name string) any {
	if f := w.current[ref]; f != nil {
		return f.Properties[name]
	}
	return w.set.Given(ref)[name]
}

// ownerField is the name of the field that says whose a record is, "" for none.
func ownerField(l *layers.Layer) string {
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Column == l.Source.Collectivity && f.Column != "" {
			return f.Name
		}
	}
	return ""
}

// inherits tells whether a new feature has a field of the one it was made of.
func (w *writing) inherits(l *layers.Layer, field *layers.Field, origin Ref, collectivity string) bool {
	if origin.Layer != l.ID && !slices.Contains(w.sheet.home.Geometry.Shared, field.Name) {
		return false
	}
	_, ruled := l.Geometry.Divided[field.Name]
	return !ruled && !field.Personal && field.Column != l.Source.ID && field.Column != l.Source.Collectivity &&
		!slices.Contains(w.sheet.followed(), Ref{l.ID, field.Name}) && w.viewer.MayChange(l, field, collectivity)
}
