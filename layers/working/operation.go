package working

import (
	"errors"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/geo/grid"
	"arpent/layers"
)

// Kind is what an operation does.
type Kind string

// The operations; see package coverage.
const (
	Split         Kind = "split"          // IDs (all that it crosses when empty) by Line
	SplitByAreas  Kind = "split-by-areas" // the first of IDs, by Areas, parallel to Line of two points
	Merge         Kind = "merge"          // IDs; the first keeps its name
	Reshape       Kind = "reshape"        // the first of IDs, by Line
	Move          Kind = "move"           // the vertices of From to those of To
	InsertVertex  Kind = "insert-vertex"  // on the border within Width of the first of To, where it is put
	RemoveVertex  Kind = "remove-vertex"  // the first of From
	CutRoad       Kind = "cut-road"       // Width along Line, out of IDs (all when empty)
	Draw          Kind = "draw"           // Region becomes a polygon, where it is free; over others too with Over
	CutHole       Kind = "cut-hole"       // Region out of IDs, for nobody
	FillGap       Kind = "fill-gap"       // around the first of To; to the first of IDs
	AssignOverlap Kind = "assign-overlap" // around the first of To; to the first of IDs
)

// Regain is how a conflict is settled in favour of the set: the first of IDs has
// the land of Region again, whoever has it now; who has nothing left goes.
const Regain Kind = "regain"

// Operation is what a person asks for. Coordinates are in the CRS of the layer
// once the service has brought them there.
type Operation struct {
	Kind    Kind             `json:"kind"`
	IDs     []coverage.ID    `json:"ids,omitempty"`
	Line    orb.LineString   `json:"line,omitempty"`
	From    []orb.Point      `json:"from,omitempty"`
	To      []orb.Point      `json:"to,omitempty"`
	Region  orb.MultiPolygon `json:"region,omitempty"`
	Areas   []float64        `json:"areas,omitempty"` // m²
	Width   float64          `json:"width,omitempty"` // m
	Over    bool             `json:"over,omitempty"`
	Slivers bool             `json:"slivers,omitempty"` // they go with what is drawn
	Planar  bool             `json:"planar,omitempty"`  // areas and widths are those of the plane of the layer, not on the ground
}

// bounds of what one operation takes.
const (
	maxPoints  = 100_000
	maxNamed   = 2_000
	farGap     = 500 // m around a gap or overlap that is looked at
	closeBy    = 5   // m around what is edited
	maxAtHand  = 20_000
	farAway    = 10_000 // m around the layer in which something may be drawn
	newPolygon = coverage.ID("new")
)

