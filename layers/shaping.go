package layers

import (
	"context"
	"fmt"
	"math"

	"github.com/twpayne/go-geom"
)

// Shaping makes shapes of shapes, as a person does who draws on a layer. It is
// computed in the plane of the layer and on its grid; nothing is stored by it.
// Shapes carry the CRS they are in.
type Shaping struct {
	Operation ShapingOperation
	Shapes    []geom.T
	With      geom.T  // the line of a split and a reshape, the area of a cut; nil for the others
	Distance  float64 // of a buffer and an offset, in metres on the ground; negative inwards, or to the right of a line
	Corners   Corners // of a buffer and an offset; round when absent
}

// ShapingOperation names what is made.
type ShapingOperation string

// The operations. Those that make one shape of each answer them in the order of
// Shapes; merge answers one of all, split at least two of one, the first of
// which is the largest.
const (
	Buffer  ShapingOperation = "buffer"  // the area within a distance
	Offset  ShapingOperation = "offset"  // a line beside a line, an area with its sides moved
	Split   ShapingOperation = "split"   // parts on both sides of a line
	Merge   ShapingOperation = "merge"   // one shape of all
	Reshape ShapingOperation = "reshape" // the border along a line
	Cut     ShapingOperation = "cut"     // without an area
	Mend    ShapingOperation = "mend"    // a valid shape of one that crosses itself
)

// Corners says how a buffer goes round a corner.
type Corners string

// The corners.
const (
	Round Corners = "round"
	Mitre Corners = "mitre"
	Bevel Corners = "bevel"
)

// ShapingReason sorts why an operation makes nothing of what was drawn, for those
// who tell it in their own words.
type ShapingReason string

// The reasons.
const (
	Missed       ShapingReason = "missed"        // the line does not cut, or does not meet twice
	TooThin      ShapingReason = "too-thin"      // a part would vanish on the grid
	NothingLeft  ShapingReason = "nothing-left"  // shrunk or cut away whole
	SeveralParts ShapingReason = "several-parts" // and a record of the layer has one
)

// ShapingRefusal is an operation that makes nothing of what was drawn.
type ShapingRefusal struct {
	Reason ShapingReason
	words  *Error
}

func (r *ShapingRefusal) Error() string { return r.words.Error() }

// Unwrap is the error that says it in words.
func (r *ShapingRefusal) Unwrap() error { return r.words }

// RefuseShaping makes a refusal.
func RefuseShaping(reason ShapingReason, format string, args ...any) error {
	return &ShapingRefusal{reason, Errorf(Invalid, format, args...)}
}

const (
	// maxShaped is how many positions one operation takes.
	maxShaped = 50_000
	// maxShapingDistance in metres: nothing that a commune draws is wider.
	maxShapingDistance = 100_000
)

// Shape makes shapes of shapes in the CRS of srid (0: the layer's own), for
// viewers who may draw on the layer somewhere.
func (s *Service) Shape(ctx context.Context, v Viewer, layer string, sh Shaping, srid int) ([]geom.T, error) {
	l, err := s.Catalog().Get(v, layer)
	switch {
	case err != nil:
		return nil, err
	case l.Source.Geometry == "":
		return nil, Errorf(Invalid, "the records of layer %s have no shape", l.ID)
	case v.Anonymous():
		return nil, Errorf(Unauthorized, "sign in to draw on layer %s", l.ID)
	case !v.May(UpdateRows, l, "") && !v.May(CreateRows, l, ""):
		return nil, Errorf(Forbidden, "you have no right to draw on layer %s: ask an administrator", l.ID)
	}
	if err := sh.check(); err != nil {
		return nil, err
	}
	return s.store.Shape(ctx, v, l, sh, srid)
}

func (sh *Shaping) check() error {
	if len(sh.Shapes) == 0 {
		return Errorf(Invalid, "shapes: give at least one")
	}
	positions := 0
	for i, g := range append(append([]geom.T{}, sh.Shapes...), sh.With) {
		if g == nil {
			if i < len(sh.Shapes) {
				return Errorf(Invalid, "shapes[%d]: is missing", i)
			}
			continue
		}
		at := "with"
		if i < len(sh.Shapes) {
			at = fmt.Sprintf("shapes[%d]", i)
		}
		if g.Empty() {
			return Errorf(Invalid, "%s: is empty", at)
		}
		if err := checkCoordinates(g); err != nil {
			return Errorf(Invalid, "%s: %s", at, err.Error())
		}
		positions += len(g.FlatCoords()) / g.Stride()
	}
	if positions > maxShaped {
		return Errorf(TooLarge, "the shapes have %d positions, more than the %d that are computed at once: simplify them, or take fewer", positions, maxShaped)
	}
	return sh.checkArguments()
}

func (sh *Shaping) checkArguments() error {
	dimension := -1
	if sh.With != nil {
		dimension = dimensionOf(sh.With)
	}
	switch sh.Operation {
	case Buffer, Offset:
		if sh.Distance == 0 || math.IsNaN(sh.Distance) || math.Abs(sh.Distance) > maxShapingDistance {
			return Errorf(Invalid, "distance: give metres other than 0, between -%d and %[1]d", maxShapingDistance)
		}
		switch sh.Corners {
		case "", Round, Mitre, Bevel:
		default:
			return Errorf(Invalid, "corners: %q is none of round, mitre, bevel", sh.Corners)
		}
	case Split, Reshape:
		if _, ok := sh.With.(*geom.LineString); !ok {
			return Errorf(Invalid, "with: give the line, a LineString, along which to %s", sh.Operation)
		}
		if len(sh.Shapes) != 1 {
			return Errorf(Invalid, "shapes: give one, a line is drawn through one shape at a time")
		}
	case Cut:
		if dimension != 2 {
			return Errorf(Invalid, "with: give the area, a Polygon or MultiPolygon, that is cut out")
		}
	case Merge:
		if len(sh.Shapes) < 2 {
			return Errorf(Invalid, "shapes: give at least two to merge")
		}
	case Mend:
	default:
		return Errorf(Invalid, "operation: %q is none of buffer, offset, split, merge, reshape, cut, mend", sh.Operation)
	}
	return nil
}

// dimensionOf is 0 for points, 1 for lines, 2 for areas, -1 for a mixture.
func dimensionOf(g geom.T) int {
	switch g.(type) {
	case *geom.Point, *geom.MultiPoint:
		return 0
	case *geom.LineString, *geom.MultiLineString:
		return 1
	case *geom.Polygon, *geom.MultiPolygon:
		return 2
	}
	return -1
}
