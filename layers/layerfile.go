package layers

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"arpent/layers/yamlfile"
)

// LayerSchema is the JSON Schema of layer files, published for editors.
//
//go:embed layer.schema.json
var LayerSchema []byte

var fileSchema = yamlfile.MustSchema(LayerSchema)

// Zooms of a layer whose file names none.
const (
	defaultMinZoom = 0
	defaultMaxZoom = 18
)

// ReadApplication reads the folder of an application: app.yaml, which names
// it, and its layer files below layers.
func ReadApplication(fsys fs.FS) ([]*Layer, error) {
	data, err := fs.ReadFile(fsys, "app.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading an application: %w", err)
	}
	var app Application
	if err := yaml.Unmarshal(data, &app); err != nil {
		return nil, fmt.Errorf("app.yaml: %w", err)
	}
	return ReadDir(fsys, "layers", app)
}

// ReadDir reads every layer file (*.yaml) of a folder, in order of names.
func ReadDir(fsys fs.FS, dir string, app Application) ([]*Layer, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var all []*Layer
	var faults []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading layer files: %w", err)
		}
		l, err := ReadFile(name, data)
		faults = append(faults, err)
		if err == nil {
			l.Application = app
			all = append(all, l)
		}
	}
	return all, errors.Join(faults...)
}

// ReadFile reads a layer file. Its error lists everything that is wrong, a
// line each: file, line, field, and what to change. name is for messages.
func ReadFile(name string, data []byte) (*Layer, error) {
	l := &Layer{Tiles: Tiles{MinZoom: defaultMinZoom, MaxZoom: defaultMaxZoom, Budget: DefaultBudget}, File: name}
	file, err := fileSchema.Read(name, data, l)
	if err != nil {
		return nil, Errorf(Invalid, "%s", err)
	}
	r := &fileReader{file}
	l.reader = r
	l.fill()
	r.crossCheck(l)
	if err := r.Err(); err != nil {
		return nil, Errorf(Invalid, "%s", err)
	}
	return l, nil
}

// UnmarshalYAML lets a text in one language be written as one string.
func (t *Text) UnmarshalYAML(data []byte) error {
	var one string
	if yaml.Unmarshal(data, &one) == nil && !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		*t = Text{"fr": one}
		return nil
	}
	return yaml.Unmarshal(data, (*map[string]string)(t))
}

// UnmarshalYAML reads false as no tab and a text as its title.
func (t *Tab) UnmarshalYAML(data []byte) error {
	if string(bytes.TrimSpace(data)) == "false" {
		t.Hidden = true
		return nil
	}
	return yaml.Unmarshal(data, &t.Title)
}

// Size is a number of bytes.
type Size int64

