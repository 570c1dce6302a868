package layers

import "slices"

// Schema is the JSON Schema (draft 2020-12) of the properties of a feature as
// the viewer may write them, with titles and help in lang. The page makes its
// form from it and the server checks by it.
func (l *Layer) Schema(v Viewer, lang string) map[string]any {
	properties := map[string]any{}
	required := []any{}
	for _, f := range v.Fields(l) {
		s := f.schema(lang)
		if !v.MayChange(l, &f, "") {
			s["readOnly"] = true
		}
		properties[f.Name] = s
		if f.mandatory(l) {
			required = append(required, f.Name)
		}
	}
	return map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"type":                 "object",
		"title":                l.Title.In(lang),
		"properties":           properties,
		"required":             required,
		"additionalProperties": false,
	}
}

// mandatory reports whether a new feature must give the field.
func (f *Field) mandatory(l *Layer) bool {
	given := f.HasDefault || f.Initial != nil
	return f.Required && f.VisibleIf == nil && f.Initial == nil || f.NotNull && !given && f.Column != l.Source.Collectivity && f.Column != l.Source.ID
}

func (f *Field) schema(lang string) map[string]any {
	s := map[string]any{"title": f.Label.In(lang)}
	if help := f.Help.In(lang); help != "" {
		s["description"] = help
	}
	jsonType := map[string]string{"integer": "integer", "number": "number", "boolean": "boolean"}[f.Type]
	if jsonType == "" {
		jsonType = "string"
	}
	nullable := !(f.Required && f.VisibleIf == nil) && !f.NotNull
	if nullable {
		s["type"] = []any{jsonType, "null"}
	} else {
		s["type"] = jsonType
	}
	switch f.Type {
	case "date":
		s["format"] = "date"
	case "datetime":
		s["format"] = "date-time"
	case "integer":
		if low, high, ok := f.integerRange(); ok {
			s["minimum"], s["maximum"] = low, high
		}
	}
	if f.Minimum != nil {
		s["minimum"] = *f.Minimum
	}
	if f.Maximum != nil {
		s["maximum"] = *f.Maximum
	}
	if f.Pattern != "" {
		s["pattern"] = f.Pattern
	}
	if f.MaxLength > 0 {
		s["maxLength"] = f.MaxLength
	}
	if f.Required && jsonType == "string" && f.Enum == nil {
		s["minLength"] = 1
	}
	if f.Default != nil {
		s["default"] = f.Default
	}
	if f.Reference != nil {
		reference := map[string]any{"layer": f.Reference.Layer}
		if len(f.Reference.Where) > 0 {
			reference["where"] = f.Reference.Where
		}
		s["x-reference"] = reference
	}
	if f.Enum != nil {
		var choices []any
		for _, c := range f.Enum {
			choices = append(choices, map[string]any{"const": c.Value, "title": c.Label.In(lang)})
		}
		if nullable {
			choices = append(choices, map[string]any{"const": nil, "title": "—"})
		}
		s["oneOf"] = choices
	}
	return s
}

// integerRange is what the column can hold. JSON numbers are exact below 2⁵³.
func (f *Field) integerRange() (low, high float64, ok bool) {
	switch f.ColumnType {
	case "smallint":
		return -1 << 15, 1<<15 - 1, true
	case "integer":
		return -1 << 31, 1<<31 - 1, true
	case "bigint":
		return -(1<<53 - 1), 1<<53 - 1, true
	}
	return 0, 0, false
}

// UISchema tells react-jsonschema-form the order of fields, their widgets,
// units and sections.
func (l *Layer) UISchema(v Viewer, lang string) map[string]any {
	ui := map[string]any{"ui:submitButtonOptions": map[string]any{"norender": true}}
	var order []string
	for _, f := range v.Fields(l) {
		order = append(order, f.Name)
		options := map[string]any{}
		if f.Unit != "" {
			options["unit"] = f.Unit
		}
		if section := f.Section.In(lang); section != "" {
			options["section"] = section
		}
		field := map[string]any{}
		if f.Widget != "" {
			field["ui:widget"] = f.Widget
		}
		if f.Type == "date" {
			field["ui:widget"] = "date"
		}
		if f.Reference != nil {
			field["ui:widget"] = "reference"
		}
		if f.Type != "integer" && f.Type != "number" && f.Type != "boolean" {
			field["ui:emptyValue"] = nil
		}
		if len(options) > 0 {
			field["ui:options"] = options
		}
		ui[f.Name] = field
	}
	ui["ui:order"] = slices.Clip(order)
	return ui
}

// Live reports whether the form of the layer depends on what is filled in.
func (l *Layer) Live() bool { return len(l.expressions()) > 0 }
