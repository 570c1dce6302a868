package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"arpent/layers"
	"arpent/layers/library"
	"arpent/web/auth"
)

// registerDesign adds the operations by which administrators make layers.
func (s *Server) registerDesign(a huma.API) {
	operate(a, "listDesigns", http.MethodGet, "/api/design/layers", "Layer files made in the page, and what keeps layers out of the catalog", s.listDesigns)
	operate(a, "listTables", http.MethodGet, "/api/design/tables", "Tables and views that could be layers", s.listTables)
	operate(a, "introspect", http.MethodGet, "/api/design/tables/{table}", "A layer file for a table", s.introspect)
	operate(a, "createDesign", http.MethodPost, "/api/design/layers", "Design a layer: makes its table and serves it", s.createDesign)
	operate(a, "addField", http.MethodPost, "/api/design/layers/{layer}/fields", "Add a field to a designed layer", s.addField)
	operate(a, "putDesign", http.MethodPut, "/api/design/files", "Store a layer file", s.putDesign)
	operate(a, "dropDesign", http.MethodDelete, "/api/design/layers/{layer}", "Take a layer away; its table stays", s.dropDesign)
}

// DesignedLayer is a layer as an administrator designs it.
type DesignedLayer struct {
	ID       string          `json:"id" pattern:"^own\\.[a-z][a-z0-9_]{0,49}$" example:"own.benches"`
	Title    layers.Text     `json:"title"`
	Geometry string          `json:"geometry,omitempty" enum:"Point,LineString,Polygon,MultiPoint,MultiLineString,MultiPolygon" doc:"Absent for records without shape"`
	SRID     int             `json:"srid,omitempty" default:"2154" minimum:"1024" maximum:"999999" doc:"EPSG code of the coordinate reference system"`
	Public   bool            `json:"public,omitempty" doc:"Anybody may read it"`
	Shared   bool            `json:"shared,omitempty" doc:"Its records belong to no collectivity"`
	Fields   []DesignedField `json:"fields" minItems:"1" maxItems:"200" nullable:"false"`
}

// DesignedField is a field of a designed layer.
type DesignedField struct {
	Name     string          `json:"name" maxLength:"50"`
	Label    layers.Text     `json:"label"`
	Type     string          `json:"type" enum:"text,integer,number,boolean,date,datetime"`
	Required bool            `json:"required,omitempty"`
	Choices  []layers.Choice `json:"choices,omitempty" doc:"Of a text that is chosen from a list"`
}

func (f DesignedField) field() library.Field {
	return library.Field{Name: f.Name, Label: f.Label, Type: layers.Type(f.Type), Required: f.Required, Choices: f.Choices}
}

type designsOutput struct {
	Body struct {
		Layers []LayerFile `json:"layers" nullable:"false"`
		Faults []FileFault `json:"faults" nullable:"false"`
	}
}

// LayerFile is a layer file made in the page.
type LayerFile struct {
	ID   string `json:"id"`
	File string `json:"file" doc:"YAML"`
}

// FileFault is what keeps a layer out of the catalog.
type FileFault struct {
	File    string `json:"file"`
	Message string `json:"message"`
}

func (s *Server) listDesigns(ctx context.Context, _ *struct{}) (*designsOutput, error) {
	files, err := s.Library.Files(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &designsOutput{}
	out.Body.Layers, out.Body.Faults = []LayerFile{}, []FileFault{}
	for _, f := range files {
		out.Body.Layers = append(out.Body.Layers, LayerFile{f.Name, f.Text})
	}
	for _, f := range s.Library.Faults() {
		out.Body.Faults = append(out.Body.Faults, FileFault(f))
	}
	return out, nil
}

type tablesOutput struct {
	Body struct {
		Tables []string `json:"tables" nullable:"false"`
	}
}

func (s *Server) listTables(ctx context.Context, _ *struct{}) (*tablesOutput, error) {
	tables, err := s.Library.Tables(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &tablesOutput{}
	out.Body.Tables = append([]string{}, tables...)
	return out, nil
}

type introspectInput struct {
	Table string `path:"table" example:"public.benches"`
}

type layerFileOutput struct {
	Body struct {
		File string `json:"file" doc:"YAML"`
	}
}

func (s *Server) introspect(ctx context.Context, in *introspectInput) (*layerFileOutput, error) {
	file, err := s.Library.Introspect(ctx, auth.Viewer(ctx), in.Table)
	if err != nil {
		return nil, err
	}
	out := &layerFileOutput{}
	out.Body.File = string(file)
	return out, nil
}

type createDesignInput struct{ Body DesignedLayer }

func (s *Server) createDesign(ctx context.Context, in *createDesignInput) (*struct{}, error) {
	d := library.Design{ID: in.Body.ID, Title: in.Body.Title, Geometry: in.Body.Geometry, SRID: in.Body.SRID, Public: in.Body.Public, Shared: in.Body.Shared}
	for _, f := range in.Body.Fields {
		d.Fields = append(d.Fields, f.field())
	}
	return nil, s.Library.Create(ctx, s.Layers, auth.Viewer(ctx), d)
}

type addFieldInput struct {
	Layer string `path:"layer"`
	Body  DesignedField
}

func (s *Server) addField(ctx context.Context, in *addFieldInput) (*struct{}, error) {
	return nil, s.Library.AddField(ctx, s.Layers, auth.Viewer(ctx), in.Layer, in.Body.field())
}

type putDesignInput struct {
	Body struct {
		File string `json:"file" maxLength:"200000" doc:"YAML"`
	}
}

type putDesignOutput struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (s *Server) putDesign(ctx context.Context, in *putDesignInput) (*putDesignOutput, error) {
	id, err := s.Library.Put(ctx, s.Layers, auth.Viewer(ctx), in.Body.File)
	if err != nil {
		return nil, err
	}
	out := &putDesignOutput{}
	out.Body.ID = id
	return out, nil
}

type layerInput struct {
	Layer string `path:"layer"`
}

func (s *Server) dropDesign(ctx context.Context, in *layerInput) (*struct{}, error) {
	return nil, s.Library.Drop(ctx, s.Layers, auth.Viewer(ctx), in.Layer)
}
