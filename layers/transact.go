package layers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Transact does all edits of t or none. It is the one write path of the
// server: rights, properties, geometry and versions are checked here,
// whoever sends the edits. On return this process has heard of the changes.
func (s *Service) Transact(ctx context.Context, v Viewer, t Transaction) (*Result, error) {
	p := &pending{catalog: s.Catalog(), viewer: v, result: &Result{Edits: make([]EditResult, len(t.Edits))}}
	p.prepare(t.Edits)
	if err := p.err(); err != nil {
		return nil, err
	}
	err := s.store.Write(ctx, v, t.Cause, func(w Writer) error {
		if err := p.write(ctx, w); err != nil {
			return err
		}
		if err := p.checkRules(ctx, w); err != nil {
			return err
		}
		if t.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		return p.result, nil
	}
	if err != nil {
		return nil, err
	}
	// The edits are stored whatever becomes of the request now.
	if err := s.synced(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("the edits are saved, but hearing of them failed: %w", err)
	}
	return p.result, nil
}

var errDryRun = errors.New("dry run")

// pending is a transaction on its way.
type pending struct {
	catalog *Catalog
	viewer  Viewer
	edits   []step
	result  *Result
	faults  []Fault
	denied  *Error // a right that is missing; told before any fault
	// keepSame leaves features alone that an update would leave as they are.
	keepSame bool
}

// step is an edit with its layer and its place in the transaction.
type step struct {
	*Edit
	index int
	layer *Layer
}

func (p *pending) fault(at, where, message string, value any) {
	p.faults = append(p.faults, Fault{Location: join(at, where), Message: message, Value: value})
}

func join(at, where string) string {
	if at == "" || where == "" {
		return at + where
	}
	return at + "." + where
}

// err is what the checks have found so far.
func (p *pending) err() error {
	if p.denied != nil {
		return p.denied
	}
	if len(p.faults) == 0 {
		return nil
	}
	detail := p.faults[0].Location + ": " + p.faults[0].Message
	if n := len(p.faults); n > 1 {
		detail += fmt.Sprintf(" (and %d more)", n-1)
	}
	return &Error{Kind: Invalid, Detail: detail, Faults: p.faults[:min(len(p.faults), maxFaults)]}
}

// maxFaults is how many faults of a transaction are told.
const maxFaults = 100

// prepare checks all that needs no database. Edits are copied: the caller's
// stay as they are.
func (p *pending) prepare(edits []Edit) {
	for i := range edits {
		e := edits[i]
		l, err := p.catalog.Get(p.viewer, e.Layer)
		if err != nil {
			var problem *Error
			if errors.As(err, &problem) && p.denied == nil {
				p.denied = problem
			}
			continue
		}
		p.prepareEdit(step{&e, i, l})
	}
}

func (p *pending) prepareEdit(s step) {
	e, l := s.Edit, s.layer
	if l.Source.ReadOnly {
		p.deny(Errorf(Forbidden, "layer %s is read-only", l.ID))
		return
	}
	switch {
	case e.Op == Create && e.ID != "" && !l.Source.IDGiven && l.Field(l.Source.ID) == nil:
		p.fault(e.At, "id", "identifiers of this layer are given by the server: leave it out", e.ID)
	case e.Op == Create:
	case e.Op == Update || e.Op == Replace || e.Op == Delete || e.Op == Upsert || e.Op == Revive:
		if e.ID == "" {
			p.fault(e.At, "id", "an identifier is needed", nil)
		}
	default:
		p.fault(e.At, "op", "is no operation: create, update, replace, delete", string(e.Op))
		return
	}
	if e.Op == Create || e.Op == Upsert || e.Op == Revive {
		p.chooseCollectivity(e, l)
	} else if !p.viewer.May(e.action(), l, "") {
		p.deny(p.missingRight(e.action(), l, ""))
	} else if to, ok := e.Properties[fieldNameOf(l, l.Source.Collectivity)].(string); ok && !p.viewer.May(CreateRows, l, to) {
		p.deny(p.missingRight(CreateRows, l, to)) // gives the feature away to where one may not write
	}
	if e.Op == Create {
		e.Properties = l.withDefaults(p.viewer, e.Properties)
	}
	if e.Op != Delete && e.Op != Revive {
		if id := l.Field(l.Source.ID); id != nil && e.Op != Update {
			p.identify(e, id)
		}
		p.prepareReferences(s)
		for _, f := range l.CheckProperties(p.viewer, e.Properties, e.Op == Update) {
			p.faults = append(p.faults, Fault{join(e.At, f.Location), f.Message, f.Value})
		}
	}
	if e.Geometry != nil {
		g, err := l.Fit(e.Geometry)
		if err != nil {
			p.fault(e.At, "geometry", err.Error(), nil)
		}
		e.Geometry = Clone(g)
	}
	p.edits = append(p.edits, s)
}

// withDefaults adds the fixed values of fields that a new feature does not give.
func (l *Layer) withDefaults(v Viewer, properties map[string]any) map[string]any {
	var all map[string]any
	for i := range l.Fields {
		f := &l.Fields[i]
		if _, given := properties[f.Name]; given || f.Default == nil || !v.MayChange(l, f, "") {
			continue
		}
		if all == nil {
			all = maps.Clone(properties)
		}
		if all == nil {
			all = map[string]any{}
		}
		all[f.Name] = f.Default
	}
	if all == nil {
		return properties
	}
	return all
}

// prepareReferences checks the references to features that earlier edits
// create. Until these are created, a value that fits the field stands for them.
func (p *pending) prepareReferences(s step) {
	if len(s.Refer) == 0 {
		return
	}
	properties := maps.Clone(s.Properties)
	if properties == nil {
		properties = map[string]any{}
	}
	for name, index := range s.Refer {
		f := s.layer.Field(name)
		earlier := slices.IndexFunc(p.edits, func(e step) bool { return e.index == index })
		switch {
		case f == nil || f.Reference == nil:
			p.fault(s.At, "refer."+name, "is no field that refers to another record", nil)
		case earlier < 0 || p.edits[earlier].Op != Create || p.edits[earlier].layer.ID != f.Reference.Layer:
			p.fault(s.At, "refer."+name, fmt.Sprintf("edit %d does not come before this one and create a feature of layer %s", index, f.Reference.Layer), index)
		case f.Type == "integer":
			properties[name] = 0
		default:
			properties[name] = "0"
		}
	}
	s.Properties = properties
}

// refer fills the references to features that earlier edits have created.
func (p *pending) refer(run []step) error {
	for _, s := range run {
		for name, index := range s.Refer {
			id := p.result.Edits[index].ID
			if id == "" {
				p.fault(s.At, "refer."+name, "the two edits are of one layer: a record cannot refer to one that is created with it", index)
				return p.err()
			}
			s.Properties[name] = id
			if s.layer.Field(name).Type == "integer" {
				n, err := strconv.ParseInt(id, 10, 64)
				if err != nil {
					return fmt.Errorf("identifier %q of layer %s is no number: %w", id, s.layer.Field(name).Reference.Layer, err)
				}
				s.Properties[name] = n
			}
		}
	}
	return nil
}

// identify lets the identifier stand as well in the properties, where the
// layer shows it as a field.
func (p *pending) identify(e *Edit, f *Field) {
	given, ok := e.Properties[f.Name]
	switch {
	case ok && e.ID == "":
		e.ID = textOf(given)
	case ok && textOf(given) != e.ID:
		p.fault(e.At, "properties."+f.Name, fmt.Sprintf("differs from the identifier %q of the feature", e.ID), given)
	case !ok && e.ID != "":
		properties := map[string]any{f.Name: e.ID}
		for k, v := range e.Properties {
			properties[k] = v
		}
		e.Properties = properties
	}
}

func (p *pending) deny(e *Error) {
	if p.denied == nil {
		p.denied = e
	}
}

// chooseCollectivity finds the owner of a new feature and the right to create
// it there.
func (p *pending) chooseCollectivity(e *Edit, l *Layer) {
	if l.Source.Collectivity != "" && e.Collectivity == "" {
		if owner, ok := e.Properties[fieldNameOf(l, l.Source.Collectivity)].(string); ok {
			e.Collectivity = owner
		} else if only := p.viewer.createsOnlyIn(l); only != "" {
			e.Collectivity = only
		} else if p.viewer.Admin {
			p.fault(e.At, "collectivity", "say which collectivity owns the feature", nil)
			return
		}
	}
	if !p.viewer.May(CreateRows, l, e.Collectivity) {
		p.deny(p.missingRight(CreateRows, l, e.Collectivity))
	}
	p.checkFields(e, l, e.Collectivity)
}

// checkFields refuses values of fields that the viewer may not change in the
// rows of the collectivity. Those that it may change in none are found before.
func (p *pending) checkFields(e *Edit, l *Layer, collectivity string) {
	for name := range e.Properties {
		if f := l.Field(name); f != nil && p.viewer.MayChange(l, f, "") && !p.viewer.MayChange(l, f, collectivity) {
			p.fault(e.At, "properties."+name, "is read-only in collectivity "+collectivity+": leave it out", nil)
		}
	}
}

func fieldNameOf(l *Layer, column string) string {
	for _, f := range l.Fields {
		if f.Column == column {
			return f.Name
		}
	}
	return ""
}

// createsOnlyIn is the one collectivity in which the viewer may create rows of
// the layer, "" when there are none or several.
func (v Viewer) createsOnlyIn(l *Layer) string {
	if codes, _ := v.MayIn(CreateRows, l); len(codes) == 1 {
		return codes[0]
	}
	return ""
}

// missingRight says which right is missing. It may have been there when the
// form was opened.
func (p *pending) missingRight(a Action, l *Layer, collectivity string) *Error {
	if p.viewer.Anonymous() {
		return Errorf(Unauthorized, "sign in to edit layer %s", l.ID)
	}
	of := ""
	if collectivity != "" {
		of = " of collectivity " + collectivity
	}
	return Errorf(Forbidden, "you have no right, or no longer the right, to %s records of layer %s%s: nothing was saved; ask an administrator", a, l.ID, of)
}

// action is the right that an edit of a stored row needs.
func (e *Edit) action() Action {
	if e.Op == Delete {
		return DeleteRows
	}
	return UpdateRows
}

// write does the edits in order; runs of edits of one layer and operation go
// to the database together.
func (p *pending) write(ctx context.Context, w Writer) error {
	for rest := p.edits; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].layer == rest[0].layer && rest[n].Op == rest[0].Op {
			n++
		}
		if err := p.writeRun(ctx, w, rest[:n]); err != nil {
			return p.locate(err, rest[:n])
		}
		rest = rest[n:]
	}
	return nil
}

