package layers

import (
	"regexp"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Layer is the definition of one layer as its layer file gives it, completed
// from the database when it is loaded.
type Layer struct {
	ID          string      `yaml:"id"`          // such as "land.parcels"; unique on the server
	Application Application `yaml:"-"`           // the application whose folder holds the file
	Title       Text        `yaml:"title"`       // in the plural: "Parcels"
	Description Text        `yaml:"description"` // one sentence
	Source      Source      `yaml:"source"`
	Geometry    Geometry    `yaml:"geometry"`
	Public      bool        `yaml:"public"`  // anonymous viewers may read it
	Visible     bool        `yaml:"visible"` // shown when the page opens
	Order       int         `yaml:"order"`   // drawing order, lowest first
	Label       string      `yaml:"label"`   // title of one feature: "{section} {number}"
	Fields      []Field     `yaml:"fields"`
	List        []string    `yaml:"list"`   // columns of the list, by field name
	Search      []string    `yaml:"search"` // fields that the search box looks in
	Tiles       Tiles       `yaml:"tiles"`
	Style       Style       `yaml:"style"`

	File string `yaml:"-"` // where it was read, for messages

	schemaOnce sync.Once
	schema     *jsonschema.Schema // of the properties
}

// Application groups the layers of one trade.
type Application struct {
	ID    string `json:"id" yaml:"id"`
	Title Text   `json:"title" yaml:"title"`
	Order int    `json:"-" yaml:"order"`
}

// Source says where the rows of a layer are. What the file leaves out is
// found in the database at start.
type Source struct {
	Table        string `yaml:"table"`        // schema.table
	ID           string `yaml:"id"`           // column of the identifier; the primary key when absent
	Geometry     string `yaml:"geometry"`     // geometry column; the first one when absent
	Collectivity string `yaml:"collectivity"` // column with the code of the collectivity that owns the row; may be absent

	IDType   string `yaml:"-"` // PostgreSQL type of the identifier
	IDGiven  bool   `yaml:"-"` // the client chooses the identifier on creation (no default in the database)
	SRID     int    `yaml:"-"` // EPSG code of the geometry column
	Grid     int    `yaml:"-"` // coordinates are multiples of 1/Grid: 1000 (1 mm) in a metric CRS, 0 for none
	ReadOnly bool   `yaml:"-"` // a view: nothing can be written
}

// Geometry says what shapes a layer has and which rules hold between them.
type Geometry struct {
	Type  string `yaml:"type"`  // Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, Geometry; the column's when absent
	Model string `yaml:"model"` // free (default), coverage or network
	Z     bool   `yaml:"-"`     // the column has a third coordinate
}

// Field is one attribute.
type Field struct {
	Name        string   `yaml:"name"` // name in the API
	Column      string   `yaml:"column"`
	Type        string   `yaml:"type"` // text, integer, number, boolean, date, datetime; the column's when absent
	Label       Text     `yaml:"label"`
	Help        Text     `yaml:"help"`
	Section     Text     `yaml:"section"`
	Unit        string   `yaml:"unit"`
	Widget      string   `yaml:"widget"` // textarea; the type's own when absent
	Required    bool     `yaml:"required"`
	ReadOnly    bool     `yaml:"readOnly"`
	Private     bool     `yaml:"private"` // hidden from anonymous viewers, even on a public layer
	Pattern     string   `yaml:"pattern"`
	Minimum     *float64 `yaml:"minimum"`
	Maximum     *float64 `yaml:"maximum"`
	MaxLength   int      `yaml:"maxLength"`
	Enum        []Choice `yaml:"enum"`
	Default     any      `yaml:"default"`
	TileMinZoom *int     `yaml:"tileMinZoom"` // in tiles from this zoom on; nil: in all, negative: in none

	ColumnType string `yaml:"-"` // PostgreSQL type, for casts
	NotNull    bool   `yaml:"-"` // the column forbids null
	HasDefault bool   `yaml:"-"` // the column has a default, so that it may be left out
}

// Choice is one value of an enumeration.
type Choice struct {
	Value string `json:"value" yaml:"value"`
	Label Text   `json:"label" yaml:"label"`
}

// Tiles says at which zooms a layer is in tiles. Outside, its tiles are empty.
type Tiles struct {
	MinZoom int `yaml:"minzoom"`
	MaxZoom int `yaml:"maxzoom"` // clients overzoom beyond
}

// Style says how the layer is drawn. Colours are CSS colours, widths pixels.
type Style struct {
	Fill    string      `json:"fill,omitempty" yaml:"fill"`
	Stroke  string      `json:"stroke,omitempty" yaml:"stroke"`
	Width   float64     `json:"width,omitempty" yaml:"width"`
	Radius  float64     `json:"radius,omitempty" yaml:"radius"`
	Dash    []float64   `json:"dash,omitempty" yaml:"dash"`
	Opacity float64     `json:"opacity,omitempty" yaml:"opacity"`
	MinZoom float64     `json:"minzoom,omitempty" yaml:"minzoom"`
	MaxZoom float64     `json:"maxzoom,omitempty" yaml:"maxzoom"`
	Label   *LabelStyle `json:"label,omitempty" yaml:"label"`
	By      *StyleBy    `json:"by,omitempty" yaml:"by"`
}

// LabelStyle writes a field beside each feature.
type LabelStyle struct {
	Field   string  `json:"field" yaml:"field"`
	MinZoom float64 `json:"minzoom,omitempty" yaml:"minzoom"`
	Size    float64 `json:"size,omitempty" yaml:"size"`
}

// StyleBy gives features other colours by the value of a field.
type StyleBy struct {
	Field  string       `json:"field" yaml:"field"`
	Values []StyleValue `json:"values" yaml:"values"`
}

// StyleValue is one entry of the legend.
type StyleValue struct {
	Value  string `json:"value" yaml:"value"`
	Fill   string `json:"fill,omitempty" yaml:"fill"`
	Stroke string `json:"stroke,omitempty" yaml:"stroke"`
	Label  Text   `json:"label" yaml:"label"`
}

// Field returns the field called name, nil when there is none.
func (l *Layer) Field(name string) *Field {
	i := slices.IndexFunc(l.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &l.Fields[i]
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// LabelOf writes the title of a feature from its properties.
func (l *Layer) LabelOf(id string, properties map[string]any) string {
	s := placeholder.ReplaceAllStringFunc(l.Label, func(m string) string {
		return textOf(properties[m[1:len(m)-1]])
	})
	if s = trimSpaces(s); s != "" {
		return s
	}
	return l.Title.In("fr") + " " + id
}
