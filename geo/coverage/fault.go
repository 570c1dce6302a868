package coverage

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"
)

// ID names a polygon of a coverage, as its layer does.
type ID string

// Kind is what is wrong.
type Kind string

// What a coverage may suffer from, and why an operation cannot be done.
const (
	Gap             Kind = "gap"              // land of nobody that others enclose
	Overlap         Kind = "overlap"          // land of several
	Mismatch        Kind = "mismatch"         // a border beside its neighbour's within the tolerance
	DuplicateVertex Kind = "duplicate-vertex" // a vertex twice in a row
	Crossed         Kind = "crossed"          // a ring that crosses itself or runs over land twice
	Collapsed       Kind = "collapsed"        // a polygon without area on the grid
	Narrow          Kind = "narrow"           // a polygon, or a part that would be one, narrower than the tolerance

	Unknown     Kind = "unknown"      // there is no such polygon
	NotFinite   Kind = "not-finite"   // a coordinate is not a number
	TooFar      Kind = "too-far"      // beyond the extent that a coverage may have
	TooDense    Kind = "too-dense"    // lines too tangled to cut
	Missed      Kind = "missed"       // the line or place does not meet the polygon
	Touches     Kind = "touches"      // the line touches the border, but does not go through
	EndsInside  Kind = "ends-inside"  // the line ends within the polygon
	Apart       Kind = "apart"        // the polygons have no border in common
	Vanishes    Kind = "vanishes"     // nothing would be left of a polygon
	CutInTwo    Kind = "cut-in-two"   // a neighbour would fall apart
	Ambiguous   Kind = "ambiguous"    // land would fall to several neighbours
	Node        Kind = "node"         // three borders meet at the vertex
	Vertex      Kind = "vertex"       // there is a vertex already
	TooFew      Kind = "too-few"      // fewer vertices or polygons than it takes
	Exceeds     Kind = "exceeds"      // more land is asked for than there is
	NotEnclosed Kind = "not-enclosed" // the land of nobody has no end
	Taken       Kind = "taken"        // the name is that of another polygon
	Unchanged   Kind = "unchanged"    // all is so already
	Stale       Kind = "stale"        // the polygon has changed since
)

// Fault says what is wrong, where and with whom.
type Fault struct {
	Kind  Kind
	Where orb.Point // in metres
	IDs   []ID
	Area  float64          // in square metres, of gaps, overlaps and what is narrow
	Width float64          // in metres, mean, of the same
	Shape orb.MultiPolygon // of the same
}

func (f *Fault) Error() string {
	return fmt.Sprintf("coverage: %s at %.3f %.3f %v", f.Kind, f.Where[0], f.Where[1], f.IDs)
}

// Is lets errors.Is ask for a kind of fault.
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && other.Kind == f.Kind && other.IDs == nil
}

// Inside is a place well within what is wrong, where it has a shape, in metres;
// else where it is.
func (f *Fault) Inside() orb.Point {
	if len(f.Shape) == 0 {
		return f.Where
	}
	binary, err := wkb.Marshal(f.Shape)
	if err != nil {
		return f.Where
	}
	shape, err := geom.UnmarshalWKB(binary, geom.NoValidate{})
	if err != nil {
		return f.Where
	}
	at, ok := shape.PointOnSurface().XY()
	if !ok {
		return f.Where
	}
	return orb.Point{at.X, at.Y}
}

func fault(kind Kind, where Point, ids ...ID) error {
	return &Fault{Kind: kind, Where: where.Orb(), IDs: ids}
}