// checkRules checks the rules of the layers on the rows as they are now, when
// all edits are done.
func (p *pending) checkRules(ctx context.Context, w Writer) error {
	type row struct{ layer, id string }
	at := map[row]string{}
	ids := map[*Layer][]string{}
	var order []*Layer
	for _, s := range p.edits {
		result := p.result.Edits[s.index]
		if s.Op == Delete || result.Unchanged {
			continue
		}
		if ids[s.layer] == nil {
			order = append(order, s.layer)
		}
		ids[s.layer] = append(ids[s.layer], result.ID)
		at[row{s.layer.ID, result.ID}] = s.At
	}
	for _, l := range order {
		breaches, err := w.CheckRules(ctx, p.viewer.writing(), l, ids[l], maxFaults)
		if err != nil {
			return err
		}
		for _, b := range breaches {
			f := b.fault(p.viewer)
			p.fault(at[row{l.ID, b.ID}], f.Location, f.Message, nil)
		}
	}
	return p.err()
}

// locate names the edit of which the database complained, where it can be told.
func (p *pending) locate(err error, run []step) error {
	problem, ok := errors.AsType[*Error](err)
	if !ok || len(run) != 1 || len(problem.Faults) == 0 || run[0].At == "" || strings.HasPrefix(problem.Faults[0].Location, run[0].At) {
		return err
	}
	for i := range problem.Faults {
		problem.Faults[i].Location = join(run[0].At, problem.Faults[i].Location)
	}
	return problem
}

