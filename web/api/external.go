package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/layers/basemaps"
	"arpent/layers/external"
	"arpent/web/auth"
)

// registerExternal adds the operations on map services of others.
func (s *Server) registerExternal(a huma.API) {
	operate(a, "inspectService", http.MethodPost, "/api/external/inspect", "What a map service of others offers", s.inspectService)
	operate(a, "listServices", http.MethodGet, "/api/external/services", "Registered services, for administrators", s.listServices)
	operate(a, "putService", http.MethodPut, "/api/external/services/{id}", "Register a service with layers of it", s.putService)
	operate(a, "dropService", http.MethodDelete, "/api/external/services/{id}", "Take a service away", s.dropService)
	operate(a, "getInformation", http.MethodGet, "/api/external/layers/{service}/{layer}/information", "What a service tells of a place", s.getInformation)
}

// ExternalLayer is a layer of another's service as the page draws it.
type ExternalLayer struct {
	ID          string         `json:"id" example:"external.risks.0" doc:"In the arrangement of the map"`
	Kind        external.Kind  `json:"kind" enum:"wms,wmts,wfs"`
	URL         string         `json:"url" doc:"Under it are map, tile, features, legend and information"`
	Title       layers.Text    `json:"title"`
	Service     layers.Text    `json:"service" doc:"Title of its service"`
	Attribution string         `json:"attribution"`
	CRS         string         `json:"crs" enum:"EPSG:3857,EPSG:2154,EPSG:4326" doc:"In which it is asked for"`
	Extent      *[4]float64    `json:"extent" doc:"Box in EPSG:3857; null for unknown"`
	MinScale    float64        `json:"minScale" doc:"Denominators between which it is drawn; 0 for any"`
	MaxScale    float64        `json:"maxScale"`
	Tells       bool           `json:"tells" doc:"It has information of places"`
	Legend      bool           `json:"legend"`
	Grid        *basemaps.Grid `json:"grid,omitempty" doc:"Of a WMTS"`
	Paged       bool           `json:"paged" doc:"Of a WFS: it gives its features in parts of pageSize"`
	PageSize    int            `json:"pageSize"`
}

