package api

import (
	"context"

	"arpent/layers"
	"arpent/layers/cartography"
	"arpent/web/auth"
)

// LayerInfo is a layer as the page needs it.
type LayerInfo struct {
	ID          string             `json:"id" example:"land.parcels"`
	Application layers.Application `json:"application"`
	Title       layers.Text        `json:"title"`
	Description layers.Text        `json:"description"`
	Group       layers.Text        `json:"group,omitempty" doc:"Heading of the tree under which the layer is"`
	Kind        string             `json:"kind" enum:"main,detail,reference,link"`
	Geometry    *GeometryInfo      `json:"geometry" doc:"null for records without shape"`
	SRID        int                `json:"srid" doc:"EPSG code of the CRS in which shapes are stored"`
	Public      bool               `json:"public"`
	EditableIn  []string           `json:"editableIn" nullable:"false" doc:"Collectivities in which the viewer may write"`
	Actions     []layers.Action    `json:"actions" nullable:"false" doc:"What the viewer may do with the records of some collectivity"`
	Extent      *[4]float64        `json:"extent" doc:"Box in EPSG:3857; null when the layer is empty"`
	Tiles       TilesInfo          `json:"tiles"`
	Style       layers.Style       `json:"style" doc:"As the viewer sees it"`
	FileStyle   layers.Style       `json:"fileStyle" doc:"That of the layer file"`
	StyleOf     cartography.Origin `json:"styleOf" enum:"file,collectivity,own"`
	StylableIn  []string           `json:"stylableIn" nullable:"false" doc:"Collectivities for whose people the viewer may choose the style"`
	Label       string             `json:"label" example:"{section} {number}"`
	Fields      []Field            `json:"fields" nullable:"false"`
	List        []string           `json:"list" nullable:"false"`
	Search      []string           `json:"search" nullable:"false"`
	Visible     bool               `json:"visible"`
	Children    []Child            `json:"children" nullable:"false" doc:"Layers whose records refer to those of this one: its tabs"`
	Live        bool               `json:"live" doc:"The form has conditions, computed fields or rules: evaluate it while it is filled in"`
	Expires     bool               `json:"expires" doc:"Records have days of validity"`
	Documents   *DocumentsInfo     `json:"documents" doc:"null where no files may be attached"`
	Dashboard   []layers.Widget    `json:"dashboard" nullable:"false"`
}

// Child is a field of another layer that refers to records of this one.
type Child struct {
	Layer string      `json:"layer"`
	Field string      `json:"field"`
	Title layers.Text `json:"title"`
}

// DocumentsInfo says which files may be attached to a record.
type DocumentsInfo struct {
	Accept  []string `json:"accept" nullable:"false" doc:"Media types; empty for any"`
	MaxSize int64    `json:"maxSize" doc:"Bytes"`
}

// ReferenceInfo says to which layer's records a field refers.
type ReferenceInfo struct {
	Layer string            `json:"layer"`
	Where map[string]string `json:"where,omitempty" doc:"By field of that layer: the field of this record that it must equal"`
}

// GeometryInfo says what shapes a layer has.
type GeometryInfo struct {
	Type  string `json:"type" enum:"Point,LineString,Polygon,MultiPoint,MultiLineString,MultiPolygon,Geometry"`
	Model string `json:"model" enum:"free,coverage,network"`
}

// TilesInfo says where the tiles of a layer are.
type TilesInfo struct {
	URL     string `json:"url"`
	MinZoom int    `json:"minzoom"`
	MaxZoom int    `json:"maxzoom"`
	// United are the fields that tiles of all zooms have where features are united at low ones.
	United []string `json:"united,omitzero" required:"false" doc:"Where features are united at low zooms: the fields that tiles of all zooms have"`
}

// Field is one attribute of a layer.
type Field struct {
	Name        string          `json:"name"`
	Type        string          `json:"type" enum:"text,integer,number,boolean,date,datetime"`
	Label       layers.Text     `json:"label"`
	Help        layers.Text     `json:"help,omitempty"`
	Section     layers.Text     `json:"section,omitempty"`
	Unit        string          `json:"unit,omitempty"`
	Widget      string          `json:"widget,omitempty"`
	Required    bool            `json:"required"`
	TileMinZoom *int            `json:"tileMinZoom,omitempty" doc:"In tiles from this zoom on, -1: in none, unless they are asked for it; absent: in all"`
	ReadOnly    bool            `json:"readOnly"`
	Enum        []layers.Choice `json:"enum,omitempty"`

	Reference *ReferenceInfo `json:"reference,omitempty"`
	Computed  bool           `json:"computed,omitempty"`
	Personal  bool           `json:"personal,omitempty" doc:"Read with a right and a reason only"`
}

type layersOutput struct {
	Body struct {
		Layers []LayerInfo `json:"layers" nullable:"false"`
	}
}

func (s *Server) listLayers(ctx context.Context, _ *struct{}) (*layersOutput, error) {
	v := auth.Viewer(ctx)
	collectivities, err := s.Store.Collectivities(ctx)
	if err != nil {
		return nil, err
	}
	styles, err := s.Cartography.Styles(ctx, v)
	if err != nil {
		return nil, err
	}
	out := &layersOutput{}
	out.Body.Layers = []LayerInfo{}
	for _, l := range s.Layers.Catalog().Readable(v) {
		info := infoOf(l, v)
		if styled, ok := styles[l.ID]; ok {
			info.Style, info.StyleOf = styled.Style, styled.Origin
		}
		for _, c := range collectivities {
			if v.May(layers.CreateRows, l, c.Code) || v.May(layers.UpdateRows, l, c.Code) || v.May(layers.DeleteRows, l, c.Code) {
				info.EditableIn = append(info.EditableIn, c.Code)
			}
			if v.Administers(c.Code) || v.May(layers.Administer, l, c.Code) {
				info.StylableIn = append(info.StylableIn, c.Code)
			}
		}
		if l.Source.Geometry != "" {
			box, err := s.Layers.Extent(ctx, v, l.ID, srid)
			if err != nil {
				return nil, err
			}
			info.Extent = corners(box)
		}
		out.Body.Layers = append(out.Body.Layers, info)
	}
	return out, nil
}

