package layers

import (
	"context"
	"slices"
)

// Draft is a record while it is being filled in.
type Draft struct {
	ID         string // "" for a new one
	Properties map[string]any
}

// Evaluation is what the expressions of a form say of a draft.
type Evaluation struct {
	Values   map[string]any      // of computed fields
	Initial  map[string]any      // first values of a new record, for fields that have none
	Hidden   []string            // fields that are not asked
	Required []string            // fields that are required here, besides those that always are
	Choices  map[string][]string // by field with dependent choices: those that may be chosen
	Broken   []*Rule             // rules that the draft breaks
	Faults   []Fault             // the same in the language of the viewer, with what breaks the schema
}

// Breach is a row that breaks a rule of its layer: one of the file, or one
// that follows from a field.
type Breach struct {
	ID      string
	Rule    *Rule
	Field   *Field
	Message string // of a field
}

// Evaluate reads the expressions of a layer over a draft. Values that do not
// fit their field are told in Faults and left out.
func (s *Service) Evaluate(ctx context.Context, v Viewer, layer string, d Draft) (*Evaluation, error) {
	l, err := s.Catalog().Get(v, layer)
	if err != nil {
		return nil, err
	}
	if v.Anonymous() {
		return nil, Errorf(Unauthorized, "sign in to fill in a form of layer %s", l.ID)
	}
	given := map[string]any{}
	for name, value := range d.Properties {
		if f := l.Field(name); f != nil && (v.MaySee(l, f) || v.MayChange(l, f, "")) && f.Compute == nil {
			given[name] = value
		}
	}
	faults := l.CheckProperties(v, l.writable(v, given), true)
	for _, f := range faults {
		delete(given, f.Location[len("properties."):])
	}
	d.Properties = given
	e, err := s.store.Evaluate(ctx, v, l, d)
	if err != nil {
		return nil, err
	}
	if fields := slices.DeleteFunc(v.personalFields(l), func(name string) bool { return e.Values[name] == nil }); len(fields) > 0 {
		if err := s.note(ctx, []PersonalRead{s.personalRead(v, l, "", []string{d.ID}, fields)}); err != nil {
			return nil, err
		}
	}
	e.Faults = faults
	for _, rule := range e.Broken {
		e.Faults = append(e.Faults, rule.fault(v))
	}
	return e, nil
}

// writable leaves out what the viewer may not write.
func (l *Layer) writable(v Viewer, properties map[string]any) map[string]any {
	out := make(map[string]any, len(properties))
	for name, value := range properties {
		if f := l.Field(name); f != nil && v.MayChange(l, f, "") {
			out[name] = value
		}
	}
	return out
}

// fault says that a rule is broken.
func (r *Rule) fault(v Viewer) Fault {
	message := r.Message.In(v.Language)
	if message == "" {
		message = "another record has the same values: they must differ"
	}
	at := "properties"
	if name := r.at(); name != "" {
		at += "." + name
	}
	return Fault{Location: at, Message: message}
}

// at is the field at which the form shows that the rule is broken.
func (r *Rule) at() string {
	switch {
	case r.Field != "":
		return r.Field
	case len(r.Unique) > 0:
		return r.Unique[len(r.Unique)-1]
	case r.Check != nil:
		if fields := r.Check.Fields(); len(fields) == 1 {
			return fields[0]
		}
	}
	return ""
}

func (b Breach) fault(v Viewer) Fault {
	if b.Rule != nil {
		return b.Rule.fault(v)
	}
	return Fault{Location: "properties." + b.Field.Name, Message: b.Message}
}

// Dependent reports whether the choices of the field depend on others.
func (f *Field) Dependent() bool {
	return slices.ContainsFunc(f.Enum, func(c Choice) bool { return c.When != nil })
}
