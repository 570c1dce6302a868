package working

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// task is an operation being done upon a set, in the CRS of the layer.
type task struct {
	service *Service
	viewer  layers.Viewer
	sheet   *sheet
	set     *Set
	op      Operation
	now     map[Ref]geom.T // what the set has changed
	stored  map[Ref]Base   // what was read around
}

// outcome is what an operation makes of features.
type outcome struct {
	after map[Ref]geom.T // those that change; nil: taken away
	from  map[Ref][]Share
	new   map[Ref]bool // of after those that were not there
}

func newOutcome() outcome {
	return outcome{after: map[Ref]geom.T{}, from: map[Ref][]Share{}, new: map[Ref]bool{}}
}

// step does an operation on a set, without storing it.
func (s *Service) step(ctx context.Context, v layers.Viewer, sh *sheet, set *Set, op Operation) error {
	if op.Layer == "" {
		op.Layer = sh.home.ID
	}
	t := &task{service: s, viewer: v, sheet: sh, set: set, op: op, now: set.Present(), stored: map[Ref]Base{}}
	err := t.near(ctx)
	var out outcome
	switch {
	case err != nil:
	case op.Kind == Describe:
		err = t.describe(ctx)
	case op.Kind == Revive:
		if out, err = t.revive(ctx); err == nil {
			err = t.take(out)
		}
	default:
		if out, err = sh.perform(ctx, t); err == nil {
			err = t.take(out)
		}
	}
	if refusal, ok := refusalOf(err, sh); ok {
		t.place(refusal)
		return refusal
	}
	return err
}

// near checks that no more is drawn than can be computed with, and nothing far
// from all that the layer has.
func (t *task) near(ctx context.Context) error {
	places := t.op.places()
	if len(places) == 0 || t.op.Kind == Regain || t.op.Kind == Revive {
		return nil
	}
	if len(places) > maxPoints {
		return &Refusal{Kind: TooMany, Where: orb.Point{places[0][0], places[0][1]}}
	}
	extent, err := t.known(ctx)
	if err != nil || extent == nil {
		return err
	}
	around := orb.Bound{Min: orb.Point{extent.MinX, extent.MinY}, Max: orb.Point{extent.MaxX, extent.MaxY}}.Pad(t.metres(farAway))
	for _, p := range places {
		if at := (orb.Point{p[0], p[1]}); !around.Contains(at) {
			return &Refusal{Kind: string(coverage.TooFar), Where: at}
		}
	}
	return nil
}

// known is the extent of all that the layer has, or where it has nothing that of
// all layers in its CRS.
func (t *task) known(ctx context.Context) (*layers.BBox, error) {
	l := t.sheet.home
	own, err := t.service.layers.Extent(ctx, t.viewer, l.ID, l.Source.SRID)
	if err != nil || own != nil {
		return own, err
	}
	var all extent
	for _, other := range t.service.layers.Catalog().Readable(t.viewer) {
		if other.Source.Geometry == "" || other.Source.SRID != l.Source.SRID {
			continue
		}
		b, err := t.service.layers.Extent(ctx, t.viewer, other.ID, l.Source.SRID)
		if err != nil {
			return nil, err
		}
		if b != nil {
			all.add(orb.Bound{Min: orb.Point{b.MinX, b.MinY}, Max: orb.Point{b.MaxX, b.MaxY}})
		}
	}
	if !all.any {
		return nil, nil
	}
	return &layers.BBox{MinX: all.Min[0], MinY: all.Min[1], MaxX: all.Max[0], MaxY: all.Max[1], SRID: l.Source.SRID}, nil
}

// metres are so many in units of the CRS of the layer.
func (t *task) metres(n float64) float64 {
	if t.sheet.home.Source.Grid == 0 {
		return n / 70_000 // of a degree, in our latitudes
	}
	return n
}

// read reads stored features.
func (t *task) read(ctx context.Context, l *layers.Layer, q layers.Query) error {
	q.Limit, q.Labels = maxAtHand+1, true
	features, err := t.service.layers.Features(ctx, t.viewer, l.ID, q)
	if err != nil {
		return err
	}
	for f, err := range features {
		if err != nil {
			return err
		}
		if f.Geometry != nil && !f.Geometry.Empty() {
			t.stored[Ref{l.ID, f.ID}] = Base{Version: f.Version, Collectivity: f.Collectivity, Label: f.Label, At: time.Now(), Shape: f.Geometry}
		}
		if len(t.stored) > maxAtHand {
			return layers.Errorf(layers.TooLarge, "there are more than %d features where you draw: do it in smaller parts", maxAtHand)
		}
	}
	return nil
}

// readWithin reads the stored features of a layer that meet a box.
func (t *task) readWithin(ctx context.Context, l *layers.Layer, b orb.Bound) error {
	return t.read(ctx, l, layers.Query{BBox: &layers.BBox{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1], SRID: l.Source.SRID}})
}

// readNamed reads those features that the operation names and the set has not
// changed.
func (t *task) readNamed(ctx context.Context) error {
	byLayer := map[string][]string{}
	for _, ref := range t.op.refs() {
		if _, touched := t.now[ref]; !touched {
			byLayer[ref.Layer] = append(byLayer[ref.Layer], ref.ID)
		}
	}
	for layer, ids := range byLayer {
		if err := t.read(ctx, t.sheet.layer(layer), layers.Query{IDs: ids}); err != nil {
			return err
		}
	}
	return nil
}

