package layers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"arpent/layers/yamlfile"
)

// CheckProperties tells everything that is wrong with the properties of a
// feature, by the schema of the form. A partial set may leave out any. Integers
// may come as any number type of Go.
func (l *Layer) CheckProperties(v Viewer, properties map[string]any, partial bool) []Fault {
	var faults []Fault
	values := make(map[string]any, len(properties))
	var readOnly bool
	for name, value := range properties {
		f := l.Field(name)
		switch {
		case f == nil || !v.MaySee(l, f) && !v.MayChange(l, f, ""):
			faults = append(faults, Fault{"properties." + name, "is no field of this layer" + yamlfile.Suggest(name, l.names(v)), value})
			continue
		case !v.MayChange(l, f, ""):
			readOnly = true
			faults = append(faults, Fault{"properties." + name, "is read-only: leave it out", value})
			continue
		}
		if s, ok := value.(string); ok && strings.ContainsRune(s, 0) {
			faults = append(faults, Fault{"properties." + name, "holds a NUL character, which no text may", nil})
			continue
		}
		values[name] = jsonNumber(value)
	}
	err := l.compiled().Validate(values)
	if err != nil {
		faults = append(faults, l.explain(err, values, partial)...)
	}
	if len(faults) > 1 || readOnly {
		slices.SortFunc(faults, func(a, b Fault) int { return strings.Compare(a.Location, b.Location) })
	}
	return faults
}

func (l *Layer) names(v Viewer) []string {
	var names []string
	for _, f := range v.Fields(l) {
		names = append(names, f.Name)
	}
	return names
}

// compiled is the schema that properties are checked by, compiled once.
func (l *Layer) compiled() *jsonschema.Schema {
	l.schemaOnce.Do(func() {
		l.schema = yamlfile.Compile(l.Schema(Viewer{Admin: true}, "en"))
	})
	return l.schema
}

// jsonNumber gives numbers the types that JSON has.
func jsonNumber(value any) any {
	if n, ok := number(value); ok {
		return n
	}
	return value
}

// explain puts the rules that were broken into words.
func (l *Layer) explain(err error, values map[string]any, partial bool) []Fault {
	var broken *jsonschema.ValidationError
	if !errors.As(err, &broken) {
		return []Fault{{"properties", err.Error(), nil}}
	}
	if missing, ok := broken.ErrorKind.(*kind.Required); ok && len(broken.InstanceLocation) == 0 {
		if partial {
			return nil
		}
		var faults []Fault
		for _, name := range missing.Missing {
			if f := l.Field(name); !f.HasDefault {
				faults = append(faults, Fault{"properties." + name, "is required", nil})
			}
		}
		return faults
	}
	if len(broken.InstanceLocation) > 0 {
		name := broken.InstanceLocation[0]
		return []Fault{{"properties." + name, l.Field(name).explain(broken), values[name]}}
	}
	var faults []Fault
	for _, cause := range broken.Causes {
		faults = append(faults, l.explain(cause, values, partial)...)
	}
	return faults
}

// explain says what the field wants.
func (f *Field) explain(broken *jsonschema.ValidationError) string {
	for len(broken.Causes) > 0 {
		if _, ok := broken.ErrorKind.(*kind.OneOf); ok {
			break
		}
		broken = broken.Causes[0]
	}
	switch k := broken.ErrorKind.(type) {
	case *kind.Type:
		if k.Got == "null" {
			return "may not be null: a value is required"
		}
		return fmt.Sprintf("is a %s, a value of type %s is needed", k.Got, f.Type)
	case *kind.OneOf:
		var allowed []string
		for _, c := range f.Enum {
			allowed = append(allowed, c.Value)
		}
		return "is not one of " + strings.Join(allowed, ", ")
	case *kind.Format:
		want := map[string]string{"date": "a date that exists, such as 2026-02-28", "datetime": "a date and time with offset, such as 2026-02-28T13:45:00Z"}[f.Type]
		return "is not " + want
	case *kind.MinLength:
		return "may not be empty"
	case *kind.Pattern:
		return "does not have the form " + f.Pattern
	default:
		return broken.ErrorKind.LocalizedString(yamlfile.English)
	}
}
