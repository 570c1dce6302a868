package working

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/geo/network"
	"arpent/layers"
)

const (
	// Forbidden is the kind of a refusal of an operation that would change what
	// the viewer has no right to.
	Forbidden = "forbidden"
	// TooMany is the kind of a refusal of an operation with more than 100,000
	// points.
	TooMany = "too-many"
)

// Refusal is an operation that cannot be done, with what is in the way.
type Refusal struct {
	Kind     string    // that of package coverage or network, a reason of layers.Shape, or one of this package
	Where    orb.Point // in the CRS of the layer; nowhere is the origin
	Features []Ref
	Area     float64 // m², of what is too narrow or lies over another
	Width    float64 // m, mean, of the same
	Distance float64 // m, between what should be together
	Shape    geom.T  // of what is at fault; may be nil
	Mend     geom.T  // what may be put in its place; nil: nothing is proposed
	Detail   string  // in the words of who found it; may be empty

	cause error
}

func (r *Refusal) Error() string {
	if r.cause != nil {
		return r.cause.Error()
	}
	return fmt.Sprintf("%s at %.3f %.3f %v %s", r.Kind, r.Where[0], r.Where[1], r.Features, r.Detail)
}

// Unwrap is the fault.
func (r *Refusal) Unwrap() error { return r.cause }

// refusalOf is an error as what is in the way, where it is that.
func refusalOf(err error, sh *sheet) (*Refusal, bool) {
	switch fault := err.(type) {
	case *Refusal:
		return fault, true
	case *coverage.Fault:
		r := &Refusal{Kind: string(fault.Kind), Where: fault.Where, Area: fault.Area, Width: fault.Width, cause: fault}
		for _, id := range fault.IDs {
			r.Features = append(r.Features, Ref{sh.home.ID, string(id)})
		}
		if len(fault.Shape) > 0 {
			r.Shape = geometryOf(sh.home, fault.Shape)
		}
		return r, true
	case *network.Fault:
		return networkRefusal(sh, fault), true
	case *layers.ShapingRefusal:
		return &Refusal{Kind: string(fault.Reason), Detail: fault.Error(), cause: fault}, true
	}
	return nil, false
}

// place gives a refusal that is about features or about what was drawn its place.
func (t *task) place(r *Refusal) {
	if r.Where != (orb.Point{}) {
		return
	}
	for _, ref := range append(append([]Ref{}, r.Features...), t.op.refs()...) {
		shape := t.now[ref]
		if shape == nil {
			shape = t.stored[ref].Shape
		}
		if places := placesOf(shape); len(places) > 0 {
			r.Where = orb.Point{places[0][0], places[0][1]}
			return
		}
	}
	if places := t.op.places(); len(places) > 0 {
		r.Where = orb.Point{places[0][0], places[0][1]}
	}
}

// Place answers a place in the CRS of srid; nil where there is none.
func (s *Service) Place(ctx context.Context, v layers.Viewer, layer string, at orb.Point, srid int) (geom.T, error) {
	shown, err := s.Shapes(ctx, v, layer, []geom.T{geom.NewPointFlat(geom.XY, at[:])}, srid)
	if err != nil {
		return nil, err
	}
	return shown[0].Shape, nil
}
