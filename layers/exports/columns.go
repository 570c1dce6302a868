package exports

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"arpent/layers"
)

// column is a column of an export.
type column struct {
	name  string
	field *layers.Field // nil: the identifier
}

// writing is an export at work.
type writing struct {
	layer   *layers.Layer
	viewer  layers.Viewer
	options Options
	columns []column
	outcome *Outcome
}

// columnsOf are the columns of an export, in the order that was asked for.
func columnsOf(l *layers.Layer, v layers.Viewer, o Options) []column {
	names := o.Fields
	if len(names) == 0 {
		for _, f := range v.Fields(l) {
			names = append(names, f.Name)
		}
	}
	titled := o.Labels && (o.Format == CSV || o.Format == XLSX)
	var all []column
	seen := map[string]bool{}
	if l.IDField() == nil && !o.Labels { // so that an export can be mended and imported again
		all, seen[layers.HiddenID] = append(all, column{name: layers.HiddenID}), true
	}
	for _, name := range names {
		f := l.Field(name)
		title := f.Name
		if label := f.Label.In(v.Language); titled && label != "" && !seen[label] {
			title = label
		}
		seen[title] = true
		all = append(all, column{title, f})
	}
	return all
}

// value is what a column shows of a feature: nil, bool, a number or a text.
func (w *writing) value(c column, f *layers.Feature) any {
	if c.field == nil {
		return f.ID
	}
	value := f.Properties[c.field.Name]
	if value == nil || !w.options.Labels {
		return value
	}
	if label, ok := f.Labels[c.field.Name]; ok {
		return label
	}
	for _, choice := range c.field.Enum {
		if choice.Value == fmt.Sprint(value) {
			if label := choice.Label.In(w.viewer.Language); label != "" {
				return label
			}
		}
	}
	return value
}

// isText reports whether the values of the column are texts.
func (w *writing) isText(c column) bool {
	if c.field == nil {
		return true
	}
	if w.options.Labels && (c.field.Reference != nil || c.field.Enum != nil) {
		return true
	}
	switch c.field.Type {
	case "integer", "number", "boolean", "date", "datetime":
		return false
	}
	return true
}

// text writes a value. comma: numbers as 3,14.
func text(value any, comma bool) string {
	switch v := value.(type) {
	case nil:
		return ""
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if comma {
			return strings.Replace(s, ".", ",", 1)
		}
		return s
	default:
		return fmt.Sprint(v)
	}
}

// cut shortens a text to so many bytes, between characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// short gives each column a name of at most ten plain characters, all
// different, as shapefiles want, and notes those that changed.
func (w *writing) short() {
	taken := map[string]bool{}
	for i := range w.columns {
		c := &w.columns[i]
		name := cut(strings.Map(func(r rune) rune {
			if r > 127 {
				return -1
			}
			return r
		}, c.name), 10)
		for n := 1; taken[strings.ToLower(name)] || name == ""; n++ {
			suffix := "_" + strconv.Itoa(n)
			name = cut(name, 10-len(suffix)) + suffix
		}
		taken[strings.ToLower(name)] = true
		if name != c.name {
			if w.outcome.Renamed == nil {
				w.outcome.Renamed = map[string]string{}
			}
			w.outcome.Renamed[c.name] = name
			c.name = name
		}
	}
}
