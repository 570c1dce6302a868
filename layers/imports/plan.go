package imports

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"arpent/layers"
	"arpent/layers/exchange"
)

// Plan says how the records of a table fill a layer.
type Plan struct {
	Table        string            `json:"table" doc:"Of the file"`
	Reading      exchange.Reading  `json:"reading"`
	DecimalComma bool              `json:"decimalComma"`
	Columns      map[string]string `json:"columns" doc:"By field: the column that fills it"`
	Constants    map[string]string `json:"constants,omitempty" doc:"By field: one value for all records"`
	Create       []string          `json:"create,omitempty" doc:"Reference fields whose records are created where they are not found"`
	Shape        ShapePlan         `json:"shape"`
	Key          []string          `json:"key,omitempty" doc:"Fields by which a record is known; none: all are new"`
	Existing     string            `json:"existing,omitempty" enum:",update,skip,reject" doc:"What is done with records whose key is known"`
	Missing      string            `json:"missing,omitempty" enum:",create,skip,reject" doc:"What is done with those whose key is not"`
	Repeated     string            `json:"repeated,omitempty" enum:",reject,first" doc:"What is done with a key that comes again in the file"`
	EmptyKeeps   bool              `json:"emptyKeeps,omitempty" doc:"An empty value leaves that of the record as it is"`
	Collectivity string            `json:"collectivity,omitempty" doc:"Owner of new records"`
	Whole        bool              `json:"whole,omitempty" doc:"Nothing is written when a record is rejected"`
}

// ShapePlan says where shapes come from.
type ShapePlan struct {
	From     string `json:"from" enum:",file,columns,text" doc:"Empty: records get no shape"`
	X        string `json:"x,omitempty" doc:"Column of longitude or easting"`
	Y        string `json:"y,omitempty" doc:"Column of latitude or northing"`
	Text     string `json:"text,omitempty" doc:"Column of WKT"`
	SRID     int    `json:"srid,omitempty" doc:"EPSG code of the coordinates"`
	Required bool   `json:"required,omitempty" doc:"Records without a shape are rejected"`
}

// check tells what in the plan does not fit the layer.
func (p *Plan) check(v layers.Viewer, l *layers.Layer) error {
	faults := []layers.Fault{}
	fault := func(where, message string, args ...any) {
		faults = append(faults, layers.Fault{Location: where, Message: fmt.Sprintf(message, args...)})
	}
	for name := range p.Columns {
		if f := l.KeyField(name); f == nil || !fillable(v, l, f) {
			fault("columns."+name, "layer %s has no field of this name that can be filled", l.ID)
		} else if _, both := p.Constants[name]; both {
			fault("constants."+name, "is filled by a column already: choose one")
		}
	}
	for name := range p.Constants {
		if f := l.Field(name); f == nil || !fillable(v, l, f) {
			fault("constants."+name, "layer %s has no field of this name that can be filled", l.ID)
		}
	}
	for _, name := range p.Create {
		if f := l.Field(name); f == nil || f.Reference == nil {
			fault("create", "field %s refers to no record that could be created", name)
		}
	}
	if l.Source.Collectivity != "" && p.Collectivity == "" && p.Columns[ownerField(l)] == "" {
		fault("collectivity", "say which collectivity owns the records")
	}
	for _, name := range p.Key {
		if f := l.KeyField(name); f == nil || !v.MaySee(l, f) {
			fault("key", "layer %s has no field %s that you may see", l.ID, name)
			continue
		}
		if _, given := p.Columns[name]; !given {
			if _, constant := p.Constants[name]; !constant {
				fault("key", "field %s is part of the key: say which column fills it", name)
			}
		}
	}
	if len(p.Columns) == 0 && p.Shape.From == "" {
		fault("columns", "say which columns fill which fields")
	}
	switch {
	case p.Shape.From == "":
	case l.Source.Geometry == "":
		fault("shape", "the records of layer %s have no shape", l.ID)
	case p.Shape.SRID == 0:
		fault("shape.srid", "say in which coordinate reference system the coordinates are")
	case p.Shape.From == "columns" && (p.Shape.X == "" || p.Shape.Y == ""):
		fault("shape", "say which columns hold the coordinates")
	case p.Shape.From == "text" && p.Shape.Text == "":
		fault("shape", "say which column holds the shape")
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortFunc(faults, func(a, b layers.Fault) int { return strings.Compare(a.Location, b.Location) })
	return &layers.Error{Kind: layers.Invalid, Detail: faults[0].Location + ": " + faults[0].Message, Faults: faults}
}

// fillable reports whether an import may give the field a value.
func fillable(v layers.Viewer, l *layers.Layer, f *layers.Field) bool {
	if f.Column == l.Source.ID && !l.Source.IDGiven {
		return v.MaySee(l, f) // as a key
	}
	return v.MayChange(l, f, "")
}

// ownerField is the field that shows which collectivity owns a record, "" when
// none does.
func ownerField(l *layers.Layer) string {
	for _, f := range l.Fields {
		if f.Column == l.Source.Collectivity && l.Source.Collectivity != "" {
			return f.Name
		}
	}
	return ""
}

// fold brings names to the form in which they are compared: no case, no
// accents, words parted by a space.
func fold(s string) string {
	s = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss").Replace(s)
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}