// infoOf describes a layer to a viewer, with the fields that it would see if it
// gave a reason.
func infoOf(l *layers.Layer, v layers.Viewer) LayerInfo {
	v.Purpose = "to know what there is"
	info := LayerInfo{
		ID: l.ID, Application: l.Application, Title: whole(l.Title), Description: whole(l.Description),
		Kind: string(l.Kind), SRID: l.Source.SRID, Public: l.Public, Live: l.Live(), Expires: l.Validity != nil, Children: []Child{}, Dashboard: l.Dashboard,
		EditableIn: []string{}, Actions: actionsOf(v, l, ""), Tiles: TilesInfo{"/tiles/" + l.ID + "/{z}/{x}/{y}.mvt", l.Tiles.MinZoom, l.Tiles.MaxZoom, unitedBy(v, l)},
		Style: l.Style, FileStyle: l.Style, StyleOf: cartography.OfFile, StylableIn: []string{}, Label: l.Label, Fields: []Field{}, List: []string{}, Search: []string{}, Visible: l.Visible,
	}
	if l.Source.Geometry != "" {
		info.Geometry = &GeometryInfo{l.Geometry.Type, l.Geometry.Model}
	}
	if l.Group != nil {
		info.Group = whole(l.Group)
	}
	if info.Dashboard == nil {
		info.Dashboard = []layers.Widget{}
	}
	if l.Documents != nil {
		info.Documents = &DocumentsInfo{append([]string{}, l.Documents.Accept...), int64(l.Documents.MaxSize)}
	}
	for _, child := range l.Children {
		if child.Field.Reference.Tab.Hidden || !v.May(layers.Read, child.Layer, "") || !v.MaySee(child.Layer, child.Field) {
			continue
		}
		title := child.Field.Reference.Tab.Title
		if title == nil {
			title = child.Layer.Title
		}
		info.Children = append(info.Children, Child{child.Layer.ID, child.Field.Name, whole(title)})
	}
	info.Application.Title = whole(l.Application.Title)
	seen := map[string]bool{}
	for _, f := range v.Fields(l) {
		seen[f.Name] = true
		field := Field{
			Name: f.Name, Type: f.Type, Label: whole(f.Label), Unit: f.Unit, Widget: f.Widget,
			Required: f.Required, TileMinZoom: f.TileMinZoom, ReadOnly: !v.MayChange(l, &f, ""), Computed: f.Compute != nil, Personal: f.Personal,
		}
		if f.Reference != nil {
			field.Reference = &ReferenceInfo{f.Reference.Layer, f.Reference.Where}
		}
		if f.Help != nil {
			field.Help = whole(f.Help)
		}
		if f.Section != nil {
			field.Section = whole(f.Section)
		}
		for _, c := range f.Enum {
			field.Enum = append(field.Enum, layers.Choice{Value: c.Value, Label: whole(c.Label)})
		}
		info.Fields = append(info.Fields, field)
	}
	for _, name := range l.List {
		if seen[name] {
			info.List = append(info.List, name)
		}
	}
	for _, name := range l.Search {
		if seen[name] {
			info.Search = append(info.Search, name)
		}
	}
	return info
}

// actionsOf are the actions that the viewer may do with the records of a
// collectivity, "" with those of any.
func actionsOf(v layers.Viewer, l *layers.Layer, collectivity string) []layers.Action {
	actions := []layers.Action{}
	for _, a := range layers.Actions {
		if v.May(a, l, collectivity) {
			actions = append(actions, a)
		}
	}
	return actions
}

// whole gives a text in both languages of the page.
func whole(t layers.Text) layers.Text {
	return layers.Text{"fr": t.In("fr"), "en": t.In("en")}
}

func corners(b *layers.BBox) *[4]float64 {
	if b == nil {
		return nil
	}
	return &[4]float64{b.MinX, b.MinY, b.MaxX, b.MaxY}
}

type formInput struct {
	Layer string `path:"layer"`
	Lang  string `query:"lang" enum:"fr,en" default:"fr"`
}

type formOutput struct {
	Body struct {
		Schema   map[string]any `json:"schema" doc:"JSON Schema of the properties"`
		UISchema map[string]any `json:"uiSchema"`
	}
}

func (s *Server) getForm(ctx context.Context, in *formInput) (*formOutput, error) {
	v := auth.Viewer(ctx)
	l, err := s.Layers.Catalog().Get(v, in.Layer)
	if err != nil {
		return nil, err
	}
	out := &formOutput{}
	out.Body.Schema, out.Body.UISchema = l.Schema(v, in.Lang), l.UISchema(v, in.Lang)
	return out, nil
}

// unitedBy are the fields that a viewer sees in tiles of all zooms, where features
// are united at some; nil where at none.
func unitedBy(v layers.Viewer, l *layers.Layer) []string {
	names := l.Tiles.United()
	for _, name := range names {
		if !v.MaySee(l, l.Field(name)) { // features are drawn one by one
			return nil
		}
	}
	return names
}
