package api

import (
	"context"
	"encoding/json"

	"arpent/layers"
	"arpent/web/auth"
	"arpent/web/geojson"
)

type gatherInput struct {
	Layer string `path:"layer"`
	Body  struct {
		IDs []string `json:"ids" minItems:"1" nullable:"false"`
		How string   `json:"how" enum:"union,place" doc:"union: the shapes joined; place: a point on the first"`
	}
}

type gatherOutput struct {
	Body struct {
		Geometry json.RawMessage `json:"geometry" doc:"GeoJSON geometry in EPSG:3857"`
	}
}

// gather makes one shape of the features of a basket.
func (s *Server) gather(ctx context.Context, in *gatherInput) (*gatherOutput, error) {
	shape, err := s.Layers.Gather(ctx, auth.Viewer(ctx), in.Layer, in.Body.IDs, layers.Gathering(in.Body.How), srid)
	if err != nil {
		return nil, err
	}
	out := &gatherOutput{}
	out.Body.Geometry, err = geojson.EncodeGeometry(shape, false)
	return out, err
}
