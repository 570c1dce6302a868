package library

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Design is a layer as an administrator designs it in the page.
type Design struct {
	ID       string // of the layer: own.NAME
	Title    layers.Text
	Geometry string // "" for records without shape
	SRID     int
	Public   bool
	Shared   bool // rows belong to no collectivity
	Fields   []Field
}

// Field is a field of a designed layer.
type Field struct {
	Name     string
	Label    layers.Text
	Type     layers.Type
	Required bool
	Choices  []layers.Choice
}

// Create makes the table of a designed layer and loads it. On return this
// process serves it.
func (b *Library) Create(ctx context.Context, service *layers.Service, v layers.Viewer, d Design) error {
	if !v.Admin {
		return denied(v)
	}
	name, ok := strings.CutPrefix(d.ID, "own.")
	if !ok {
		return layers.Errorf(layers.Invalid, "id: the identifier of a layer that is made in the page begins with own.")
	}
	if _, err := service.Catalog().Get(v, d.ID); err == nil {
		return layers.Errorf(layers.Conflict, "id: there is a layer %s already: choose another identifier", d.ID)
	}
	table := postgis.Design{Table: "own." + name, Geometry: d.Geometry, SRID: d.SRID, Shared: d.Shared}
	for _, f := range d.Fields {
		table.Fields = append(table.Fields, f.column())
	}
	file, err := d.file()
	if err != nil {
		return err
	}
	// Its own words first: what is wrong is told before a table is made.
	if _, err := layers.ReadFile(d.ID, file); err != nil {
		return err
	}
	if err := b.store.CreateTable(ctx, v, table, d.ID, string(file)); err != nil {
		return err
	}
	return b.Reload(ctx, service)
}

func denied(v layers.Viewer) error {
	if v.Anonymous() {
		return layers.Errorf(layers.Unauthorized, "sign in as an administrator to design layers")
	}
	return layers.Errorf(layers.Forbidden, "only an administrator of the server may design layers")
}

func (f Field) column() postgis.DesignedField {
	c := postgis.DesignedField{Name: f.Name, Type: f.Type, Required: f.Required}
	for _, choice := range f.Choices {
		c.Values = append(c.Values, choice.Value)
	}
	return c
}

// file is the layer file of a design.
func (d Design) file() ([]byte, error) {
	source := yaml.MapSlice{{Key: "table", Value: d.ID}}
	if !d.Shared {
		source = append(source, yaml.MapItem{Key: "collectivity", Value: "collectivity"})
	}
	file := yaml.MapSlice{{Key: "id", Value: d.ID}, {Key: "title", Value: d.Title}, {Key: "source", Value: source}}
	if d.Geometry != "" {
		file = append(file, yaml.MapItem{Key: "geometry", Value: yaml.MapSlice{{Key: "type", Value: d.Geometry}}})
	}
	file = append(file, yaml.MapItem{Key: "public", Value: d.Public}, yaml.MapItem{Key: "visible", Value: true}, yaml.MapItem{Key: "order", Value: 100})
	var fields []yaml.MapSlice
	var search []string
	label := ""
	for _, f := range d.Fields {
		fields = append(fields, f.definition())
		if f.Type == layers.TypeText {
			search = append(search, f.Name)
			if label == "" {
				label = "{" + f.Name + "}"
			}
		}
	}
	if label != "" {
		file = append(file, yaml.MapItem{Key: "label", Value: label}, yaml.MapItem{Key: "search", Value: search})
	}
	file = append(file, yaml.MapItem{Key: "fields", Value: fields})
	if d.Geometry != "" {
		file = append(file, yaml.MapItem{Key: "style", Value: postgis.StyleFor(d.ID, d.Geometry)})
	}
	text, err := yaml.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("writing a layer file for %s: %w", d.ID, err)
	}
	return text, nil
}

func (f Field) definition() yaml.MapSlice {
	field := yaml.MapSlice{{Key: "name", Value: f.Name}}
	if len(f.Label) > 0 {
		field = append(field, yaml.MapItem{Key: "label", Value: f.Label})
	}
	if f.Required {
		field = append(field, yaml.MapItem{Key: "required", Value: true})
	}
	var choices []yaml.MapSlice
	for _, c := range f.Choices {
		choice := yaml.MapSlice{{Key: "value", Value: c.Value}}
		if len(c.Label) > 0 {
			choice = append(choice, yaml.MapItem{Key: "label", Value: c.Label})
		}
		choices = append(choices, choice)
	}
	if choices != nil {
		field = append(field, yaml.MapItem{Key: "enum", Value: choices})
	}
	return field
}