// externalLayers are those of the services that the viewer may see.
func (s *Server) externalLayers(ctx context.Context) ([]ExternalLayer, error) {
	services, err := s.External.All(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	all := []ExternalLayer{}
	for _, service := range services {
		for i, l := range service.Layers {
			all = append(all, ExternalLayer{
				ID: external.LayerID(service.ID, i), Kind: service.Kind, URL: layerURL(service.ID, i), Title: whole(l.Title), Service: whole(service.Title),
				Attribution: service.Attribution, CRS: l.CRS, Extent: l.Extent, MinScale: l.MinScale, MaxScale: l.MaxScale,
				Tells: l.InfoFormat != "" || service.Kind == external.WFS, Legend: l.Legend != "", Grid: l.Grid,
				Paged: service.Version == "2.0.0", PageSize: external.PageSize,
			})
		}
	}
	return all, nil
}

// OfferedLayer is a layer that may be chosen of a service.
type OfferedLayer struct {
	Name     string         `json:"name"`
	Title    string         `json:"title"`
	CRS      string         `json:"crs" doc:"In which it would be asked for"`
	Format   string         `json:"format"`
	Styles   []OfferedStyle `json:"styles" nullable:"false"`
	Tells    bool           `json:"tells"`
	Unusable layers.Text    `json:"unusable,omitempty" doc:"Why it cannot be chosen"`
}

// OfferedStyle is a way in which a service draws a layer.
type OfferedStyle struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

type inspectServiceInput struct {
	Body struct {
		URL  string        `json:"url" maxLength:"2000"`
		Kind external.Kind `json:"kind,omitempty" enum:"wms,wmts,wfs" doc:"Absent: whatever it is"`
	}
}

type inspectServiceOutput struct {
	Body struct {
		URL         string         `json:"url" doc:"Without the parameters of the standard"`
		Kind        external.Kind  `json:"kind" enum:"wms,wmts,wfs"`
		Version     string         `json:"version"`
		Title       string         `json:"title"`
		Attribution string         `json:"attribution"`
		Layers      []OfferedLayer `json:"layers" nullable:"false"`
	}
}

func (s *Server) inspectService(ctx context.Context, in *inspectServiceInput) (*inspectServiceOutput, error) {
	if err := auth.ServerAdministrator(auth.Viewer(ctx)); err != nil {
		return nil, err
	}
	address, offered, err := s.offered(ctx, in.Body.URL, in.Body.Kind)
	if err != nil {
		return nil, err
	}
	out := &inspectServiceOutput{}
	b := &out.Body
	b.URL, b.Kind, b.Version, b.Title, b.Attribution, b.Layers = address, offered.Kind, offered.Version, offered.Title, offered.Attribution, []OfferedLayer{}
	for _, l := range offered.Layers {
		styles := []OfferedStyle{}
		for _, style := range l.Styles {
			styles = append(styles, OfferedStyle{style.Name, style.Title})
		}
		b.Layers = append(b.Layers, OfferedLayer{
			Name: l.Name, Title: l.Title.In("fr"), CRS: l.CRS, Format: l.Format, Styles: styles,
			Tells: l.InfoFormat != "" || offered.Kind == external.WFS, Unusable: l.Unusable,
		})
	}
	return out, nil
}

// offered is what the service at an address offers, and the address without the
// parameters of the standard.
func (s *Server) offered(ctx context.Context, address string, kind external.Kind) (string, *external.Capabilities, error) {
	address, named, err := external.Normalize(address)
	if err != nil {
		return "", nil, err
	}
	if kind == "" {
		for _, k := range external.Kinds {
			if k == named {
				kind = k
			}
		}
	}
	capabilities, err := s.Outbound.Capabilities(ctx, address, kind)
	return address, capabilities, err
}

// RegisteredService is a service as administrators see it.
type RegisteredService struct {
	ID          string        `json:"id"`
	URL         string        `json:"url"`
	Kind        external.Kind `json:"kind" enum:"wms,wmts,wfs"`
	Title       layers.Text   `json:"title"`
	Public      bool          `json:"public" doc:"Whoever is not signed in sees it too"`
	Attribution string        `json:"attribution"`
	Layers      []ChosenLayer `json:"layers" nullable:"false"`
}

// ChosenLayer is a layer that was chosen of a service.
type ChosenLayer struct {
	Name  string      `json:"name" maxLength:"300"`
	Style string      `json:"style,omitempty" doc:"Absent for the first"`
	Title layers.Text `json:"title,omitempty" doc:"Absent for that of the service"`
}

type servicesOutput struct {
	Body struct {
		Services []RegisteredService `json:"services" nullable:"false"`
	}
}

func (s *Server) listServices(ctx context.Context, _ *struct{}) (*servicesOutput, error) {
	v := auth.Viewer(ctx)
	if err := auth.ServerAdministrator(v); err != nil {
		return nil, err
	}
	all, err := s.External.All(ctx, v)
	if err != nil {
		return nil, err
	}
	out := &servicesOutput{}
	out.Body.Services = []RegisteredService{}
	for _, service := range all {
		shown := RegisteredService{ID: service.ID, URL: service.URL, Kind: service.Kind, Title: whole(service.Title), Public: service.Public, Attribution: service.Attribution, Layers: []ChosenLayer{}}
		for _, l := range service.Layers {
			shown.Layers = append(shown.Layers, ChosenLayer{l.Name, l.Style, whole(l.Title)})
		}
		out.Body.Services = append(out.Body.Services, shown)
	}
	return out, nil
}

type putServiceInput struct {
	ID   string `path:"id" pattern:"^[a-z][a-z0-9_-]{0,49}$"`
	Body struct {
		URL         string        `json:"url" maxLength:"2000"`
		Kind        external.Kind `json:"kind" enum:"wms,wmts,wfs"`
		Title       layers.Text   `json:"title" minProperties:"1"`
		Public      bool          `json:"public,omitempty"`
		Attribution string        `json:"attribution,omitempty" maxLength:"300"`
		Layers      []ChosenLayer `json:"layers" minItems:"1" maxItems:"100" nullable:"false"`
	}
}

func (s *Server) putService(ctx context.Context, in *putServiceInput) (*struct{}, error) {
	v, b := auth.Viewer(ctx), in.Body
	if err := auth.ServerAdministrator(v); err != nil {
		return nil, err
	}
	if b.Title.In("fr") == "" {
		return nil, &layers.Error{Kind: layers.Invalid, Detail: "title: give the service a name", Faults: []layers.Fault{{Location: "title", Message: "give the service a name"}}}
	}
	address, offered, err := s.offered(ctx, b.URL, b.Kind)
	if err != nil {
		return nil, err
	}
	var choices []external.Choice
	for _, l := range b.Layers {
		choices = append(choices, external.Choice{Name: l.Name, Style: l.Style, Title: l.Title})
	}
	definition, err := offered.Choose(choices)
	if err != nil {
		return nil, err
	}
	if err := definition.Keep(address); err != nil {
		return nil, err
	}
	if b.Attribution != "" {
		definition.Attribution = b.Attribution
	}
	return nil, s.External.Put(ctx, v, &external.Service{ID: in.ID, Kind: offered.Kind, URL: address, Title: b.Title, Public: b.Public, Definition: definition})
}

type serviceInput struct {
	ID string `path:"id"`
}

func (s *Server) dropService(ctx context.Context, in *serviceInput) (*struct{}, error) {
	v := auth.Viewer(ctx)
	if err := auth.ServerAdministrator(v); err != nil {
		return nil, err
	}
	return nil, s.External.Drop(ctx, v, in.ID)
}
