// Package network edits nodes and the edges between them: manholes and pipes,
// crossings and streets. Every end of an edge lies on a node, and every
// operation keeps it so: a node that moves takes the ends of its edges along, a
// node put on an edge divides it.
//
// Places are whole millimetres of package grid (metric CRS only), levels too;
// what came with more digits keeps them until it is moved. Edges of a network
// of nodes end on nodes that have names; those of a plain street layer
// ([Options.Implicit]) end where they end, and the places where ends meet are
// its nodes.
//
// An operation is a method of a [Network] that changes nothing: it answers a
// [Change] with each node and edge as it was and as it would be, and what part
// of which edge each has now, or a [Fault] that says what is in the way and
// where. [Network.Apply] makes a change and [Change.Inverse] takes it back to
// the very same coordinates.
package network