// AddField adds a field to a designed layer.
func (b *Library) AddField(ctx context.Context, service *layers.Service, v layers.Viewer, id string, f Field) error {
	if !v.Admin {
		return denied(v)
	}
	l, text, err := b.made(ctx, service, v, id)
	if err != nil {
		return err
	}
	if l.Field(f.Name) != nil {
		return layers.Errorf(layers.Conflict, "name: layer %s has a field %s already: choose another name", id, f.Name)
	}
	var file yaml.MapSlice
	if err := yaml.UnmarshalWithOptions([]byte(text), &file, yaml.UseOrderedMap()); err != nil {
		return fmt.Errorf("reading the file of layer %s: %w", id, err)
	}
	f.Required = false
	for i := range file {
		if file[i].Key == "fields" {
			fields, _ := file[i].Value.([]any)
			file[i].Value = append(fields, f.definition())
		}
	}
	after, err := yaml.Marshal(file)
	if err != nil {
		return fmt.Errorf("writing the file of layer %s: %w", id, err)
	}
	if _, err := layers.ReadFile(id, after); err != nil {
		return err
	}
	if err := b.store.AddColumn(ctx, v, l.Source.Table, f.column(), id, string(after)); err != nil {
		return err
	}
	return b.Reload(ctx, service)
}

// made finds a layer made in the page with its file.
func (b *Library) made(ctx context.Context, service *layers.Service, v layers.Viewer, id string) (*layers.Layer, string, error) {
	files, err := b.store.LayerFiles(ctx)
	if err != nil {
		return nil, "", err
	}
	for _, f := range files {
		if f.Name == id {
			l, err := service.Catalog().Get(v, id)
			return l, f.Text, err
		}
	}
	return nil, "", layers.Errorf(layers.NotFound, "no layer %q was made in the page", id)
}

// Files are the layer files made in the page.
func (b *Library) Files(ctx context.Context, v layers.Viewer) ([]postgis.LayerFile, error) {
	if !v.Admin {
		return nil, denied(v)
	}
	return b.store.LayerFiles(ctx)
}

// Tables are the tables that could be layers.
func (b *Library) Tables(ctx context.Context, v layers.Viewer) ([]string, error) {
	if !v.Admin {
		return nil, denied(v)
	}
	return b.store.Tables(ctx)
}

// Introspect writes a layer file for a table.
func (b *Library) Introspect(ctx context.Context, v layers.Viewer, table string) ([]byte, error) {
	if !v.Admin {
		return nil, denied(v)
	}
	return b.store.Introspect(ctx, table)
}

// Put stores the file of a layer made in the page, if it is right beside the
// others, and loads it.
func (b *Library) Put(ctx context.Context, service *layers.Service, v layers.Viewer, text string) (id string, err error) {
	if !v.Admin {
		return "", denied(v)
	}
	l, err := layers.ReadFile("layer", []byte(text))
	if err != nil {
		return "", err
	}
	if err := b.fits(ctx, l); err != nil {
		return "", err
	}
	if err := b.store.PutLayerFile(ctx, v, l.ID, text); err != nil {
		return "", err
	}
	return l.ID, b.Reload(ctx, service)
}

// fits reports what is wrong with a layer beside the others, its former self
// excepted.
func (b *Library) fits(ctx context.Context, l *layers.Layer) error {
	all, err := b.builtIn()
	if err != nil {
		return err
	}
	owned, _, err := b.owned(ctx)
	if err != nil {
		return err
	}
	if err := b.store.Describe(ctx, l); err != nil {
		return err
	}
	for _, other := range owned {
		if other.ID != l.ID && b.store.Describe(ctx, other) == nil {
			all = append(all, other)
		}
	}
	for _, other := range all {
		if err := b.store.Describe(ctx, other); err != nil {
			return err
		}
	}
	_, err = layers.NewCatalog(append(all, l))
	if misfits, ok := errors.AsType[*layers.Misfits](err); ok {
		if messages := misfits.ByLayer[l]; messages != nil {
			return layers.Errorf(layers.Invalid, "%s", strings.Join(messages, "\n"))
		}
		return nil // others are wrong already
	}
	return err
}

// Drop takes a layer made in the page away. Its table and all its records
// stay in the database.
func (b *Library) Drop(ctx context.Context, service *layers.Service, v layers.Viewer, id string) error {
	if !v.Admin {
		return denied(v)
	}
	if err := b.store.DeleteLayerFile(ctx, id); err != nil {
		return err
	}
	return b.Reload(ctx, service)
}
