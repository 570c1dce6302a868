package working

import (
	"github.com/paulmach/orb"

	"arpent/geo/coverage"
)

// The operations on a coverage; see package coverage.
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
	Clean         Kind = "clean"          // IDs: no vertex twice, none beside a neighbour's, no ring across itself
	// Vacate is how a conflict about free land is settled in favour of the set:
	// Region out of IDs, for nobody, before it is drawn there again.
	Vacate Kind = "vacate"
)

var coverageOperations = map[Kind]struct {
	form
	do func(c *coverage.Coverage, op *Operation) (coverage.Change, error)
}{
	Split: {form{needs: []string{"line"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.Split(coverageIDs(op), lineOf(op.Line))
	}},
	SplitByAreas: {form{needs: []string{"ids", "line"}, wrong: func(op *Operation) (string, string) {
		if len(op.Line) != 2 || len(op.Areas) == 0 {
			return "areas", "are needed, and a line of two points, the side that the parts lie along"
		}
		return "", ""
	}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.SplitByAreas(coverage.ID(op.IDs[0]), op.Areas, [2]orb.Point{op.Line[0].point(), op.Line[1].point()})
	}},
	Merge: {form{needs: []string{"ids"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.Merge(coverageIDs(op))
	}},
	Reshape: {form{needs: []string{"ids", "line"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.Reshape(coverage.ID(op.IDs[0]), lineOf(op.Line))
	}},
	Move: {form{needs: []string{"from", "to"}, wrong: asManyTo}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		all := make([]coverage.Displacement, len(op.From))
		for i := range op.From {
			all[i] = coverage.Displacement{From: op.From[i].point(), To: op.To[i].point()}
		}
		return c.Move(all)
	}},
	InsertVertex: {form{needs: []string{"to"}}, insert},
	RemoveVertex: {form{needs: []string{"from"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.RemoveVertex(op.From[0].point())
	}},
	CutRoad: {form{needs: []string{"line"}, wrong: func(op *Operation) (string, string) {
		if !(op.Width > 0) {
			return "width", "of the road in metres is needed"
		}
		return "", ""
	}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		road, err := coverage.Corridor(lineOf(op.Line), op.Width)
		if err != nil {
			return coverage.Change{}, err
		}
		return c.Lay(road, fresh(c), coverage.Laying{Taken: true, Only: coverageIDs(op), Slivers: op.Slivers})
	}},
	Draw: {form{needs: []string{"region"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.Lay(op.Region, fresh(c), coverage.Laying{Free: true, Taken: op.Over, Slivers: op.Slivers})
	}},
	CutHole: {form{needs: []string{"ids", "region"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.Lay(op.Region, "", coverage.Laying{Taken: true, Only: coverageIDs(op)})
	}},
	FillGap: {form{needs: []string{"to"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		into := coverage.ID("")
		if len(op.IDs) > 0 {
			into = coverage.ID(op.IDs[0])
		}
		return c.FillGap(op.To[0].point(), into)
	}},
	AssignOverlap: {form{needs: []string{"ids", "to"}}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.AssignOverlap(op.To[0].point(), coverage.ID(op.IDs[0]))
	}},
	Clean:  {form{needs: []string{"ids"}}, clean},
	Regain: {form{}, regain},
	Vacate: {form{}, func(c *coverage.Coverage, op *Operation) (coverage.Change, error) {
		return c.Lay(op.Region, "", coverage.Laying{Taken: true, Only: coverageIDs(op), Slivers: true})
	}},
}

// asManyTo finds that not each place of From has one of To.
func asManyTo(op *Operation) (field, what string) {
	if len(op.From) != len(op.To) {
		return "to", "has as many places as from"
	}
	return "", ""
}

func coverageIDs(op *Operation) []coverage.ID {
	var ids []coverage.ID
	for _, id := range op.IDs {
		ids = append(ids, coverage.ID(id))
	}
	return ids
}

// lineOf are positions as a line, without their levels.
func lineOf(positions []Position) orb.LineString {
	line := make(orb.LineString, len(positions))
	for i, p := range positions {
		line[i] = p.point()
	}
	return line
}
