package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers/basemaps"
	"arpent/web/auth"
)

// registerMaps adds what lies on the map beside the town's own layers.
func (s *Server) registerMaps(a huma.API) {
	operate(a, "getMaps", http.MethodGet, "/api/maps", "Base maps to choose from and layers of others", s.getMaps)
	operate(a, "listBaseMaps", http.MethodGet, "/api/maps/base", "All base maps, for administrators", s.listBaseMaps)
	operate(a, "enableBaseMap", http.MethodPut, "/api/maps/base/{id}", "Switch a base map on or off", s.enableBaseMap)
}

type mapsOutput struct {
	Body struct {
		BaseMaps []basemaps.BaseMap `json:"baseMaps" nullable:"false"`
		Default  string             `json:"default" doc:"Base map of a page that names none; own for the town's layers alone"`
		External []ExternalLayer    `json:"external" nullable:"false" doc:"Layers of others' services"`
	}
}

func (s *Server) getMaps(ctx context.Context, _ *struct{}) (*mapsOutput, error) {
	on, first, err := s.BaseMaps.Enabled(ctx)
	if err != nil {
		return nil, err
	}
	out := &mapsOutput{}
	for i := range on {
		on[i] = bilingual(on[i])
	}
	out.Body.BaseMaps, out.Body.Default = on, first
	out.Body.External, err = s.externalLayers(ctx)
	return out, err
}

// bilingual gives the texts of a base map in both languages of the page.
func bilingual(b basemaps.BaseMap) basemaps.BaseMap {
	b.Title, b.Attribution = whole(b.Title), whole(b.Attribution)
	if b.Licence != nil {
		b.Licence = whole(b.Licence)
	}
	return b
}

// BaseMapChoice is a base map as administrators see it.
type BaseMapChoice struct {
	basemaps.BaseMap
	Host   string `json:"host" doc:"From where browsers fetch it"`
	InFile bool   `json:"inFile" doc:"What maps.yaml says of it"`
	Chosen bool   `json:"chosen" doc:"An administrator decided, not the file"`
}

type baseMapsOutput struct {
	Body struct {
		BaseMaps []BaseMapChoice `json:"baseMaps" nullable:"false"`
		Fault    string          `json:"fault" doc:"What is wrong with maps.yaml, a line each; empty for nothing"`
	}
}

func (s *Server) listBaseMaps(ctx context.Context, _ *struct{}) (*baseMapsOutput, error) {
	if err := auth.ServerAdministrator(auth.Viewer(ctx)); err != nil {
		return nil, err
	}
	all, fault, err := s.BaseMaps.All(ctx)
	if err != nil {
		return nil, err
	}
	out := &baseMapsOutput{}
	out.Body.BaseMaps, out.Body.Fault = []BaseMapChoice{}, fault
	for _, c := range all {
		out.Body.BaseMaps = append(out.Body.BaseMaps, BaseMapChoice{bilingual(c.BaseMap), c.Host(), c.InFile, c.Chosen})
	}
	return out, nil
}

type enableBaseMapInput struct {
	ID   string `path:"id"`
	Body struct {
		Enabled *bool `json:"enabled" doc:"null leaves it to maps.yaml" nullable:"true"`
	}
}

func (s *Server) enableBaseMap(ctx context.Context, in *enableBaseMapInput) (*struct{}, error) {
	v := auth.Viewer(ctx)
	if err := auth.ServerAdministrator(v); err != nil {
		return nil, err
	}
	return nil, s.BaseMaps.Enable(ctx, v, in.ID, in.Body.Enabled)
}