// around reads the stored features near what the operation takes, those that it
// names whole. It answers the box that it has read.
func (t *task) around(ctx context.Context, pad float64) (extent, error) {
	if err := t.readNamed(ctx); err != nil {
		return extent{}, err
	}
	var box extent
	if drawn, any := t.op.drawn(); any {
		box.add(drawn.Pad(pad))
	}
	for _, ref := range t.op.refs() {
		box.shape(t.shape(ref), closeBy)
	}
	if !box.any {
		return box, nil
	}
	for _, l := range t.sheet.layers() {
		if err := t.readWithin(ctx, l, box.Bound); err != nil {
			return box, err
		}
	}
	return box, nil
}

// shape is a feature as it is now; nil when it is gone or not at hand.
func (t *task) shape(ref Ref) geom.T {
	if shape, touched := t.now[ref]; touched {
		return shape
	}
	return t.stored[ref].Shape
}

// shapes are all features at hand as they are now.
func (t *task) shapes() map[Ref]geom.T {
	all := map[Ref]geom.T{}
	for ref, base := range t.stored {
		all[ref] = base.Shape
	}
	maps.Copy(all, t.now)
	maps.DeleteFunc(all, func(_ Ref, shape geom.T) bool { return shape == nil })
	return all
}

// take makes an outcome the next step of the set, where the viewer may.
func (t *task) take(out outcome) error {
	maps.DeleteFunc(out.after, func(ref Ref, shape geom.T) bool { return !out.new[ref] && same(shape, t.shape(ref)) })
	if len(out.after) == 0 {
		return &coverage.Fault{Kind: coverage.Unchanged}
	}
	t.rename(&out)
	st := Step{Operation: t.op, After: out.after, From: out.from, Base: map[Ref]Base{}}
	for _, ref := range st.Features() {
		base, is := t.set.Base(ref)
		if _, was := t.stored[ref]; !is && was {
			base, is = t.stored[ref], true
			st.Base[ref] = base
		}
		action := layers.UpdateRows
		switch {
		case !is:
			action, base.Collectivity = layers.CreateRows, ""
		case st.Base[ref].Revived != 0:
			action = layers.CreateRows
		case st.After[ref] == nil:
			action = layers.DeleteRows
		}
		if !t.viewer.May(action, t.sheet.layer(ref.Layer), base.Collectivity) {
			return &Refusal{Kind: Forbidden, Features: []Ref{ref}}
		}
		divided := t.sheet.name == "network" && len(out.from[ref]) > 0 // it has what that has
		if out.new[ref] && len(t.op.Properties) > 0 && ref.Layer == t.op.Layer && !divided {
			if st.Given == nil {
				st.Given = map[Ref]map[string]any{}
			}
			st.Given[ref] = t.op.Properties
		}
	}
	t.set.add(st)
	return nil
}

// rename gives new features names that none of the set had before.
func (t *task) rename(out *outcome) {
	used := t.set.used()
	var again []Ref
	for _, ref := range ordered(out.new) {
		if used[ref] {
			again = append(again, ref)
		}
	}
	for ref := range out.new {
		used[ref] = true
	}
	for _, ref := range again {
		name := unused(ref, used)
		out.after[name], out.new[name] = out.after[ref], true
		delete(out.after, ref)
		delete(out.new, ref)
		if from, has := out.from[ref]; has {
			out.from[name] = from
			delete(out.from, ref)
		}
	}
}

// describe gives new features properties.
func (t *task) describe(ctx context.Context) error {
	if err := t.readNamed(ctx); err != nil {
		return err
	}
	st := Step{Operation: t.op, After: map[Ref]geom.T{}, Given: map[Ref]map[string]any{}}
	for _, ref := range t.op.refs() {
		_, stored := t.set.Base(ref)
		switch shape := t.now[ref]; {
		case stored || shape == nil:
			return &Refusal{Kind: string(coverage.Unknown), Features: []Ref{ref}, Detail: "only what is new has its properties in these edits: give others theirs by the form of the record"}
		default:
			st.After[ref], st.Given[ref] = shape, t.op.Properties
		}
	}
	t.set.add(st)
	return nil
}

// missing are the fields that a new feature must have and was not given, where
// nothing else fills them.
func (sh *sheet) missing(set *Set, ref Ref) []string {
	l := sh.layer(ref.Layer)
	made := set.made(ref)
	if l == nil || len(made) > 0 && made[0].Of.Layer == ref.Layer {
		return nil // it has what that has
	}
	given := set.Given(ref)
	var names []string
	for i := range l.Fields {
		f := &l.Fields[i]
		_, ruled := l.Geometry.Divided[f.Name]
		ruled = ruled || len(made) > 0 && slices.Contains(sh.home.Geometry.Shared, f.Name)
		if (f.Required || f.NotNull && !f.HasDefault) && given[f.Name] == nil && f.Default == nil && f.Initial == nil && !f.ReadOnly && !ruled &&
			f.Column != l.Source.Collectivity && !(f.Column == l.Source.ID && !l.Source.IDGiven) && !slices.Contains(sh.followed(), Ref{l.ID, f.Name}) {
			names = append(names, f.Name)
		}
	}
	return names
}

// followed are the fields that follow from shapes, as layer and field.
func (sh *sheet) followed() []Ref {
	var all []Ref
	g := sh.home.Geometry
	for _, name := range append([]string{g.From, g.To}, g.Levels...) {
		if name != "" {
			all = append(all, Ref{sh.home.ID, name})
		}
	}
	return all
}
