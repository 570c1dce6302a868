package working

import (
	"context"
	"math"

	"arpent/layers"
)

// The operations on a free layer beside Split, Merge, Reshape, CutHole, whose
// area is the first of Shapes, and Move, which moves IDs by the way from the
// first of From to the first of To.
const (
	Put      Kind = "put"       // Shapes, each a new feature with Properties
	Replace  Kind = "replace"   // IDs by Shapes, in order
	Remove   Kind = "remove"    // IDs
	Rotate   Kind = "rotate"    // IDs by Angle around the first of From, their middle when there is none
	Scale    Kind = "scale"     // IDs by Factor around the same
	Buffer   Kind = "buffer"    // IDs become what is within Width of them; with Copy that is new
	Offset   Kind = "offset"    // IDs become lines beside them, or areas with their sides moved, by Width
	FillHole Kind = "fill-hole" // of IDs, the hole around the first of To, all when there is none
	Explode  Kind = "explode"   // the parts of IDs become features; the largest keeps the name
	Collect  Kind = "collect"   // IDs become the parts of the first
	Mend     Kind = "mend"      // IDs become valid
)

var freeOperations = map[Kind]struct {
	form
	do func(f *freehand, ctx context.Context) error
}{
	Put: {form{needs: []string{"shapes"}}, (*freehand).put},
	Replace: {form{needs: []string{"ids", "shapes"}, wrong: func(op *Operation) (string, string) {
		if len(op.IDs) != len(op.Shapes) {
			return "shapes", "are as many as ids"
		}
		return "", ""
	}}, (*freehand).replace},
	Remove: {form{needs: []string{"ids"}}, (*freehand).remove},
	Move:   {form{needs: []string{"ids", "from", "to"}}, (*freehand).move},
	Rotate: {form{needs: []string{"ids"}, wrong: func(op *Operation) (string, string) {
		if math.Mod(op.Angle, 360) == 0 {
			return "angle", "in degrees is needed"
		}
		return "", ""
	}}, (*freehand).rotate},
	Scale: {form{needs: []string{"ids"}, wrong: func(op *Operation) (string, string) {
		if !(op.Factor > 0) || op.Factor > 10_000 {
			return "factor", "is a number above 0"
		}
		return "", ""
	}}, (*freehand).scale},
	Buffer:   {form{needs: []string{"ids"}, wrong: aWidth}, (*freehand).buffer},
	Offset:   {form{needs: []string{"ids"}, wrong: aWidth}, (*freehand).offset},
	Split:    {form{needs: []string{"line"}}, (*freehand).split},
	Merge:    {form{needs: []string{"ids"}, wrong: severalIDs}, (*freehand).merge},
	Reshape:  {form{needs: []string{"ids", "line"}}, (*freehand).reshape},
	CutHole:  {form{needs: []string{"ids", "shapes"}}, (*freehand).cut},
	FillHole: {form{needs: []string{"ids"}}, (*freehand).fillHole},
	Explode:  {form{needs: []string{"ids"}}, (*freehand).explode},
	Collect:  {form{needs: []string{"ids"}, wrong: severalIDs}, (*freehand).collect},
	Mend:     {form{needs: []string{"ids"}}, (*freehand).mend},
	Regain:   {form{}, (*freehand).replace},
}

func aWidth(op *Operation) (field, what string) {
	if op.Width == 0 {
		return "width", "in metres is needed; below 0 it is inwards, or to the right of a line"
	}
	switch op.Corners {
	case "", layers.Round, layers.Mitre, layers.Bevel:
		return "", ""
	}
	return "corners", "are round, mitre or bevel"
}

func severalIDs(op *Operation) (field, what string) {
	if len(op.IDs) < 2 {
		return "ids", "are at least two"
	}
	return "", ""
}
