package working

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// Kind is what an operation does. What it takes stands with the operations of
// each model: coverage_operations.go, network_operations.go, free_operations.go.
type Kind string

// Operations of every model.
const (
	// Describe gives new features of Layer, IDs, some Properties.
	Describe Kind = "describe"
	// Regain is how a conflict is settled in favour of the set: the first of IDs
	// has the first of Shapes again, that with which the set began.
	Regain Kind = "regain"
)

// Position is east and north, and a level in metres where there is one.
type Position []float64

// At is the position of a point.
func At(p orb.Point) Position { return Position{p[0], p[1]} }

func (p Position) point() orb.Point { return orb.Point{p[0], p[1]} }

// Positions are those of a line.
func Positions[L ~[]orb.Point](line L) []Position {
	all := make([]Position, len(line))
	for i, p := range line {
		all[i] = At(p)
	}
	return all
}

// Operation is what a person asks for. Coordinates are in the CRS of the layer
// once the service has brought them there.
type Operation struct {
	Kind   Kind             `json:"kind"`
	Layer  string           `json:"layer,omitempty"` // of IDs; the one that is edited when empty, of a network its edges
	IDs    []string         `json:"ids,omitempty"`
	Line   []Position       `json:"line,omitempty"`
	From   []Position       `json:"from,omitempty"`
	To     []Position       `json:"to,omitempty"`
	Region orb.MultiPolygon `json:"region,omitempty"`
	Shapes []geom.T         `json:"-"`                // that are put, or put in the place of others
	Areas  []float64        `json:"areas,omitempty"`  // m²
	Width  float64          `json:"width,omitempty"`  // m
	Prefer float64          `json:"prefer,omitempty"` // m
	Angle  float64          `json:"angle,omitempty"`  // degrees, anticlockwise
	Factor float64          `json:"factor,omitempty"`
	// Corners of a buffer and an offset; round when empty.
	Corners layers.Corners `json:"corners,omitempty"`
	Over    bool           `json:"over,omitempty"`
	Slivers bool           `json:"slivers,omitempty"` // they go with what is drawn
	Heal    bool           `json:"heal,omitempty"`    // what is left on both sides becomes one
	Copy    bool           `json:"copy,omitempty"`    // what is made is new, and those it is made of stay
	Planar  bool           `json:"planar,omitempty"`  // areas and widths are those of the plane of the layer, not on the ground
	// Properties of what is new.
	Properties map[string]any `json:"properties,omitempty"`
}

// bounds of what one operation takes.
const (
	maxPoints = 100_000
	maxNamed  = 2_000
	closeBy   = 5 // m around what is edited
	maxAtHand = 20_000
	farAway   = 10_000 // m around the layer in which something may be drawn
)

// form is what an operation cannot do without, by the name of its field, and
// what else is wrong with one: the field and what to change.
type form struct {
	needs []string
	wrong func(op *Operation) (field, what string)
}

// places are all coordinates, for projection in place: x, y and what follows.
func (op *Operation) places() [][]float64 {
	var all [][]float64
	for _, list := range [][]Position{op.Line, op.From, op.To} {
		for i := range list {
			all = append(all, list[i])
		}
	}
	for _, polygon := range op.Region {
		for _, ring := range polygon {
			for i := range ring {
				all = append(all, ring[i][:])
			}
		}
	}
	for _, shape := range op.Shapes {
		all = append(all, placesOf(shape)...)
	}
	return all
}

// clone copies the operation, coordinates included.
func (op Operation) clone() Operation {
	copied := func(list []Position) []Position {
		all := make([]Position, len(list))
		for i := range list {
			all[i] = slices.Clone(list[i])
		}
		return all
	}
	op.IDs, op.Line, op.From, op.To = slices.Clone(op.IDs), copied(op.Line), copied(op.From), copied(op.To)
	op.Region, op.Areas, op.Shapes = op.Region.Clone(), slices.Clone(op.Areas), slices.Clone(op.Shapes)
	for i := range op.Shapes {
		op.Shapes[i] = layers.Clone(op.Shapes[i])
	}
	return op
}

// Lacking is the error that a field of an operation is not as it should be.
func Lacking(field, what string) error {
	return &layers.Error{Kind: layers.Invalid, Detail: field + ": " + what, Faults: []layers.Fault{{Location: "body.operation." + field, Message: what}}}
}

// check finds what is missing.
func (op *Operation) check(f form) error {
	given := map[string]int{"ids": len(op.IDs), "line": len(op.Line), "from": len(op.From), "to": len(op.To), "region": len(op.Region), "shapes": len(op.Shapes), "properties": len(op.Properties)}
	for _, need := range f.needs {
		if given[need] == 0 {
			return Lacking(need, "is needed for "+string(op.Kind))
		}
	}
	if f.wrong != nil {
		if field, what := f.wrong(op); field != "" {
			return Lacking(field, what)
		}
	}
	for name, list := range map[string][]Position{"line": op.Line, "from": op.From, "to": op.To} {
		if slices.ContainsFunc(list, func(p Position) bool { return len(p) != 2 && len(p) != 3 }) {
			return Lacking(name, "has a position that is not of two or three numbers")
		}
	}
	places := op.places()
	for _, p := range places {
		if slices.ContainsFunc(p, func(n float64) bool { return n-n != 0 }) {
			return Lacking("line", "has a coordinate that is no number")
		}
	}
	for name, n := range map[string]float64{"width": op.Width, "prefer": op.Prefer, "angle": op.Angle, "factor": op.Factor} {
		if math.IsNaN(n) || math.IsInf(n, 0) || math.Abs(n) > 1e6 {
			return Lacking(name, "is no number that can be computed with")
		}
	}
	if len(op.IDs) > maxNamed || len(op.Shapes) > maxNamed {
		return Lacking("ids", "are more than 2,000: do it in parts")
	}
	return nil
}

// refs are the features that the operation names.
func (op *Operation) refs() []Ref {
	all := make([]Ref, len(op.IDs))
	for i, id := range op.IDs {
		all[i] = Ref{op.Layer, id}
	}
	return all
}

// drawn is the extent of what is drawn; false for nothing.
func (op *Operation) drawn() (orb.Bound, bool) { return boundAround(op.places()) }
