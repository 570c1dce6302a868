package layers

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"arpent/layers/yamlfile"
)

// LabelStyle writes a field, or the value of an expression, beside each feature.
type LabelStyle struct {
	Field   string   `json:"field,omitempty" yaml:"field"`
	Text    string   `json:"text,omitempty" yaml:"text"` // an expression; instead of the field
	MinZoom float64  `json:"minzoom,omitempty" yaml:"minzoom"`
	MaxZoom float64  `json:"maxzoom,omitempty" yaml:"maxzoom"` // none when 0
	Size    float64  `json:"size,omitempty" yaml:"size"`
	Halo    *float64 `json:"halo,omitempty" yaml:"halo"` // width of the light edge, pixels; 3 when absent
}

// Symbols are the shapes in which points are drawn; the first where a style
// names none.
var Symbols = []string{"circle", "square", "diamond", "triangle", "star", "cross"}

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

// StyleClasses gives features colours by the class that a number falls into.
type StyleClasses struct {
	Field string `json:"field" yaml:"field"`
	// Method tells how the bounds were found: quantiles, equal, jenks; "" by hand.
	Method string `json:"method,omitempty" yaml:"method"`
	// Breaks are the lowest value and the highest of each class.
	Breaks  []float64 `json:"breaks" yaml:"breaks"`
	Colours []string  `json:"colours" yaml:"colours"` // of each class
}

// StyleSize draws points larger as a number grows: the area of the circle
// follows the number.
type StyleSize struct {
	Field     string  `json:"field" yaml:"field"`
	From      float64 `json:"from" yaml:"from"` // the number of the smallest circle
	To        float64 `json:"to" yaml:"to"`
	MinRadius float64 `json:"minRadius" yaml:"minRadius"`
	MaxRadius float64 `json:"maxRadius" yaml:"maxRadius"`
}

// needs reports whether drawing at a zoom needs the value of the field.
func (s *Style) needs(field string, zoom int) bool {
	return s.By != nil && s.By.Field == field || s.Classes != nil && s.Classes.Field == field || s.Size != nil && s.Size.Field == field ||
		s.Label != nil && s.Label.Text == "" && s.Label.Field == field && float64(zoom+1) > s.Label.MinZoom
}

// InTile reports whether tiles of a zoom carry the field: as its file says, and
// wherever the style of the file draws by it. The last tiles are those of all
// zooms beyond.
func (l *Layer) InTile(f *Field, zoom int) bool {
	if f.TileMinZoom == nil || *f.TileMinZoom >= 0 && zoom >= *f.TileMinZoom {
		return true
	}
	if zoom >= l.Tiles.MaxZoom {
		zoom = math.MaxInt32
	}
	return l.Style.needs(f.Name, zoom)
}

// LabelText is the expression of labels that tiles of a zoom carry the value of;
// nil for none.
func (l *Layer) LabelText(zoom int) *Expression {
	if label := l.Style.Label; label == nil || zoom < l.Tiles.MaxZoom && float64(zoom+1) <= label.MinZoom {
		return nil
	}
	return l.labelText
}

// Fields are those that the style draws by, but for the expression of labels.
func (s *Style) Fields() []string {
	named := map[string]bool{}
	for _, name := range s.drawnBy() {
		named[name] = true
	}
	if s.Label != nil && s.Label.Text == "" {
		named[s.Label.Field] = true
	}
	return slices.Sorted(maps.Keys(named))
}

// drawnBy are the fields that colours and sizes depend on.
func (s *Style) drawnBy() []string {
	var names []string
	if s.By != nil {
		names = append(names, s.By.Field)
	}
	if s.Classes != nil {
		names = append(names, s.Classes.Field)
	}
	if s.Size != nil {
		names = append(names, s.Size.Field)
	}
	return names
}

// TileExtra is what a drawing needs of tiles besides what the layer file puts
// into them. The zero TileExtra is nothing.
type TileExtra struct {
	Fields []string    // names, sorted
	Text   *Expression // attribute _text; nil for that of the file, if it has one
}

// Key is the same for extras that ask the same; "" where they ask nothing.
func (e TileExtra) Key() string {
	switch {
	case e.Text != nil:
		return fmt.Sprintf(" %s %q", e.Fields, e.Text.Text)
	case len(e.Fields) > 0:
		return fmt.Sprintf(" %s", e.Fields)
	}
	return ""
}

