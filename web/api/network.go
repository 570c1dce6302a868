package api

import (
	"context"

	"github.com/twpayne/go-geom"

	"arpent/layers/working"
	"arpent/web/auth"
)

// NetworkFault is something wrong with a network.
type NetworkFault struct {
	Kind     string            `json:"kind"`
	At       *[2]float64       `json:"at" doc:"EPSG:3857"`
	Features []NetworkNamed    `json:"features" nullable:"false"`
	Distance float64           `json:"distance,omitempty" doc:"m, between what should be together"`
	Mend     *WorkingOperation `json:"mend" doc:"Operation that takes it away; null: a person must see what is right"`
}

// NetworkNamed is a node or an edge with what it is called.
type NetworkNamed struct {
	working.Ref
	Label string `json:"label" doc:"Empty for one that is new"`
}

type networkFaultsInput struct {
	Layer string `path:"layer"`
	BBox  string `query:"bbox" required:"true" doc:"minx,miny,maxx,maxy in EPSG:3857"`
}

type networkFaultsOutput struct {
	Body struct {
		Faults []NetworkFault `json:"faults" nullable:"false"`
		More   bool           `json:"more" doc:"There are more than these"`
	}
}

// networkFaults tells what is wrong with a network in a box, as it is with the
// set of the viewer.
func (s *Server) networkFaults(ctx context.Context, in *networkFaultsInput) (*networkFaultsOutput, error) {
	box, err := parseBBox(in.BBox)
	if err != nil {
		return nil, err
	}
	v := auth.Viewer(ctx)
	faults, more, err := s.Working.Faults(ctx, v, in.Layer, *box)
	if err != nil {
		return nil, err
	}
	places := make([]geom.T, len(faults))
	for i := range faults {
		places[i] = geom.NewPointFlat(geom.XY, faults[i].Where[:])
	}
	shown, err := s.Working.Shapes(ctx, v, in.Layer, places, srid)
	if err != nil {
		return nil, err
	}
	out := &networkFaultsOutput{}
	out.Body.Faults, out.Body.More = []NetworkFault{}, more
	for i, f := range faults {
		told := NetworkFault{Kind: f.Kind, Features: []NetworkNamed{}, Distance: f.Distance}
		for _, ref := range f.Features {
			told.Features = append(told.Features, NetworkNamed{ref, f.Labels[ref]})
		}
		if place := shown[i].Shape; place != nil {
			told.At = &[2]float64{place.FlatCoords()[0], place.FlatCoords()[1]}
		}
		if f.By != nil {
			op := WorkingOperation{Operation: *f.By}
			for _, places := range []*[]working.Position{&op.From, &op.To} {
				if len(*places) > 0 && told.At != nil {
					*places = []working.Position{told.At[:]}
				}
			}
			told.Mend = &op
		}
		out.Body.Faults = append(out.Body.Faults, told)
	}
	return out, nil
}
