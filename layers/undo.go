package layers

import (
	"context"
	"fmt"
	"slices"
)

// Caused is a change of history that some cause made: an import, a bulk edit.
type Caused struct {
	HistoryEntry
	Relation string // schema.table
	Feature  string
	Later    bool   // the feature was changed again since
	Version  string // of the feature now; "" when it is deleted
}

// UndoCause takes back everything that a cause did, an import say, as one new
// change. It refuses, and does nothing, where some of it was changed again
// since: the error names the first of these records.
func (s *Service) UndoCause(ctx context.Context, v Viewer, cause string) (*Result, error) {
	if v.Anonymous() {
		return nil, Errorf(Unauthorized, "sign in to undo changes")
	}
	if cause == "" {
		return nil, Errorf(Invalid, "cause: say what to undo, such as import 12")
	}
	catalog := s.Catalog()
	shown := func(relation string) *Layer { return layerOf(catalog, v, relation) }
	done, err := s.store.Caused(ctx, v.writing(), cause, shown)
	if err != nil {
		return nil, err
	}
	if len(done) == 0 {
		return nil, Errorf(NotFound, "history knows of no change that you may undo with the cause %q", cause)
	}
	edits := make([]Edit, 0, len(done))
	again := &Error{Kind: Conflict}
	for _, c := range slices.Backward(done) { // what was created last may refer to what was created first
		l := shown(c.Relation)
		if l == nil {
			return nil, Errorf(Conflict, "changes of table %s cannot be undone: no layer of yours shows it", c.Relation)
		}
		if c.Later {
			again.Faults = append(again.Faults, Fault{Location: l.ID + "/" + c.Feature, Message: "was changed again since"})
			continue
		}
		if e := c.reverse(l, v); e != nil {
			edits = append(edits, *e)
		}
	}
	if n := len(again.Faults); n > 0 {
		again.Detail = fmt.Sprintf("%d of the %d records were changed again since, the first is %s: undo these changes first", n, len(done), again.Faults[0].Location)
		again.Faults = again.Faults[:min(n, maxFaults)]
		return nil, again
	}
	return s.Transact(ctx, v, Transaction{Edits: edits, Cause: "undo " + cause})
}

// layerOf is the layer by which the changes of a table are undone: the one
// that shows the shape which history keeps.
func layerOf(c *Catalog, v Viewer, relation string) *Layer {
	var found *Layer
	for _, l := range c.OfTable(relation) {
		if v.May(Read, l, "") && (found == nil || l.Source.Geometry == l.Source.TableGeometry) {
			found = l
		}
	}
	return found
}

// reverse is the edit that takes a change back, nil when it changed nothing
// that can be given back.
func (c Caused) reverse(l *Layer, v Viewer) *Edit {
	p := &past{layer: l, id: c.Feature, viewer: v.writing()}
	switch c.Op {
	case "insert":
		return &Edit{Op: Delete, Layer: l.ID, ID: c.Feature, Version: c.Version}
	case "delete":
		return &Edit{Op: Revive, Layer: l.ID, ID: c.Feature, Collectivity: c.Collectivity, Change: c.ID}
	}
	e := p.differences(state{c.New, c.NewGeometry}, state{c.Old, c.OldGeometry})
	if e != nil {
		e.Version = c.Version
	}
	return e
}
