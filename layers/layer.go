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
	Group       Text        `yaml:"group"`       // heading under which the tree of layers shows it within its application; may be empty
	Source      Source      `yaml:"source"`
	Geometry    Geometry    `yaml:"geometry"`
	Kind        LayerKind   `yaml:"kind"`    // main when absent
	Public      bool        `yaml:"public"`  // anonymous viewers may read it
	Visible     bool        `yaml:"visible"` // shown when the page opens
	Order       int         `yaml:"order"`   // drawing order, lowest first
	Label       string      `yaml:"label"`   // title of one feature: "{section} {number}"
	Fields      []Field     `yaml:"fields"`
	List        []string    `yaml:"list"`   // columns of the list, by field name
	Search      []string    `yaml:"search"` // fields that the search box looks in
	Tiles       Tiles       `yaml:"tiles"`
	Style       Style       `yaml:"style"`
	Rules       []Rule      `yaml:"rules"`
	Validity    *Validity   `yaml:"validity"`
	Documents   *Documents  `yaml:"documents"` // nil: no files may be attached
	Dashboard   []Widget    `yaml:"dashboard"`
	// Rights are the actions of profiles on the layer. A profile that is not
	// named has those of its general grants.
	Rights map[string][]string `yaml:"rights"`

	File string `yaml:"-"` // where it was read, for messages
	// Children are the fields of other layers that refer to records of this
	// one, in order of layers. Filled when the catalog is made.
	Children []Child `yaml:"-"`
	// Daily: computed fields change with the day, though no row does.
	Daily bool `yaml:"-"`

	reader *fileReader // tells the lines of the file

	labelText   *Expression // of Style.Label.Text
	labelRefers bool        // filled when the catalog is made

	schemaOnce sync.Once
	schema     *jsonschema.Schema // of the properties
}

// LayerKind says where people meet the records of a layer.
type LayerKind string

// The kinds of layers.
const (
	Main           LayerKind = "main"      // in the tree of layers when it has a shape, and among the registers of its application
	Detail         LayerKind = "detail"    // in the tabs of the records it belongs to
	ReferenceTable LayerKind = "reference" // values to choose from, kept by administrators
	Link           LayerKind = "link"      // a row joins two records and is nothing else
)

// Rule is one that holds across the fields of a record (Check), or across the
// records of a layer (Unique). A check that gives nothing holds, as in SQL.
type Rule struct {
	Check   *Expression `yaml:"check"`
	Unique  []string    `yaml:"unique"` // no two records share the values of these fields
	Message Text        `yaml:"message"`
	Field   string      `yaml:"field"` // where the form shows it
}

// Validity names the fields of the first and the last day on which a record
// may be chosen; one of them may be empty. A record without a day is valid on
// that side for ever.
type Validity struct {
	From  string `yaml:"from"`
	Until string `yaml:"until"`
}

// Documents says which files may be attached to a record.
type Documents struct {
	Accept  []string `yaml:"accept"`  // media types, such as image/* and application/pdf; empty: any
	MaxSize Size     `yaml:"maxSize"` // 20 MB when absent
}

// Widget is a part of the dashboard.
type Widget struct {
	Kind   string            `json:"kind" yaml:"kind"` // count, due, chart, latest, sum
	Title  Text              `json:"title" yaml:"title"`
	Field  string            `json:"field,omitempty" yaml:"field"`   // of due: the date; of chart: what is counted by; of sum: what is summed up
	Filter map[string]string `json:"filter,omitempty" yaml:"filter"` // by field: value
	Days   int               `json:"days,omitempty" yaml:"days"`     // of due: how far ahead; 30 when absent
	// Profiles are those to whom the widget is shown; empty for all.
	Profiles []string `json:"profiles,omitempty" yaml:"profiles"`
}

// Child is a field of another layer that refers to records of this one.
type Child struct {
	Layer *Layer
	Field *Field
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

	IDType  string `yaml:"-"` // PostgreSQL type of the identifier
	IDGiven bool   `yaml:"-"` // the client chooses the identifier on creation (no default in the database)
	SRID    int    `yaml:"-"` // EPSG code of the geometry column, 0 without one
	// TableGeometry is the first geometry column of the table, which history
	// keeps apart from the other columns. Another layer may show it.
	TableGeometry string `yaml:"-"`
	Grid          int    `yaml:"-"` // coordinates are multiples of 1/Grid: 1000 (1 mm) in a metric CRS, 0 for none
	ReadOnly      bool   `yaml:"-"` // a view: nothing can be written
}

// Geometry says what shapes a layer has and which rules hold between them.
type Geometry struct {
	Type  string `yaml:"type"`  // Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, Geometry; the column's when absent
	Model string `yaml:"model"` // free (default), coverage or network
	// Divided says what fields of a record become when its shape is divided among
	// several, or several are merged; those that are not named are the same on all.
	Divided map[string]Succession `yaml:"divided"`
	Z       bool                  `yaml:"-"` // the column has a third coordinate

	// Of the edges of a network: the layer of the nodes that they end on. Without
	// one edges meet where they end.
	Nodes string `yaml:"nodes"`
	// From and To name the fields with the nodes at the beginning and the end.
	From string `yaml:"from"`
	To   string `yaml:"to"`
	// Levels name the fields with the levels in metres at From and To.
	Levels []string `yaml:"levels"`
	// Reversed names a field that tells that From is at the end of the line as it
	// is drawn.
	Reversed string `yaml:"reversed"`
	// Joins names a field with the edge that an edge joins, as a branch its main:
	// where that is divided it names the part that it touches.
	Joins string `yaml:"joins"`
	// Shared names fields, of the same name in both layers, that a node put on an
	// edge has from it.
	Shared []string `yaml:"shared"`

	NodeLayer *Layer `yaml:"-"` // that Nodes names; filled when the catalog is made
	Edges     *Layer `yaml:"-"` // of nodes: the layer of edges that names them
}

