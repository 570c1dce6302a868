package postgis

import (
	"context"
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Introspect writes a layer file for a table or view, named schema.table.
func Introspect(ctx context.Context, pool *pgxpool.Pool, name string) ([]byte, error) {
	if !strings.Contains(name, ".") {
		name = "public." + name
	}
	t, err := inspect(ctx, pool, name)
	if err != nil {
		return nil, err
	}
	key, geometry := t.key(), (*tableColumn)(nil)
	for i := range t.columns {
		if t.columns[i].GeometryType != "" && geometry == nil {
			geometry = &t.columns[i]
		}
	}
	if geometry == nil {
		return nil, layers.Errorf(layers.Invalid, "%s has no geometry column: a layer needs one", name)
	}
	if geometry.SRID == 0 {
		return nil, layers.Errorf(layers.Invalid, "column %s of %s has no coordinate reference system: alter it to type geometry(%s, EPSG code) first", geometry.Name, name, geometry.GeometryType)
	}
	if key == nil && t.view {
		key = t.column("id")
	}
	if key == nil {
		return nil, layers.Errorf(layers.Invalid, "%s has no primary key of one column: add one, or for a view a column named id", name)
	}

	source := yaml.MapSlice{{Key: "table", Value: name}, {Key: "id", Value: key.Name}, {Key: "geometry", Value: geometry.Name}}
	title := humanise(name[strings.Index(name, ".")+1:])
	file := yaml.MapSlice{
		{Key: "id", Value: legalID(name)},
		{Key: "title", Value: both(title)},
		{Key: "source", Value: source},
		{Key: "geometry", Value: yaml.MapSlice{{Key: "type", Value: strings.TrimRight(geometry.GeometryType, "ZM")}, {Key: "model", Value: "free"}}},
		{Key: "public", Value: false},
		{Key: "visible", Value: true},
		{Key: "order", Value: 100},
	}
	var fields []yaml.MapSlice
	label, search := "", []string(nil)
	for i := range t.columns {
		c := &t.columns[i]
		if c.GeometryType != "" {
			continue
		}
		field := fieldOf(c, c == key)
		fields = append(fields, field)
		if fieldTypes[c.Type] != "text" {
			continue
		}
		fieldName := field[0].Value.(string)
		if titleColumn.MatchString(c.Name) && label == "" {
			label, search = "{"+fieldName+"}", slices.Insert(search, 0, fieldName)
		} else {
			search = append(search, fieldName)
		}
	}
	if label == "" && len(search) > 0 {
		label = "{" + search[0] + "}"
	}
	if label != "" {
		file = append(file, yaml.MapItem{Key: "label", Value: label})
	}
	file = append(file, yaml.MapItem{Key: "fields", Value: fields})
	if search != nil {
		file = append(file, yaml.MapItem{Key: "search", Value: search})
	}
	file = append(file, yaml.MapItem{Key: "style", Value: StyleFor(name, geometry.GeometryType)})
	body, err := yaml.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("writing a layer file for %s: %w", name, err)
	}
	return append([]byte("# Layer file of "+name+". Its keys are explained in /schemas/layer.json of the server.\n"), body...), nil
}

var titleColumn = regexp.MustCompile(`(?i)^(name|nom|label|libelle|libelong|title|titre)$`)

func both(s string) yaml.MapSlice { return yaml.MapSlice{{Key: "fr", Value: s}, {Key: "en", Value: s}} }

func humanise(name string) string {
	s := strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if s == "" {
		return name
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

var illegal = regexp.MustCompile(`[^a-z0-9_.]+`)

func legalID(name string) string {
	schema, table, _ := strings.Cut(strings.ToLower(name), ".")
	id := illegal.ReplaceAllString(schema, "_") + "." + strings.ReplaceAll(illegal.ReplaceAllString(table, "_"), ".", "_")
	if id[0] < 'a' || id[0] > 'z' {
		id = "l" + id
	}
	return id
}

var illegalName = regexp.MustCompile(`[^A-Za-z0-9_]+`)

func fieldOf(c *tableColumn, key bool) yaml.MapSlice {
	name := illegalName.ReplaceAllString(c.Name, "_")
	if name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	field := yaml.MapSlice{{Key: "name", Value: name}}
	if name != c.Name {
		field = append(field, yaml.MapItem{Key: "column", Value: c.Name})
	}
	kind, writable := c.fieldType()
	title := c.Comment
	if title == "" {
		title = humanise(c.Name)
	}
	field = append(field, yaml.MapItem{Key: "type", Value: kind}, yaml.MapItem{Key: "label", Value: both(title)})
	if c.NotNull && !c.HasDefault && writable {
		field = append(field, yaml.MapItem{Key: "required", Value: true})
	}
	if !writable || key && c.HasDefault {
		field = append(field, yaml.MapItem{Key: "readOnly", Value: true})
	}
	if c.MaxLength > 0 {
		field = append(field, yaml.MapItem{Key: "maxLength", Value: c.MaxLength})
	}
	if values := c.choices(); kind == "text" && values != nil {
		var enum []yaml.MapSlice
		for _, v := range values {
			enum = append(enum, yaml.MapSlice{{Key: "value", Value: v}, {Key: "label", Value: both(humanise(v))}})
		}
		field = append(field, yaml.MapItem{Key: "enum", Value: enum})
	}
	return field
}

var quoted = regexp.MustCompile(`'((?:[^']|'')*)'::`)

// choices are the values that an enumerated type or a CHECK allows.
func (c *tableColumn) choices() []string {
	if len(c.Labels) > 0 {
		return c.Labels
	}
	var values []string
	for _, match := range quoted.FindAllStringSubmatch(c.Choice, -1) {
		values = append(values, strings.ReplaceAll(match[1], "''", "'"))
	}
	return values
}

// StyleFor gives each table its own colour, the same each time.
func StyleFor(name, geometryType string) yaml.MapSlice {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	hue := h.Sum32() % 360
	stroke := fmt.Sprintf("hsl(%d, 60%%, 35%%)", hue)
	fill := fmt.Sprintf("hsla(%d, 60%%, 60%%, 0.35)", hue)
	switch {
	case strings.Contains(geometryType, "Point"):
		return yaml.MapSlice{{Key: "fill", Value: stroke}, {Key: "stroke", Value: "#ffffff"}, {Key: "width", Value: 1}, {Key: "radius", Value: 4}}
	case strings.Contains(geometryType, "Line"):
		return yaml.MapSlice{{Key: "stroke", Value: stroke}, {Key: "width", Value: 2}}
	default:
		return yaml.MapSlice{{Key: "fill", Value: fill}, {Key: "stroke", Value: stroke}, {Key: "width", Value: 1}}
	}
}