func (p *pending) writeRun(ctx context.Context, w Writer, run []step) error {
	l, op := run[0].layer, run[0].Op
	if op == Revive {
		for _, s := range run {
			result, err := w.Revive(ctx, l, s.Edit)
			if err != nil {
				return err
			}
			p.result.Edits[s.index] = result
		}
		return nil
	}
	if err := p.refer(run); err != nil {
		return err
	}
	if op != Delete {
		if err := p.shape(ctx, w, l, run); err != nil {
			return err
		}
	}
	if op == Create {
		return p.insert(ctx, w, l, run)
	}
	current, err := p.lock(ctx, w, l, run)
	if err != nil {
		return err
	}
	switch op {
	case Delete:
		return p.delete(ctx, w, l, run)
	case Upsert:
		var absent, changed []step
		for _, s := range run {
			f := current[s.ID]
			switch {
			case f == nil:
				absent = append(absent, s)
			case sameAs(f, s.Edit):
				p.result.Edits[s.index] = EditResult{Layer: l.ID, ID: s.ID, Version: f.Version, Unchanged: true}
			default:
				changed = append(changed, s)
			}
		}
		if err := p.update(ctx, w, l, changed); err != nil {
			return err
		}
		return p.insert(ctx, w, l, absent)
	case Replace:
		for _, s := range run {
			complete(l, p.viewer, s.Edit)
		}
	}
	if p.keepSame {
		run = slices.DeleteFunc(slices.Clone(run), func(s step) bool {
			same := sameAs(current[s.ID], s.Edit)
			if same {
				p.result.Edits[s.index] = EditResult{Layer: l.ID, ID: s.ID, Version: current[s.ID].Version, Unchanged: true}
			}
			return same
		})
	}
	return p.update(ctx, w, l, run)
}

