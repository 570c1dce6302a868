package layers

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// LayerSchema is the JSON Schema of layer files, published for editors.
//
//go:embed layer.schema.json
var LayerSchema []byte

var fileSchema = mustCompile(LayerSchema)

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
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	r := &fileReader{name: name, file: file}
	plain, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := fileSchema.Validate(document); err != nil {
		r.breaks(err)
		return nil, r.err()
	}
	l := &Layer{Tiles: Tiles{MinZoom: defaultMinZoom, MaxZoom: defaultMaxZoom}, File: name}
	if err := yaml.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	l.reader = r
	l.fill()
	r.crossCheck(l)
	if err := r.err(); err != nil {
		return nil, err
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

// fileReader collects what is wrong with a file, with lines.
type fileReader struct {
	name   string
	file   *ast.File
	faults []string
}

func (r *fileReader) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	slices.Sort(r.faults)
	return Errorf(Invalid, "%s", strings.Join(slices.Compact(r.faults), "\n"))
}

// fault notes what is wrong at a place of the document.
func (r *fileReader) fault(at []string, format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf("%s:%d: %s%s", r.name, r.line(at), placeName(at), fmt.Sprintf(format, args...)))
}

func placeName(at []string) string {
	s := ""
	for _, part := range at {
		if _, err := strconv.Atoi(part); err == nil {
			s += "[" + part + "]"
		} else if s == "" {
			s = part
		} else {
			s += "." + part
		}
	}
	if s != "" {
		s += ": "
	}
	return s
}

// line is where the place stands in the file; of a place that does not exist,
// where its nearest parent does.
func (r *fileReader) line(at []string) int {
	for n := len(at); n > 0; n-- {
		expression := "$"
		for _, part := range at[:n] {
			if _, err := strconv.Atoi(part); err == nil {
				expression += "[" + part + "]"
			} else {
				expression += ".'" + part + "'"
			}
		}
		p, err := yaml.PathString(expression)
		if err != nil {
			continue
		}
		if node, err := p.FilterFile(r.file); err == nil && node != nil && node.GetToken() != nil {
			return node.GetToken().Position.Line
		}
	}
	return 1
}

var english = message.NewPrinter(language.English)

// breaks notes each rule of the schema that the document breaks.
func (r *fileReader) breaks(err error) {
	var broken *jsonschema.ValidationError
	if !errors.As(err, &broken) {
		r.fault(nil, "%v", err)
		return
	}
	if len(broken.Causes) > 0 {
		if _, ok := broken.ErrorKind.(*kind.OneOf); ok {
			r.fault(broken.InstanceLocation, "is a text, or texts by language: {fr: …, en: …}")
			return
		}
		for _, cause := range broken.Causes {
			r.breaks(cause)
		}
		return
	}
	switch k := broken.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			at := append(slices.Clone(broken.InstanceLocation), name)
			r.fault(at, "is no known key%s", suggest(name, keysAt(broken.SchemaURL)))
		}
	case *kind.Enum:
		var allowed []string
		for _, v := range k.Want {
			allowed = append(allowed, fmt.Sprint(v))
		}
		r.fault(broken.InstanceLocation, "%v is not one of %s%s", k.Got, strings.Join(allowed, ", "), suggest(fmt.Sprint(k.Got), allowed))
	case *kind.Required:
		r.fault(broken.InstanceLocation, "%s is missing", strings.Join(k.Missing, " and "))
	default:
		r.fault(broken.InstanceLocation, "%s", broken.ErrorKind.LocalizedString(english))
	}
}

// keysAt are the keys that the schema at a URL allows.
func keysAt(url string) []string {
	_, pointer, _ := strings.Cut(url, "#")
	var at any
	if json.Unmarshal(LayerSchema, &at) != nil {
		return nil
	}
	for part := range strings.SplitSeq(strings.Trim(pointer, "/"), "/") {
		switch node := at.(type) {
		case map[string]any:
			if part != "" {
				at = node[part]
			}
		case []any:
			if i, err := strconv.Atoi(part); err == nil && i < len(node) {
				at = node[i]
			}
		}
	}
	node, _ := at.(map[string]any)
	properties, _ := node["properties"].(map[string]any)
	var keys []string
	for key := range properties {
		keys = append(keys, key)
	}
	return keys
}

