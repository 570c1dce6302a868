package layers_test

import (
	"reflect"
	"strings"
	"testing"

	"arpent/layers"
)

const fine = `
id: land.parcels
title: {fr: Parcelles, en: Parcels}
source: {table: land.parcels}
label: "{section} {number}"
fields:
  - {name: section, label: Section, required: true}
  - {name: number, minimum: 1, maximum: 9999}
  - {name: kind, enum: [{value: a, label: {fr: A}}, {value: b}]}
search: [section]
`

func TestALayerFileIsReadWithItsDefaults(t *testing.T) {
	l, err := layers.ReadFile("parcels.yaml", []byte(fine))
	if err != nil {
		t.Fatal(err)
	}
	if l.Geometry.Model != "free" || l.Tiles.MaxZoom != 18 || l.Field("number").Column != "number" || len(l.List) != 3 {
		t.Errorf("layer is %+v", l)
	}
	if got := l.Field("section").Label.In("en"); got != "Section" {
		t.Errorf("a text in one language reads %q in the other", got)
	}
	if got := l.LabelParts(); !reflect.DeepEqual(got, []layers.LabelPart{{Field: "section"}, {Text: " "}, {Field: "number"}}) {
		t.Errorf("the label is made of %v", got)
	}
}

func TestEachMistakeInALayerFileIsSaidWithItsLineAndARemedy(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":            {"search:", "serach:", "parcels.yaml:10: serach: is no known key: do you mean search?"},
		"unknown key in a field": {"minimum: 1", "minium: 1", "parcels.yaml:8: fields[1].minium: is no known key: do you mean minimum?"},
		"missing key":            {"id: land.parcels\n", "", "id is missing"},
		"wrong type name":        {"required: true", "type: string", "parcels.yaml:7: fields[0].type: string is not one of text, integer, number, boolean, date, datetime"},
		"field that is not":      {"search: [section]", "search: [sektion]", "parcels.yaml:10: search[0]: there is no field sektion: do you mean section?"},
		"label field":            {"{section} {number}", "{section} {nummer}", "parcels.yaml:5: label: there is no field nummer: do you mean number?"},
		"two fields of a name":   {"name: number", "name: section", "parcels.yaml:8: fields[1].name: there are two fields section: rename one"},
		"value twice":            {"value: b", "value: a", "parcels.yaml:9: fields[2].enum[1]: value \"a\" is there twice"},
		"bounds reversed":        {"maximum: 9999", "maximum: 0", "parcels.yaml:8: fields[1].minimum: is above the maximum"},
		"no regular expression":  {"required: true", "pattern: '['", "fields[0].pattern"},
		"no text":                {"{fr: Parcelles, en: Parcels}", "3", "parcels.yaml:3: title: is a text, or texts by language: {fr: …, en: …}"},
		"no YAML":                {"fields:", "fields: [", "parcels.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := layers.ReadFile("parcels.yaml", []byte(strings.Replace(fine, c.from, c.to, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

func TestWhatAStyleDrawsByIsReadAndItsMistakesAreSaid(t *testing.T) {
	const styled = fine + `group: {fr: Cadastre, en: Cadastre}
style:
  classes: {field: number, method: jenks, breaks: [1, 10, 20], colours: ["#eeeeee", "#111111"]}
  size: {field: number, from: 1, to: 20, minRadius: 2, maxRadius: 9}
  label: {text: "section + ' ' + text(number)", minzoom: 12, halo: 0}
`
	l, err := layers.ReadFile("parcels.yaml", []byte(styled))
	if err != nil {
		t.Fatal(err)
	}
	if l.Group.In("en") != "Cadastre" || !reflect.DeepEqual(l.Style.Classes.Breaks, []float64{1, 10, 20}) || l.Style.Size.MaxRadius != 9 || *l.Style.Label.Halo != 0 {
		t.Errorf("the style is %+v", l.Style)
	}
	if !reflect.DeepEqual(l.Style.Fields(), []string{"number"}) || l.LabelText(11) != nil || l.LabelText(12) == nil {
		t.Errorf("it draws by %v, with words at 11: %v, at 12: %v", l.Style.Fields(), l.LabelText(11), l.LabelText(12))
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"field of classes that is not": {"classes: {field: number", "classes: {field: nummer", "parcels.yaml:13: style.classes.field: there is no field nummer: do you mean number?"},
		"field of size that is not":    {"size: {field: number", "size: {field: nummer", "parcels.yaml:14: style.size.field: there is no field nummer: do you mean number?"},
		"too few bounds":               {"[1, 10, 20]", "[1, 20]", "parcels.yaml:13: style.classes.breaks: are, in order, the lowest value and the highest of each class: one more than there are colours"},
		"bounds out of order":          {"[1, 10, 20]", "[1, 20, 10]", "parcels.yaml:13: style.classes.breaks: are, in order"},
		"unknown method":               {"method: jenks", "method: guess", "parcels.yaml:13: style.classes.method: guess is not one of quantiles, equal, jenks"},
		"no colour":                    {`"#111111"`, `";x"`, "parcels.yaml:13: style.classes.colours[1]"},
		"by and classes":               {"  size:", "  by: {field: kind, values: []}\n  size:", "parcels.yaml:13: style.classes: excludes by: leave one of them out"},
		"shrinks":                      {"minRadius: 2", "minRadius: 10", "parcels.yaml:14: style.size: shrinks: from and minRadius come before to and maxRadius"},
		"label without words":          {`text: "section + ' ' + text(number)", `, "", "parcels.yaml:15: style.label: has either a field or a text, an expression"},
		"label with both":              {"label: {text", "label: {field: number, text", "parcels.yaml:15: style.label: has either a field or a text, an expression"},
		"text of what is not":          {"text(number)", "text(nummer)", "parcels.yaml:15: style.label.text"},
		"no text":                      {"text(number)\"", "text(\"", "parcels.yaml:15: style.label.text"},
		"halo too wide":                {"halo: 0", "halo: 11", "parcels.yaml:15: style.label.halo"},
		"group that is no text":        {"group: {fr: Cadastre, en: Cadastre}", "group: [a]", "parcels.yaml:11: group"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := layers.ReadFile("parcels.yaml", []byte(strings.Replace(styled, c.from, c.to, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte(fine))
	f.Add([]byte("id: [\n"))
	f.Add([]byte("title: {fr: 1}"))
	f.Add([]byte("- 1\n- 2"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := layers.ReadFile("fuzz.yaml", data)
		if (l == nil) == (err == nil) {
			t.Errorf("layer %v, error %v", l, err)
		}
	})
}

func TestPropertiesAreCheckedWithWordsThatHelp(t *testing.T) {
	l, err := layers.ReadFile("parcels.yaml", []byte(`
id: x.y
title: X
source: {table: x.y}
fields:
  - {name: name, type: text, required: true, maxLength: 5}
  - {name: number, type: integer, minimum: 1}
  - {name: height, type: number}
  - {name: kind, type: text, enum: [{value: a}, {value: b}]}
  - {name: day, type: date}
  - {name: moment, type: datetime}
  - {name: secret, type: text, private: true}
  - {name: fixed, type: text, readOnly: true}
  - {name: yes, type: boolean}
`))
	if err != nil {
		t.Fatal(err)
	}
	l.Field("number").ColumnType = "smallint"
	clerk := layers.Viewer{UserID: 1, Admin: true}
	for name, c := range map[string]struct {
		properties map[string]any
		partial    bool
		want       string
	}{
		"all well":                 {map[string]any{"name": "a", "number": 3.0, "height": 2, "kind": "a", "day": "2024-02-29", "moment": "2026-01-01T00:00:00Z", "yes": true}, false, ""},
		"null where it may be":     {map[string]any{"name": "a", "number": nil, "kind": nil, "day": nil}, false, ""},
		"a part":                   {map[string]any{"number": 3}, true, ""},
		"unknown field":            {map[string]any{"name": "a", "nmber": 3}, false, "properties.nmber: is no field of this layer: do you mean number?"},
		"missing":                  {map[string]any{}, false, "properties.name: is required"},
		"null where it may not":    {map[string]any{"name": nil}, true, "properties.name: may not be null: a value is required"},
		"empty":                    {map[string]any{"name": ""}, true, "properties.name: may not be empty"},
		"too long":                 {map[string]any{"name": "abcdef"}, true, "properties.name: maxLength: got 6, want 5"},
		"a half":                   {map[string]any{"number": 1.5}, true, "properties.number: is a number, a value of type integer is needed"},
		"text for a number":        {map[string]any{"number": "3"}, true, "properties.number: is a string, a value of type integer is needed"},
		"beyond the column":        {map[string]any{"number": 40000}, true, "properties.number: maximum: got 40,000, want 32,767"},
		"not in the list":          {map[string]any{"kind": "c"}, true, "properties.kind: is not one of a, b"},
		"no such day":              {map[string]any{"day": "2026-02-30"}, true, "properties.day: is not a date that exists, such as 2026-02-28"},
		"read-only":                {map[string]any{"fixed": "x"}, true, "properties.fixed: is read-only: leave it out"},
		"a NUL character":          {map[string]any{"name": "a\x00"}, true, "properties.name: holds a NUL character, which no text may"},
		"two mistakes in order":    {map[string]any{"yes": "true", "number": 0}, true, "properties.number: minimum: got 0, want 1; properties.yes: is a string, a value of type boolean is needed"},
		"required field of a part": {map[string]any{"kind": "a"}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range l.CheckProperties(clerk, c.properties, c.partial) {
				got = append(got, f.Location+": "+f.Message)
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("faults are %q, want %q", s, c.want)
			}
		})
	}
	if faults := l.CheckProperties(layers.Viewer{}, map[string]any{"secret": "x"}, true); len(faults) != 1 {
		t.Errorf("an anonymous viewer may write a private field: %v", faults)
	}
}

func BenchmarkCheckProperties(b *testing.B) {
	l, err := layers.ReadFile("parcels.yaml", []byte(fine))
	if err != nil {
		b.Fatal(err)
	}
	properties := map[string]any{"section": "AB", "number": 12, "kind": "a"}
	for b.Loop() {
		if l.CheckProperties(layers.Viewer{Admin: true}, properties, false) != nil {
			b.Fatal("faults")
		}
	}
}