// shape brings geometries to the layer's CRS and grid and collects faults.
func (p *pending) shape(ctx context.Context, w Writer, l *Layer, run []step) error {
	faults, err := w.Shapes(ctx, l, editsOf(run))
	if err != nil {
		return err
	}
	for i, s := range run {
		if message, ok := faults[i]; ok {
			p.fault(s.At, "geometry", message, nil)
		}
	}
	return p.err()
}

func (p *pending) insert(ctx context.Context, w Writer, l *Layer, run []step) error {
	if len(run) == 0 {
		return nil
	}
	results, err := w.Insert(ctx, l, editsOf(run))
	if err != nil {
		return err
	}
	if len(results) != len(run) {
		return fmt.Errorf("inserting into layer %s: %d rows went in, %d came back", l.ID, len(run), len(results))
	}
	for i, s := range run {
		p.result.Edits[s.index] = results[i]
	}
	return nil
}

func (p *pending) update(ctx context.Context, w Writer, l *Layer, run []step) error {
	if len(run) == 0 {
		return nil
	}
	results, err := w.Update(ctx, l, editsOf(run))
	if err != nil {
		return err
	}
	if len(results) != len(run) {
		return fmt.Errorf("updating layer %s: %d rows were to change, %d did", l.ID, len(run), len(results))
	}
	for i, s := range run {
		p.result.Edits[s.index] = results[i]
	}
	return nil
}

