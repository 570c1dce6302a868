// Package cql2 is the syntax tree of filters: that of the Common Query Language
// (OGC 21-065r2), with its encoding as JSON.
//
// It knows the comparison, logical, LIKE, BETWEEN, IN and IS NULL predicates,
// the functions CASEI and ACCENTI, and the spatial predicates. Some things are
// Arpent's own: a property may lead through references ("section.number": of
// the record that section refers to), the operator "related" asks for records
// of another layer that refer to this one, "s_dwithin" for those no further
// than some metres, and a shape may be that of features of a layer.
package cql2

import (
	"iter"
	"slices"

	"github.com/twpayne/go-geom"
)

// Expr is a node of a filter: an operator with its arguments, or an operand.
type Expr struct {
	Op   string // "" for an operand
	Args []Expr

	Property string // name of a property, "" for a literal
	Literal  any    // nil, string, float64, bool, Date or Timestamp
	List     []Expr // of operands: what IN looks in

	Geometry geom.T    // literal of a spatial predicate, in the CRS of its SRID; nil for none
	Features *Features // the shapes of these; nil for none
}

// Features are some of a layer, whose shapes a spatial predicate compares with:
// one of them has to meet it.
type Features struct {
	Layer string   `json:"layer"`
	IDs   []string `json:"ids"`
}

// Date is a literal day, as ISO 8601 writes it: 2026-01-31.
type Date string

// Timestamp is a literal moment, as RFC 3339 writes it.
type Timestamp string

// Related is the operator that asks for records of another layer: its first
// argument is the property "layer.field" by which they refer to this record,
// its second, which may be absent, what they must meet.
const Related = "related"

// Operators of shapes. The first argument is the property "geometry", the
// second a geometry or features; DWithin has a third, metres on the ground.
const (
	Disjoint = "s_disjoint"
	DWithin  = "s_dwithin"
)

var spatial = []string{"s_intersects", "s_equals", Disjoint, "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains", DWithin}

// IsSpatial reports whether a node compares shapes.
func (e Expr) IsSpatial() bool { return slices.Contains(spatial, e.Op) }

// arities are how many arguments an operator takes: at least and at most; 0 at
// most for any number.
var arities = map[string][2]int{
	"and": {1, 0}, "or": {1, 0}, "not": {1, 1},
	"=": {2, 2}, "<>": {2, 2}, "<": {2, 2}, "<=": {2, 2}, ">": {2, 2}, ">=": {2, 2},
	"like": {2, 2}, "between": {3, 3}, "in": {2, 2}, "isNull": {1, 1},
	"casei": {1, 1}, "accenti": {1, 1}, Related: {1, 2},
	"s_intersects": {2, 2}, "s_equals": {2, 2}, Disjoint: {2, 2}, "s_touches": {2, 2}, "s_within": {2, 2},
	"s_overlaps": {2, 2}, "s_crosses": {2, 2}, "s_contains": {2, 2}, DWithin: {3, 3},
}

// And is the filter that all of the given ones make together; nil ones ask for
// nothing.
func And(filters ...*Expr) *Expr {
	all := Expr{Op: "and"}
	for _, f := range filters {
		if f != nil {
			all.Args = append(all.Args, *f)
		}
	}
	switch len(all.Args) {
	case 0:
		return nil
	case 1:
		return &all.Args[0]
	}
	return &all
}

// IsPredicate reports whether a node is true or false of a record, rather than
// a value.
func (e Expr) IsPredicate() bool {
	return e.Op != "" && e.Op != "casei" && e.Op != "accenti"
}

// Operand is a property or literal under the functions that are applied to it.
func (e Expr) Operand() (operand Expr, casei, accenti bool) {
	for e.Op == "casei" || e.Op == "accenti" {
		casei, accenti = casei || e.Op == "casei", accenti || e.Op == "accenti"
		e = e.Args[0]
	}
	return e, casei, accenti
}

// All are the nodes of the filter, each before its arguments.
func (e Expr) All() iter.Seq[Expr] {
	return func(yield func(Expr) bool) { e.walk(yield) }
}

func (e Expr) walk(yield func(Expr) bool) bool {
	if !yield(e) {
		return false
	}
	for _, arg := range slices.Concat(e.Args, e.List) {
		if !arg.walk(yield) {
			return false
		}
	}
	return true
}
