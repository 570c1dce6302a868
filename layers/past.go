package layers

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// Restore makes a feature again what it was after a change of its history, or
// before it when that change deleted it. It is a change like any other: the
// viewer's rights and the rules of the layer hold, and history says its cause.
func (s *Service) Restore(ctx context.Context, v Viewer, layer, id string, change int64) (*Result, error) {
	p, err := s.past(ctx, v, layer, id, change)
	if err != nil {
		return nil, err
	}
	edits := p.back()
	if target := p.differences(p.now(), p.change.after()); target != nil {
		edits = append(edits, *target)
	}
	if len(edits) == 0 {
		return nil, Errorf(Conflict, "the record is already as it was then")
	}
	return s.Transact(ctx, v, Transaction{Edits: edits, Cause: fmt.Sprintf("restore %d", change)})
}

// Undo takes one change of a feature back and leaves what others changed
// since. It refuses where they changed the same values again.
func (s *Service) Undo(ctx context.Context, v Viewer, layer, id string, change int64) (*Result, error) {
	p, err := s.past(ctx, v, layer, id, change)
	if err != nil {
		return nil, err
	}
	edits, err := p.undo()
	if err != nil {
		return nil, err
	}
	return s.Transact(ctx, v, Transaction{Edits: edits, Cause: fmt.Sprintf("undo %d", change)})
}

// past is a feature with its history, of which one change is looked at.
type past struct {
	layer   *Layer
	id      string
	viewer  Viewer
	entries []HistoryEntry // newest first
	change  HistoryEntry
	current *Feature // nil when it is deleted
}

// state is a feature at one moment of its history.
type state struct {
	properties map[string]any
	geometry   geom.T
}

func (s *Service) past(ctx context.Context, v Viewer, layer, id string, change int64) (*past, error) {
	l, err := s.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	p := &past{layer: l, id: id, viewer: v.writing()}
	if v.Anonymous() {
		return nil, Errorf(Unauthorized, "sign in to turn back changes")
	}
	if p.entries, err = s.store.History(ctx, p.viewer, l, id, l.Source.SRID); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(p.entries, func(e HistoryEntry) bool { return e.ID == change })
	if i < 0 {
		return nil, Errorf(NotFound, "the history of feature %q in layer %s has no change %d", id, layer, change)
	}
	p.change = p.entries[i]
	p.current, err = s.Feature(ctx, v, layer, id, 0)
	if err != nil && KindOf(err) != NotFound {
		return nil, err
	}
	return p, nil
}

// after is what a change made of the feature; what it was, for a deletion.
func (e HistoryEntry) after() state {
	if e.Op == "delete" {
		return state{e.Old, e.OldGeometry}
	}
	return state{e.New, e.NewGeometry}
}

// now is the feature as it is, or as it was when it was deleted.
func (p *past) now() state { return p.entries[0].after() }

// back gives a deleted feature its row again.
func (p *past) back() []Edit {
	if p.current != nil {
		return nil
	}
	last := p.entries[0]
	return []Edit{{Op: Revive, Layer: p.layer.ID, ID: p.id, Collectivity: last.Collectivity, Change: last.ID}}
}

// differences is the edit that leads from one state to another, nil when they
// are the same.
func (p *past) differences(from, to state) *Edit {
	e := p.edit()
	for _, f := range p.writable() {
		if value, ok := to.properties[f.Name]; ok && !reflect.DeepEqual(from.properties[f.Name], value) {
			e.Properties[f.Name] = value
		}
	}
	if p.shaped() && !sameShape(from.geometry, to.geometry) {
		e.Geometry, e.ClearGeometry = to.geometry, to.geometry == nil
	}
	if len(e.Properties) == 0 && e.Geometry == nil && !e.ClearGeometry {
		return nil
	}
	return &e
}

func (p *past) edit() Edit {
	e := Edit{Op: Update, Layer: p.layer.ID, ID: p.id, Properties: map[string]any{}}
	if p.current != nil {
		e.Version = p.current.Version
	}
	return e
}

// writable are the fields that can be given back.
func (p *past) writable() []Field {
	return slices.DeleteFunc(p.viewer.Fields(p.layer), func(f Field) bool { return !p.viewer.MayChange(p.layer, &f, "") || f.Column == p.layer.Source.ID })
}

// shaped reports whether history keeps the shape that the layer shows.
func (p *past) shaped() bool {
	return p.layer.Source.Geometry != "" && p.layer.Source.Geometry == p.layer.Source.TableGeometry
}

func (p *past) undo() ([]Edit, error) {
	c := p.change
	switch {
	case c.Op == "delete" && p.current != nil:
		return nil, Errorf(Conflict, "the record is there again: there is nothing to undo")
	case c.Op == "delete" && p.entries[0].ID == c.ID:
		return p.back(), nil
	case p.current == nil:
		return nil, Errorf(Conflict, "the record was deleted since: undo its deletion first")
	case c.Op == "insert" && p.entries[0].ID != c.ID:
		return nil, Errorf(Conflict, "the record was changed since it was created: delete it instead")
	case c.Op == "insert":
		return []Edit{{Op: Delete, Layer: p.layer.ID, ID: p.id, Version: p.current.Version}}, nil
	}
	before, after := state{c.Old, c.OldGeometry}, state{c.New, c.NewGeometry}
	if err := p.changedAgain(before, after); err != nil {
		return nil, err
	}
	e := p.differences(after, before)
	if e == nil {
		return nil, Errorf(Conflict, "nothing that this change did can be undone: it changed no value that you may write")
	}
	return []Edit{*e}, nil
}

// changedAgain names what a change touched and later ones touched again.
func (p *past) changedAgain(before, after state) error {
	now := p.now()
	var names []string
	conflict := &Error{Kind: Conflict}
	clash := func(location, name string) {
		names = append(names, name)
		conflict.Faults = append(conflict.Faults, Fault{Location: location, Message: "was changed again since"})
	}
	for _, f := range p.writable() {
		touched := !reflect.DeepEqual(before.properties[f.Name], after.properties[f.Name])
		if touched && !reflect.DeepEqual(now.properties[f.Name], after.properties[f.Name]) {
			clash("properties."+f.Name, f.Label.In(p.viewer.Language))
		}
	}
	if p.shaped() && !sameShape(before.geometry, after.geometry) && !sameShape(now.geometry, after.geometry) {
		clash("geometry", "geometry")
	}
	if names == nil {
		return nil
	}
	conflict.Detail = "changed again since: " + strings.Join(names, ", ") + ": undo the later changes first, or restore the version before this change"
	return conflict
}

func sameShape(a, b geom.T) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, errX := ewkb.Marshal(a, ewkb.NDR)
	y, errY := ewkb.Marshal(b, ewkb.NDR)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
