package layers

import (
	"encoding/json"
	"slices"
)

// Action is something that people do with the records of a layer.
type Action string

// The actions.
const (
	Read       Action = "read"
	CreateRows Action = "create"
	UpdateRows Action = "update"
	DeleteRows Action = "delete"
	Validate   Action = "validate"   // post something for good
	Print      Action = "print"      // letters, plans, labels
	Export     Action = "export"     // files out
	Import     Action = "import"     // files in
	Personal   Action = "personal"   // read personal data, with a reason
	Administer Action = "administer" // parameters, and in all layers: people and rights
)

// Actions are all actions, in the order in which people think of them.
var Actions = []Action{Read, CreateRows, UpdateRows, DeleteRows, Validate, Print, Export, Import, Personal, Administer}

// changes reports whether the action needs a layer that can be written.
func (a Action) changes() bool {
	switch a {
	case CreateRows, UpdateRows, DeleteRows, Validate, Import:
		return true
	}
	return false
}

// open reports whether anybody may do it in a public layer.
func (a Action) open() bool { return a == Read || a == Print || a == Export }

// Everywhere is the scope of grants that hold where nothing narrower is said.
const Everywhere = "*"

// Profile is what people with one task may do. Profiles are rows of the
// database; administrators make and change them.
type Profile struct {
	ID string `json:"id"`
	// Grants are what it may do by scope: Everywhere, an application, a layer.
	Grants map[string][]Action `json:"grants"`
	// Fields are those it does not see or may not change, by layer and field.
	Fields map[string]map[string]FieldAccess `json:"fields"`
}

// FieldAccess narrows what a profile may do with a field.
type FieldAccess string

// What a profile may be kept from.
const (
	Hidden   FieldAccess = "hidden"
	ReadOnly FieldAccess = "read-only"
)

// Actions are what the profile may do in a layer. The narrowest scope alone
// counts: the layer, then what its file says, the application, everywhere. The
// function arpent.actions says the same.
func (p *Profile) Actions(l *Layer) []Action {
	if actions, ok := p.Grants[l.ID]; ok {
		return actions
	}
	if names, ok := l.Rights[p.ID]; ok {
		actions := make([]Action, len(names))
		for i, name := range names {
			actions[i] = Action(name)
		}
		return actions
	}
	if actions, ok := p.Grants[l.Application.ID]; ok {
		return actions
	}
	return p.Grants[Everywhere]
}

// May reports whether the profile may do something in a layer.
func (p *Profile) May(a Action, l *Layer) bool { return slices.Contains(p.Actions(l), a) }

// sees reports whether the profile sees a field of a layer that it may read,
// given a reason or not.
func (p *Profile) sees(l *Layer, f *Field, reason bool) bool {
	if p.Fields[l.ID][f.Name] == Hidden {
		return false
	}
	return !f.Personal || reason && p.May(Personal, l)
}

// signature is the same for profiles that allow the same.
func (p *Profile) signature() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // it holds only texts
	}
	return string(text)
}
