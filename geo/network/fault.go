package network

import (
	"fmt"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// ID names a node or an edge, as its layer does.
type ID string

// Kind is what is wrong.
type Kind string

// What a network may suffer from, and why an operation cannot be done.
const (
	Loose         Kind = "loose"          // an edge ends on no node
	Mismatch      Kind = "mismatch"       // an end was beside its node, within the tolerance
	Lonely        Kind = "lonely"         // a node at which no edge ends
	DuplicateNode Kind = "duplicate-node" // two nodes within the tolerance
	Unsplit       Kind = "unsplit"        // an edge goes on through a node
	ZeroLength    Kind = "zero-length"    // an edge without length
	Crossing      Kind = "crossing"       // edges cross at one level without a node
	Crossed       Kind = "crossed"        // an edge crosses itself
	Loop          Kind = "loop"           // from a node to itself, and surrounds nothing
	Doubled       Kind = "doubled"        // two edges run the same way

	Unknown   Kind = "unknown"    // there is no such node or edge
	NotFinite Kind = "not-finite" // a coordinate is not a number
	TooFar    Kind = "too-far"    // beyond the extent that a network may have
	TooFew    Kind = "too-few"    // fewer vertices or edges than it takes
	Missed    Kind = "missed"     // no node, vertex or edge is there
	HasVertex Kind = "vertex"     // there is a vertex already
	Degree    Kind = "degree"     // not two edges end at the node
	Taken     Kind = "taken"      // the name, or the place, is that of another
	Unchanged Kind = "unchanged"  // all is so already
	Stale     Kind = "stale"      // it has changed since
)

// Fault says what is wrong, where and with what.
type Fault struct {
	Kind     Kind
	Where    orb.Point // in metres
	Nodes    []ID
	Edges    []ID
	Distance float64 // in metres, between what should be together
}

func (f *Fault) Error() string {
	return fmt.Sprintf("network: %s at %.3f %.3f %v %v", f.Kind, f.Where[0], f.Where[1], f.Nodes, f.Edges)
}

// Is lets errors.Is ask for a kind of fault.
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && other.Kind == f.Kind && other.Nodes == nil && other.Edges == nil
}

func fault(kind Kind, where grid.Point, edges ...ID) *Fault {
	return &Fault{Kind: kind, Where: where.Orb(), Edges: edges}
}