// points are pointers to all coordinates, for projection in place.
func (op *Operation) points() []*orb.Point {
	var all []*orb.Point
	for _, list := range [][]orb.Point{op.Line, op.From, op.To} {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	for _, polygon := range op.Region {
		for _, ring := range polygon {
			for i := range ring {
				all = append(all, &ring[i])
			}
		}
	}
	return all
}

// clone copies the operation, coordinates included.
func (op Operation) clone() Operation {
	op.IDs, op.Line = slices.Clone(op.IDs), slices.Clone(op.Line)
	op.From, op.To = slices.Clone(op.From), slices.Clone(op.To)
	op.Region, op.Areas = op.Region.Clone(), slices.Clone(op.Areas)
	return op
}

// check finds what is missing.
func (op *Operation) check() error {
	lacks := func(field, what string) error {
		return &layers.Error{Kind: layers.Invalid, Detail: field + ": " + what, Faults: []layers.Fault{{Location: "body.operation." + field, Message: what}}}
	}
	needs := map[Kind][]bool{ // ids, line, from, to, region
		Split: {false, true}, SplitByAreas: {true, true}, Merge: {true}, Reshape: {true, true},
		Move: {false, false, true, true}, InsertVertex: {false, false, false, true}, RemoveVertex: {false, false, true},
		CutRoad: {false, true}, Draw: {false, false, false, false, true}, CutHole: {true, false, false, false, true},
		FillGap: {false, false, false, true}, AssignOverlap: {true, false, false, true},
	}
	given := []struct {
		name string
		n    int
	}{{"ids", len(op.IDs)}, {"line", len(op.Line)}, {"from", len(op.From)}, {"to", len(op.To)}, {"region", len(op.Region)}}
	need, known := needs[op.Kind]
	if !known {
		return lacks("kind", "is no operation")
	}
	for i, n := range need {
		if n && given[i].n == 0 {
			return lacks(given[i].name, "is needed for "+string(op.Kind))
		}
	}
	switch {
	case op.Kind == Move && len(op.From) != len(op.To):
		return lacks("to", "has as many places as from")
	case op.Kind == SplitByAreas && (len(op.Line) != 2 || len(op.Areas) == 0):
		return lacks("areas", "are needed, and a line of two points, the side that the parts lie along")
	case op.Kind == CutRoad && !(op.Width > 0):
		return lacks("width", "of the road in metres is needed")
	case slices.ContainsFunc(op.points(), func(p *orb.Point) bool { return !grid.Finite(*p) }):
		return lacks("line", "has a coordinate that is no number")
	case len(op.points()) > maxPoints:
		return lacks("line", "has more than 100,000 points: draw it in parts")
	case len(op.IDs) > maxNamed:
		return lacks("ids", "are more than 2,000: do it in parts")
	}
	return nil
}

// bound is the extent of what is drawn, with what lies close by.
func (op *Operation) bound() (orb.Bound, bool) {
	points := op.points()
	if len(points) == 0 {
		return orb.Bound{}, false
	}
	b := points[0].Bound()
	for _, p := range points {
		b = b.Extend(*p)
	}
	switch op.Kind {
	case FillGap, AssignOverlap:
		return b.Pad(farGap), true
	default:
		return b.Pad(closeBy + op.Width), true
	}
}

// do performs the operation on a coverage.
func (op *Operation) do(c *coverage.Coverage) (coverage.Change, error) {
	switch op.Kind {
	case Split:
		return c.Split(op.IDs, op.Line)
	case SplitByAreas:
		return c.SplitByAreas(op.IDs[0], op.Areas, [2]orb.Point{op.Line[0], op.Line[1]})
	case Merge:
		return c.Merge(op.IDs)
	case Reshape:
		return c.Reshape(op.IDs[0], op.Line)
	case Move:
		all := make([]coverage.Displacement, len(op.From))
		for i := range op.From {
			all[i] = coverage.Displacement{From: op.From[i], To: op.To[i]}
		}
		return c.Move(all)
	case InsertVertex:
		return op.insert(c)
	case RemoveVertex:
		return c.RemoveVertex(op.From[0])
	case CutRoad:
		road, err := coverage.Corridor(op.Line, op.Width)
		if err != nil {
			return coverage.Change{}, err
		}
		return c.Lay(road, unused(c), coverage.Laying{Taken: true, Only: op.IDs, Slivers: op.Slivers})
	case Draw:
		return c.Lay(op.Region, unused(c), coverage.Laying{Free: true, Taken: op.Over, Slivers: op.Slivers})
	case Regain:
		return op.regain(c)
	case CutHole:
		return c.Lay(op.Region, "", coverage.Laying{Taken: true, Only: op.IDs})
	case FillGap:
		into := coverage.ID("")
		if len(op.IDs) > 0 {
			into = op.IDs[0]
		}
		return c.FillGap(op.To[0], into)
	default:
		return c.AssignOverlap(op.To[0], op.IDs[0])
	}
}

// placed gives a fault that is about polygons or about what is drawn its place.
func (op *Operation) placed(fault *coverage.Fault, c *coverage.Coverage) *coverage.Fault {
	if fault.Where != (orb.Point{}) {
		return fault
	}
	for _, id := range slices.Concat(fault.IDs, op.IDs) {
		if c == nil || c.Shape(id) == nil {
			continue
		}
		fault.Where = c.Shape(id)[0][0][0].Orb()
		return fault
	}
	if points := op.points(); len(points) > 0 {
		fault.Where = *points[0]
	}
	return fault
}

// insert puts a vertex on a border at From, if given, and moves it to To.
func (op *Operation) insert(c *coverage.Coverage) (coverage.Change, error) {
	at := op.To[0]
	if len(op.From) > 0 {
		at = op.From[0]
	}
	put, err := c.InsertVertex(at, max(op.Width, 0.01))
	if err != nil || at == op.To[0] {
		return put, err
	}
	if err := c.Apply(put); err != nil {
		return coverage.Change{}, err
	}
	moved, err := c.Move([]coverage.Displacement{{From: at, To: op.To[0]}})
	if err != nil {
		return coverage.Change{}, err
	}
	return put.Then(moved), nil
}

// regain lays the region into a polygon; those of which nothing would be left
// are merged with it before.
func (op *Operation) regain(c *coverage.Coverage) (coverage.Change, error) {
	id, all := op.IDs[0], coverage.Change{Before: map[coverage.ID]coverage.Shape{}, After: map[coverage.ID]coverage.Shape{}}
	for {
		ch, err := c.Lay(op.Region, id, coverage.Laying{Taken: true, Free: true, Slivers: true})
		if err == nil {
			return all.Then(ch), nil
		}
		if errors.Is(err, &coverage.Fault{Kind: coverage.Missed}) {
			return all, nil // it has all of the land
		}
		gone, ok := errors.AsType[*coverage.Fault](err)
		if !ok || gone.Kind != coverage.Vanishes || slices.Contains(gone.IDs, id) {
			return coverage.Change{}, err
		}
		merged, err := c.Merge(append([]coverage.ID{id}, gone.IDs...))
		if err != nil {
			return coverage.Change{}, err
		}
		if err := c.Apply(merged); err != nil {
			return coverage.Change{}, err
		}
		all = all.Then(merged)
	}
}

// unused is a name for a new polygon.
func unused(c *coverage.Coverage) coverage.ID {
	id := newPolygon
	for n := 2; c.Shape(id) != nil; n++ {
		id = newPolygon + coverage.ID("/"+itoa(n))
	}
	return id
}