func (p *pending) delete(ctx context.Context, w Writer, l *Layer, run []step) error {
	ids := make([]string, len(run))
	for i, s := range run {
		ids[i] = s.ID
		p.result.Edits[s.index] = EditResult{Layer: l.ID, ID: s.ID}
	}
	return w.Delete(ctx, l, ids)
}

// lock reads the rows of the run, checks rights on them, that they exist and
// that nobody changed them since the versions the edits are based on.
func (p *pending) lock(ctx context.Context, w Writer, l *Layer, run []step) (map[string]*Feature, error) {
	ids := make([]string, len(run))
	seen := make(map[string]bool, len(run))
	for i, s := range run {
		if seen[s.ID] {
			p.fault(s.At, "id", "is edited twice in one transaction: join the two edits", s.ID)
		}
		ids[i], seen[s.ID] = s.ID, true
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	current, err := w.Lock(ctx, l, ids)
	if err != nil {
		return nil, err
	}
	stale := &Error{Kind: Stale, Detail: "somebody changed this since you read it: look at what is stored now and decide"}
	for _, s := range run {
		f := current[s.ID]
		switch {
		case f == nil && s.Op == Upsert:
		case f == nil && s.Version != "":
			stale.Conflicts = append(stale.Conflicts, StaleFeature{Change: s.index, Layer: l.ID, ID: s.ID})
		case f == nil:
			return nil, p.missing(ctx, w, l, s)
		case !p.viewer.May(s.action(), l, f.Collectivity):
			return nil, p.missingRight(s.action(), l, f.Collectivity)
		case s.Version != "" && s.Version != f.Version:
			stale.Conflicts = append(stale.Conflicts, StaleFeature{Change: s.index, Layer: l.ID, ID: s.ID, Current: f})
		}
	}
	if len(stale.Conflicts) > 0 {
		return nil, stale
	}
	for _, s := range run {
		if f := current[s.ID]; f != nil && s.Op != Delete {
			p.checkFields(s.Edit, l, f.Collectivity)
		}
	}
	return current, p.err()
}

// missing tells a feature that does not exist from one that the viewer may
// not write.
func (p *pending) missing(ctx context.Context, w Writer, l *Layer, s step) error {
	exists, err := w.Exists(ctx, l, s.ID)
	if err != nil {
		return err
	}
	if exists {
		return p.missingRight(s.action(), l, "")
	}
	return Errorf(NotFound, "there is no feature %q in layer %s", s.ID, l.ID)
}

// complete gives a replacement every property, so that those left out become
// null. What the viewer may not write stays.
func complete(l *Layer, v Viewer, e *Edit) {
	properties := make(map[string]any, len(l.Fields))
	for i := range l.Fields {
		f := &l.Fields[i]
		value, given := e.Properties[f.Name]
		if given || v.MayChange(l, f, "") && v.MaySee(l, f) && !(f.NotNull || f.HasDefault) && f.Column != l.Source.ID && f.Column != l.Source.Collectivity {
			properties[f.Name] = value
		}
	}
	e.Properties = properties
	e.ClearGeometry = e.Geometry == nil
}

// sameAs reports whether the edit would leave the feature as it is.
func sameAs(f *Feature, e *Edit) bool {
	for name, value := range e.Properties {
		if !equalValues(f.Properties[name], value) {
			return false
		}
	}
	if e.Geometry == nil {
		return !e.ClearGeometry || f.Geometry == nil
	}
	return sameShape(f.Geometry, e.Geometry)
}

func equalValues(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	na, aIsNumber := number(a)
	nb, bIsNumber := number(b)
	if aIsNumber && bIsNumber {
		return na == nb
	}
	return reflect.DeepEqual(a, b)
}

func number(v any) (float64, bool) {
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}

func editsOf(run []step) []*Edit {
	edits := make([]*Edit, len(run))
	for i, s := range run {
		edits[i] = s.Edit
	}
	return edits
}
