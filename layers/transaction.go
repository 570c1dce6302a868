package layers

import "github.com/twpayne/go-geom"

// Transaction is a list of edits over one or several layers that are done
// whole or not at all.
type Transaction struct {
	Edits []Edit
	// Cause says in history why: "import 12", "undo 345". Empty for an edit by hand.
	Cause string
	// DryRun checks everything, then undoes it.
	DryRun bool
}

// Op is what an edit does.
type Op string

// The operations.
const (
	Create  Op = "create"
	Update  Op = "update"  // the properties that are given; the others stay
	Replace Op = "replace" // the whole feature; properties that are not given become null or their default
	Delete  Op = "delete"
	Upsert  Op = "upsert" // create, or update where something differs; for imports, needs an ID
	Revive  Op = "revive" // give a deleted feature its row again, as history has it under Change
)

// Edit creates, changes or deletes one feature.
type Edit struct {
	Op    Op
	Layer string
	ID    string // on Create empty unless the layer's identifiers are given by the client
	// Version is what the edit is based on; "" overwrites whatever is there.
	Version      string
	Collectivity string // owner of a new feature; may be empty for a viewer who writes in one only
	Properties   map[string]any
	Geometry     geom.T // its SRID says its CRS; 0 means the layer's own. nil leaves the geometry as it is
	// Change is the deletion in history that a Revive takes back.
	Change int64
	// ClearGeometry sets the geometry to null.
	ClearGeometry bool
	// Refer gives fields the identifier of a feature that an earlier edit of the
	// transaction creates: by field, the index of that edit. So that a record and
	// what belongs to it are created at once.
	Refer map[string]int
	// At names the edit in faults, such as "changes[0]"; filled by Transact when empty.
	At string
}

// Result tells what became of each edit, in order.
type Result struct {
	Edits []EditResult
}

// EditResult is one feature after its edit.
type EditResult struct {
	Layer, ID, Version string
	Created            bool
	Unchanged          bool // an Upsert that found everything as it should be
}