// crossCheck notes what the schema cannot say: names that refer to nothing,
// values that contradict one another.
func (r *fileReader) crossCheck(l *Layer) {
	var names []string
	for i := range l.Fields {
		f := &l.Fields[i]
		at := []string{"fields", strconv.Itoa(i)}
		if slices.Contains(names, f.Name) {
			r.fault(append(at, "name"), "there are two fields %s: rename one", f.Name)
		}
		names = append(names, f.Name)
		if _, err := regexp.Compile(f.Pattern); err != nil {
			r.fault(append(at, "pattern"), "is no regular expression: %v", err)
		}
		if f.Minimum != nil && f.Maximum != nil && *f.Minimum > *f.Maximum {
			r.fault(append(at, "minimum"), "is above the maximum")
		}
		if f.Compute != nil && f.Type == "" {
			r.fault(append(at, "compute"), "type is missing: say of which type the value is")
		}
		if f.Compute != nil && (f.Column != "" || f.Required || f.Default != nil || f.Initial != nil || f.Reference != nil) {
			r.fault(append(at, "compute"), "a computed field has no column, required, default, initial or reference: leave them out")
		}
		if f.Reference != nil {
			for _, here := range f.Reference.Where {
				if l.Field(here) == nil {
					r.fault(append(at, "reference", "where"), "there is no field %s", here)
				}
			}
		}
		var values []string
		for k, choice := range f.Enum {
			if slices.Contains(values, choice.Value) {
				r.fault(append(at, "enum", strconv.Itoa(k)), "value %q is there twice", choice.Value)
			}
			values = append(values, choice.Value)
		}
	}
	known := func(name string, at ...string) {
		if !slices.Contains(names, name) {
			r.fault(at, "there is no field %s%s", name, suggest(name, names))
		}
	}
	for i, name := range l.List {
		known(name, "list", strconv.Itoa(i))
	}
	for i, name := range l.Search {
		known(name, "search", strconv.Itoa(i))
		if f := l.Field(name); f != nil && f.Compute != nil {
			r.fault([]string{"search", strconv.Itoa(i)}, "field %s is computed and cannot be searched: name the fields it is made of", name)
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
	for i, rule := range l.Rules {
		at := []string{"rules", strconv.Itoa(i)}
		if (rule.Check == nil) == (rule.Unique == nil) {
			r.fault(at, "is either a check or unique")
		}
		if rule.Check != nil && rule.Message == nil {
			r.fault(at, "message is missing: say what is wrong and what to change")
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
			r.fault(at, "field is missing: a widget of kind %s needs one", w.Kind)
		}
		for name := range w.Filter {
			known(name, append(at, "filter", name)...)
		}
	}
	r.expressions(l)
	r.style(l, known)
	if l.Tiles.MinZoom > l.Tiles.MaxZoom {
		r.fault([]string{"tiles", "minzoom"}, "is above maxzoom")
	}
}

// style notes what in a style refers to nothing.
func (r *fileReader) style(l *Layer, known func(string, ...string)) {
	s := &l.Style
	if s.MaxZoom > 0 && s.MinZoom > s.MaxZoom {
		r.fault([]string{"style", "minzoom"}, "is above maxzoom: it would never be drawn")
	}
	if label := s.Label; label != nil && label.MaxZoom > 0 && label.MinZoom > label.MaxZoom {
		r.fault([]string{"style", "label", "minzoom"}, "is above maxzoom: it would never be drawn")
	}
	switch label := s.Label; {
	case label == nil:
	case (label.Field == "") == (label.Text == ""):
		r.fault([]string{"style", "label"}, "has either a field or a text, an expression")
	case label.Field != "":
		known(label.Field, "style", "label", "field")
	}
	if s.By != nil {
		known(s.By.Field, "style", "by", "field")
	}
	if c := s.Classes; c != nil {
		known(c.Field, "style", "classes", "field")
		if len(c.Breaks) != len(c.Colours)+1 || !slices.IsSorted(c.Breaks) {
			r.fault([]string{"style", "classes", "breaks"}, "are, in order, the lowest value and the highest of each class: one more than there are colours")
		}
	}
	if s.By != nil && s.Classes != nil {
		r.fault([]string{"style", "classes"}, "excludes by: leave one of them out")
	}
	if s.Size != nil {
		known(s.Size.Field, "style", "size", "field")
		if s.Size.From > s.Size.To || s.Size.MinRadius > s.Size.MaxRadius {
			r.fault([]string{"style", "size"}, "shrinks: from and minRadius come before to and maxRadius")
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
			r.fault(e.at, "%v", err)
		}
	}
}

// suggest names the known word nearest to one that is not known.
func suggest(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := editDistance(strings.ToLower(word), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": do you mean %s?", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

func mustCompile(schema []byte) *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		panic(err)
	}
	return compile(document)
}

// compile compiles a schema of our own making.
func compile(document any) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", document); err != nil {
		panic(err)
	}
	return c.MustCompile("schema.json")
}