// Succession is what becomes of a field where a record is divided or merged; one
// of its members is given.
type Succession struct {
	// Next is the number after the highest of the records that have the same
	// values in these fields.
	Next  []string `yaml:"next"`
	Text  string   `yaml:"text"`  // fields in braces, with the least width of numbers: {section}{number:4}
	Share bool     `yaml:"share"` // in proportion to the areas; merged it is the sum
	Empty bool     `yaml:"empty"` // of new records
}

// Field is one attribute.
type Field struct {
	Name        string   `yaml:"name"` // name in the API
	Column      string   `yaml:"column"`
	Aliases     []string `yaml:"aliases"` // other names of columns that fill it by import
	Type        string   `yaml:"type"`    // text, integer, number, boolean, date, datetime; the column's when absent
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

	Reference  *Reference  `yaml:"reference"`  // the value identifies a record of another layer
	Compute    *Expression `yaml:"compute"`    // the value is read by this expression; there is no column
	Initial    *Expression `yaml:"initial"`    // value of a new record that gives none
	VisibleIf  *Expression `yaml:"visibleIf"`  // asked only then
	RequiredIf *Expression `yaml:"requiredIf"` // required only then
	Personal   bool        `yaml:"personal"`   // personal data: read with a right and a reason only

	ColumnType string `yaml:"-"` // PostgreSQL type, for casts
	NotNull    bool   `yaml:"-"` // the column forbids null
	HasDefault bool   `yaml:"-"` // the column has a default, so that it may be left out
}

// Choice is one value of an enumeration.
type Choice struct {
	Value string      `json:"value" yaml:"value"`
	Label Text        `json:"label" yaml:"label"`
	When  *Expression `json:"-" yaml:"when"` // may be chosen only then; nil: always
}

// Reference says to which layer's records a field refers.
type Reference struct {
	Layer string            `yaml:"layer"`
	Where map[string]string `yaml:"where"` // by field of that layer: the field of this record that it must equal
	Tab   Tab               `yaml:"tab"`   // the tab of the other record that lists these

	Target *Layer `yaml:"-"` // filled when the catalog is made
}

// Tab is the title of a tab, or that there is none.
type Tab struct {
	Title  Text // the title of the child layer when empty
	Hidden bool
}

// Style says how the layer is drawn. Colours are CSS colours, widths pixels.
type Style struct {
	Fill    string      `json:"fill,omitempty" yaml:"fill"`
	Stroke  string      `json:"stroke,omitempty" yaml:"stroke"`
	Width   float64     `json:"width,omitempty" yaml:"width"`
	Radius  float64     `json:"radius,omitempty" yaml:"radius"`
	Symbol  string      `json:"symbol,omitempty" yaml:"symbol"` // of points; one of Symbols
	Dash    []float64   `json:"dash,omitempty" yaml:"dash"`
	Opacity float64     `json:"opacity,omitempty" yaml:"opacity"`
	Arrow   bool        `json:"arrow,omitempty" yaml:"arrow"` // shows the direction of lines
	MinZoom float64     `json:"minzoom,omitempty" yaml:"minzoom"`
	MaxZoom float64     `json:"maxzoom,omitempty" yaml:"maxzoom"`
	Label   *LabelStyle `json:"label,omitempty" yaml:"label"`
	// Colours by value or by class of a number, one of them at most.
	By      *StyleBy      `json:"by,omitempty" yaml:"by"`
	Classes *StyleClasses `json:"classes,omitempty" yaml:"classes"`
	Size    *StyleSize    `json:"size,omitempty" yaml:"size"`
}

// Field returns the field called name, nil when there is none.
func (l *Layer) Field(name string) *Field {
	i := slices.IndexFunc(l.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &l.Fields[i]
}

// HiddenID names the identifier in files, of a layer no field of which shows it.
const HiddenID = "arpent_id"

// IDField is the field that shows the identifier, nil for none.
func (l *Layer) IDField() *Field {
	i := slices.IndexFunc(l.Fields, func(f Field) bool { return f.Column == l.Source.ID })
	if i < 0 {
		return nil
	}
	return &l.Fields[i]
}

// KeyField is a field by which records may be known: one of the layer's, or the
// identifier that none of them shows. nil for none.
func (l *Layer) KeyField(name string) *Field {
	if name != HiddenID || l.IDField() != nil {
		return l.Field(name)
	}
	f := &Field{Name: HiddenID, Column: l.Source.ID, ColumnType: l.Source.IDType, Type: string(TypeText), ReadOnly: true}
	switch l.Source.IDType {
	case "smallint", "integer", "bigint":
		f.Type = string(TypeInteger)
	}
	return f
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// LabelPart is a piece of a label: a text, or the value of a field.
type LabelPart struct{ Text, Field string }

// LabelParts are the pieces of the label of a feature, in order.
func (l *Layer) LabelParts() []LabelPart {
	var parts []LabelPart
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(l.Label, -1) {
		if m[0] > at {
			parts = append(parts, LabelPart{Text: l.Label[at:m[0]]})
		}
		parts = append(parts, LabelPart{Field: l.Label[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(l.Label) {
		parts = append(parts, LabelPart{Text: l.Label[at:]})
	}
	return parts
}

// LabelRefers reports whether the label has fields that people read as other
// words than their values: those of the record or the choice they stand for.
func (l *Layer) LabelRefers() bool { return l.labelRefers }

func (l *Layer) refersInLabel() bool {
	return slices.ContainsFunc(l.LabelParts(), func(p LabelPart) bool {
		f := l.Field(p.Field)
		return f != nil && (f.Reference != nil || f.Enum != nil)
	})
}