// Bounds of what tiles may be asked for.
const (
	maxTileFields = 8
	maxTileText   = 500
)

// TileExtra checks what a viewer wants tiles of a layer to carry: fields that it
// may see, but for personal data, and an expression over them.
func (c *Catalog) TileExtra(v Viewer, l *Layer, fields []string, text string) (TileExtra, error) {
	v.Purpose = ""
	if len(fields) > maxTileFields {
		return TileExtra{}, BadParameter("fields", nil, "at most %d may be asked for", maxTileFields)
	}
	for _, name := range fields {
		switch f := l.Field(name); {
		case f != nil && f.Personal:
			return TileExtra{}, BadParameter("fields", name, "is personal data, which tiles do not carry")
		case f == nil || !v.MaySee(l, f):
			return TileExtra{}, BadParameter("fields", name, "layer %s has no field of this name", l.ID)
		}
	}
	e := TileExtra{Fields: slices.Compact(slices.Sorted(slices.Values(fields)))}
	if text == "" {
		return e, nil
	}
	var err error
	e.Text, err = c.labelText(v, l, text)
	if err != nil {
		return TileExtra{}, BadParameter("text", nil, "%v", err)
	}
	return e, nil
}

// tileFunctions are those that may be called for each feature of a tile:
// nothing that looks at other records.
var tileFunctions = []string{"today", "now", "date", "year", "month", "years", "days", "addDays", "addMonths", "addYears",
	"abs", "round", "floor", "ceil", "min", "max", "lower", "upper", "trim", "len", "text", "area", "length"}

// labelText is an expression for labels, over fields that the viewer may see.
func (c *Catalog) labelText(v Viewer, l *Layer, text string) (*Expression, error) {
	if len(text) > maxTileText {
		return nil, Errorf(Invalid, "the expression is longer than %d characters: shorten it", maxTileText)
	}
	e, err := ParseExpression(text)
	if err != nil {
		return nil, err
	}
	for _, call := range e.calls() {
		name, _ := Called(call)
		if _, known := functions[name]; !known {
			return nil, Errorf(Invalid, "%q: there is no function %s%s", text, name, yamlfile.Suggest(name, tileFunctions))
		}
		if !slices.Contains(tileFunctions, name) {
			return nil, Errorf(Invalid, "%q: %s looks at other records, which labels cannot: leave it out", text, name)
		}
	}
	// Before the check, which would propose fields that the viewer may not see.
	named := func(f *Field) bool { return !f.Personal && v.MaySee(l, f) }
	for _, name := range e.Fields() {
		if f := l.Field(name); f == nil || !named(f) {
			var names []string
			for i := range l.Fields {
				if named(&l.Fields[i]) {
					names = append(names, l.Fields[i].Name)
				}
			}
			return nil, Errorf(Invalid, "%q: there is no field %s%s", text, name, yamlfile.Suggest(name, names))
		}
	}
	if err := e.check(l, c, unknown); err != nil {
		return nil, err
	}
	return e, nil
}

var colour = regexp.MustCompile(`^(#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|(rgb|hsl)a?\([0-9 ,.%/deg]+\)|[a-z]+)$`)

// Bounds of a style.
const (
	maxValues = 200
	maxText   = 200
	maxZoom   = 24
)

