// Package cql2 is the syntax tree of filters: that of the Common Query Language
// (OGC 21-065r2), with its encoding as JSON.
//
// It knows the comparison, logical, LIKE, BETWEEN, IN and IS NULL predicates
// and the functions CASEI and ACCENTI. Two things are Arpent's own: a property
// may lead through references ("section.number": of the record that section
// refers to), and the operator "related" asks for records of another layer that
// refer to this one.
package cql2

import (
	"iter"
	"slices"
)

// Expr is a node of a filter: an operator with its arguments, or an operand.
type Expr struct {
	Op   string // "" for an operand
	Args []Expr

	Property string // name of a property, "" for a literal
	Literal  any    // nil, string, float64, bool, Date or Timestamp
	List     []Expr // of operands: what IN looks in
}

// Date is a literal day, as ISO 8601 writes it: 2026-01-31.
type Date string

// Timestamp is a literal moment, as RFC 3339 writes it.
type Timestamp string

// Related is the operator that asks for records of another layer: its first
// argument is the property "layer.field" by which they refer to this record,
// its second, which may be absent, what they must meet.
const Related = "related"

// arities are how many arguments an operator takes: at least and at most; 0 at
// most for any number.
var arities = map[string][2]int{
	"and": {1, 0}, "or": {1, 0}, "not": {1, 1},
	"=": {2, 2}, "<>": {2, 2}, "<": {2, 2}, "<=": {2, 2}, ">": {2, 2}, ">=": {2, 2},
	"like": {2, 2}, "between": {3, 3}, "in": {2, 2}, "isNull": {1, 1},
	"casei": {1, 1}, "accenti": {1, 1}, Related: {1, 2},
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