// UnmarshalYAML reads a number of bytes, or a text such as 20MB.
func (s *Size) UnmarshalYAML(data []byte) error {
	var text string
	if err := yaml.Unmarshal(data, &text); err != nil {
		return err
	}
	unit := int64(1)
	for name, bytes := range map[string]int64{"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30} {
		if number, ok := strings.CutSuffix(text, name); ok {
			text, unit = strings.TrimSpace(number), bytes
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	*s = Size(n * unit)
	return err
}

// maxDocument is how large a file may be where the layer file says nothing.
const maxDocument = 20 << 20

// fill gives what the file leaves out, as far as it does not depend on the
// database.
func (l *Layer) fill() {
	if l.Geometry.Model == "" {
		l.Geometry.Model = "free"
	}
	if l.Kind == "" {
		l.Kind = Main
	}
	if l.Documents != nil && l.Documents.MaxSize == 0 {
		l.Documents.MaxSize = maxDocument
	}
	if label := l.Style.Label; label != nil && label.Text != "" {
		l.labelText = &Expression{Text: label.Text}
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Column == "" && f.Compute == nil {
			f.Column = f.Name
		}
		f.ReadOnly = f.ReadOnly || f.Compute != nil
		if f.Label == nil {
			f.Label = Text{"fr": f.Name, "en": f.Name}
		}
		for k := range f.Enum {
			if f.Enum[k].Label == nil {
				f.Enum[k].Label = Text{"fr": f.Enum[k].Value}
			}
		}
	}
	if l.List == nil {
		for _, f := range l.Fields[:min(len(l.Fields), 5)] {
			l.List = append(l.List, f.Name)
		}
	}
}

// fileReader checks what the schema of layer files cannot say.
type fileReader struct{ *yamlfile.File }

// crossCheck notes what the schema cannot say: names that refer to nothing,
// values that contradict one another.
func (r *fileReader) crossCheck(l *Layer) {
	var names []string
	for i := range l.Fields {
		f := &l.Fields[i]
		at := []string{"fields", strconv.Itoa(i)}
		if slices.Contains(names, f.Name) {
			r.Fault(append(at, "name"), "there are two fields %s: rename one", f.Name)
		}
		names = append(names, f.Name)
		if _, err := regexp.Compile(f.Pattern); err != nil {
			r.Fault(append(at, "pattern"), "is no regular expression: %v", err)
		}
		if f.Minimum != nil && f.Maximum != nil && *f.Minimum > *f.Maximum {
			r.Fault(append(at, "minimum"), "is above the maximum")
		}
		if f.Compute != nil && f.Type == "" {
			r.Fault(append(at, "compute"), "type is missing: say of which type the value is")
		}
		if f.Compute != nil && (f.Column != "" || f.Required || f.Default != nil || f.Initial != nil || f.Reference != nil) {
			r.Fault(append(at, "compute"), "a computed field has no column, required, default, initial or reference: leave them out")
		}
		if f.Reference != nil {
			for _, here := range f.Reference.Where {
				if l.Field(here) == nil {
					r.Fault(append(at, "reference", "where"), "there is no field %s", here)
				}
			}
		}
		var values []string
		for k, choice := range f.Enum {
			if slices.Contains(values, choice.Value) {
				r.Fault(append(at, "enum", strconv.Itoa(k)), "value %q is there twice", choice.Value)
			}
			values = append(values, choice.Value)
		}
	}
	known := func(name string, at ...string) {
		if !slices.Contains(names, name) {
			r.Fault(at, "there is no field %s%s", name, yamlfile.Suggest(name, names))
		}
	}
	for i, name := range l.List {
		known(name, "list", strconv.Itoa(i))
	}
	for i, name := range l.Search {
		known(name, "search", strconv.Itoa(i))
		if f := l.Field(name); f != nil && f.Compute != nil {
			r.Fault([]string{"search", strconv.Itoa(i)}, "field %s is computed and cannot be searched: name the fields it is made of", name)
		}
	}
	for _, match := range placeholder.FindAllStringSubmatch(l.Label, -1) {
		known(match[1], "label")
	}
	for name, rule := range l.Geometry.Divided {
		known(name, "geometry", "divided", name)
		for i, field := range rule.Next {
			known(field, "geometry", "divided", name, "next", strconv.Itoa(i))
		}
		for _, match := range placeholder.FindAllStringSubmatch(rule.Text, -1) {
			known(match[1], "geometry", "divided", name, "text")
		}
	}
	r.network(l, known)
	for i, rule := range l.Rules {
		at := []string{"rules", strconv.Itoa(i)}
		if (rule.Check == nil) == (rule.Unique == nil) {
			r.Fault(at, "is either a check or unique")
		}
		if rule.Check != nil && rule.Message == nil {
			r.Fault(at, "message is missing: say what is wrong and what to change")
		}
		if rule.Field != "" {
			known(rule.Field, append(at, "field")...)
		}
		for k, name := range rule.Unique {
			known(name, append(at, "unique", strconv.Itoa(k))...)
		}
	}
	if l.Validity != nil && l.Validity.From != "" {
		known(l.Validity.From, "validity", "from")
	}
	if l.Validity != nil && l.Validity.Until != "" {
		known(l.Validity.Until, "validity", "until")
	}
	for i, w := range l.Dashboard {
		at := []string{"dashboard", strconv.Itoa(i)}
		if w.Field != "" {
			known(w.Field, append(at, "field")...)
		} else if w.Kind != "count" && w.Kind != "latest" {
			r.Fault(at, "field is missing: a widget of kind %s needs one", w.Kind)
		}
		for name := range w.Filter {
			known(name, append(at, "filter", name)...)
		}
	}
	r.expressions(l)
	r.style(l, known)
	r.tiles(l, known)
}

// style notes what in a style refers to nothing.
func (r *fileReader) style(l *Layer, known func(string, ...string)) {
	s := &l.Style
	if s.MaxZoom > 0 && s.MinZoom > s.MaxZoom {
		r.Fault([]string{"style", "minzoom"}, "is above maxzoom: it would never be drawn")
	}
	if label := s.Label; label != nil && label.MaxZoom > 0 && label.MinZoom > label.MaxZoom {
		r.Fault([]string{"style", "label", "minzoom"}, "is above maxzoom: it would never be drawn")
	}
	switch label := s.Label; {
	case label == nil:
	case (label.Field == "") == (label.Text == ""):
		r.Fault([]string{"style", "label"}, "has either a field or a text, an expression")
	case label.Field != "":
		known(label.Field, "style", "label", "field")
	}
	if s.By != nil {
		known(s.By.Field, "style", "by", "field")
	}
	if c := s.Classes; c != nil {
		known(c.Field, "style", "classes", "field")
		if len(c.Breaks) != len(c.Colours)+1 || !slices.IsSorted(c.Breaks) {
			r.Fault([]string{"style", "classes", "breaks"}, "are, in order, the lowest value and the highest of each class: one more than there are colours")
		}
	}
	if s.By != nil && s.Classes != nil {
		r.Fault([]string{"style", "classes"}, "excludes by: leave one of them out")
	}
	if s.Size != nil {
		known(s.Size.Field, "style", "size", "field")
		if s.Size.From > s.Size.To || s.Size.MinRadius > s.Size.MaxRadius {
			r.Fault([]string{"style", "size"}, "shrinks: from and minRadius come before to and maxRadius")
		}
	}
}

// placed is an expression with its place in the file and the type that it must
// give.
type placed struct {
	*Expression
	at   []string
	want Type
}

// expressions are all expressions of the layer.
func (l *Layer) expressions() []placed {
	var all []placed
	add := func(e *Expression, want Type, at ...string) {
		if e != nil {
			all = append(all, placed{e, at, want})
		}
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		number := strconv.Itoa(i)
		add(f.Compute, Type(f.Type), "fields", number, "compute")
		add(f.Initial, Type(f.Type), "fields", number, "initial")
		add(f.VisibleIf, TypeBoolean, "fields", number, "visibleIf")
		add(f.RequiredIf, TypeBoolean, "fields", number, "requiredIf")
		for k := range f.Enum {
			add(f.Enum[k].When, TypeBoolean, "fields", number, "enum", strconv.Itoa(k), "when")
		}
	}
	add(l.labelText, unknown, "style", "label", "text")
	for i := range l.Rules {
		add(l.Rules[i].Check, TypeBoolean, "rules", strconv.Itoa(i), "check")
	}
	return all
}

// Expressions are all expressions of the layer.
func (l *Layer) Expressions() []*Expression {
	var all []*Expression
	for _, e := range l.expressions() {
		all = append(all, e.Expression)
	}
	return all
}

// expressions parses them and notes what is wrong with them, as far as this
// file alone tells.
func (r *fileReader) expressions(l *Layer) {
	for _, e := range l.expressions() {
		err := e.parse()
		if err == nil {
			err = e.check(l, nil, e.want)
		}
		if err != nil {
			r.Fault(e.at, "%v", err)
		}
	}
}