// CheckStyle reports whether a style that somebody made fits the layer: it may
// draw by what the viewer sees, but for personal data.
func (c *Catalog) CheckStyle(v Viewer, l *Layer, s *Style) error {
	v.Purpose = ""
	k := &styleCheck{}
	k.colour("style.fill", s.Fill)
	k.colour("style.stroke", s.Stroke)
	k.within("style.width", s.Width, 0, 50)
	k.within("style.radius", s.Radius, 0, 50)
	k.within("style.opacity", s.Opacity, 0, 1)
	k.zooms("style", s.MinZoom, s.MaxZoom)
	if s.Symbol != "" && !slices.Contains(Symbols, s.Symbol) {
		k.fault("style.symbol", "is none of %s", strings.Join(Symbols, ", "))
	}
	if len(s.Dash) > 8 {
		k.fault("style.dash", "has more than 8 numbers")
	}
	for _, d := range s.Dash {
		k.within("style.dash", d, 0, 100)
	}
	for _, name := range s.Fields() {
		if f := l.Field(name); f == nil || f.Personal || !v.MaySee(l, f) {
			k.fault("style", "layer %s has no field %q to draw by", l.ID, name)
		}
	}
	if s.By != nil && s.Classes != nil {
		k.fault("style", "draws by value and by class: leave one of them out")
	}
	if s.By != nil {
		if len(s.By.Values) > maxValues {
			k.fault("style.by.values", "has more than %d values: draw by classes, or leave some out", maxValues)
		}
		for i, value := range s.By.Values {
			at := fmt.Sprintf("style.by.values[%d]", i)
			k.colour(at+".fill", value.Fill)
			k.colour(at+".stroke", value.Stroke)
			k.short(at+".value", value.Value)
			for _, words := range value.Label {
				k.short(at+".label", words)
			}
		}
	}
	if s.Classes != nil {
		k.classes(l, s.Classes)
	}
	if s.Size != nil {
		k.numeric(l, "style.size.field", s.Size.Field)
		k.within("style.size.minRadius", s.Size.MinRadius, 0, 50)
		k.within("style.size.maxRadius", s.Size.MaxRadius, s.Size.MinRadius, 50)
		if math.IsNaN(s.Size.From) || math.IsNaN(s.Size.To) || s.Size.From > s.Size.To {
			k.fault("style.size.from", "is above the highest number")
		}
	}
	if label := s.Label; label != nil {
		k.zooms("style.label", label.MinZoom, label.MaxZoom)
		if label.Size != 0 {
			k.within("style.label.size", label.Size, 6, 48)
		}
		if label.Halo != nil {
			k.within("style.label.halo", *label.Halo, 0, 10)
		}
		if label.Text != "" {
			if _, err := c.labelText(v, l, label.Text); err != nil {
				k.fault("style.label.text", "%v", err)
			}
		}
	}
	if len(k.faults) > 0 {
		e := Errorf(Invalid, "%s: %s", k.faults[0].Location, k.faults[0].Message)
		e.Faults = k.faults
		return e
	}
	return nil
}

// styleCheck collects what is wrong with a style.
type styleCheck struct{ faults []Fault }

func (k *styleCheck) fault(at, format string, args ...any) {
	k.faults = append(k.faults, Fault{Location: at, Message: fmt.Sprintf(format, args...)})
}

func (k *styleCheck) colour(at, text string) {
	if text != "" && (len(text) > 50 || !colour.MatchString(text)) {
		k.fault(at, "is no colour such as #1c7ed6")
	}
}

func (k *styleCheck) short(at, text string) {
	if len(text) > maxText {
		k.fault(at, "is longer than %d characters", maxText)
	}
}

func (k *styleCheck) within(at string, value, lowest, highest float64) {
	if math.IsNaN(value) || value < lowest || value > highest {
		k.fault(at, "is not between %v and %v", lowest, highest)
	}
}

// zooms checks the zooms between which something is drawn; it is to be drawn at
// one of them at least.
func (k *styleCheck) zooms(at string, lowest, highest float64) {
	k.within(at+".minzoom", lowest, 0, maxZoom)
	k.within(at+".maxzoom", highest, 0, maxZoom)
	if highest > 0 && lowest > highest {
		k.fault(at+".minzoom", "%v is above maxzoom, %v: it would never be drawn; lower it, or raise maxzoom", lowest, highest)
	}
}

func (k *styleCheck) numeric(l *Layer, at, name string) {
	if f := l.Field(name); f != nil && !f.numeric() {
		k.fault(at, "is of type %s: name a field with numbers", f.Type)
	}
}

func (k *styleCheck) classes(l *Layer, c *StyleClasses) {
	k.numeric(l, "style.classes.field", c.Field)
	if len(c.Colours) == 0 || len(c.Breaks) != len(c.Colours)+1 {
		k.fault("style.classes.breaks", "are %d for %d colours: give the lowest value and the highest of each class", len(c.Breaks), len(c.Colours))
	}
	if !slices.IsSorted(c.Breaks) || slices.ContainsFunc(c.Breaks, math.IsNaN) {
		k.fault("style.classes.breaks", "are not in order")
	}
	for i, text := range c.Colours {
		k.colour(fmt.Sprintf("style.classes.colours[%d]", i), text)
	}
}
