package postgis

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

//go:embed describe.sql
var describeSQL string

// tableColumn is what the catalogs say of a column.
type tableColumn struct {
	Name         string
	Type         string // such as "character varying", without length
	MaxLength    int    // of varchar(n), else 0
	NotNull      bool
	HasDefault   bool
	Default      string // its expression
	Generated    bool   // cannot be written
	Comment      string
	InKey        bool
	SRID         int
	GeometryType string // such as MultiPolygonZ; "" for other columns
	Dimensions   int
	Labels       []string // of an enumerated type
	Choice       string   // definition of a CHECK that lists values
}

// table is what the catalogs say of a table or view.
type table struct {
	name    string
	view    bool
	columns []tableColumn
}

// inspect reads the catalogs. An unknown table is a person's mistake.
func inspect(ctx context.Context, pool *pgxpool.Pool, name string) (*table, error) {
	t := &table{name: name}
	var kind string
	err := pool.QueryRow(ctx, `select relkind::text from pg_class where oid = to_regclass($1)`, identifier(name)).Scan(&kind)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, layers.Errorf(layers.NotFound, "there is no table %s%s", name, similarTables(ctx, pool, name))
	}
	if err != nil {
		return nil, fmt.Errorf("looking for table %s: %w", name, err)
	}
	if !slices.Contains([]string{"r", "p", "v", "m", "f"}, kind) {
		return nil, layers.Errorf(layers.Invalid, "%s is neither a table nor a view", name)
	}
	t.view = kind == "v" || kind == "m"
	rows, err := pool.Query(ctx, describeSQL, identifier(name))
	if err != nil {
		return nil, fmt.Errorf("reading the columns of %s: %w", name, err)
	}
	t.columns, err = pgx.CollectRows(rows, pgx.RowToStructByPos[tableColumn])
	if err != nil {
		return nil, fmt.Errorf("reading the columns of %s: %w", name, err)
	}
	return t, nil
}

func similarTables(ctx context.Context, pool *pgxpool.Pool, name string) string {
	var near *string
	err := pool.QueryRow(ctx, `
		select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_|^information_schema$|^arpent$'
		order by similarity(n.nspname || '.' || c.relname, $1) desc limit 1`, name).Scan(&near)
	if err != nil || near == nil {
		return ""
	}
	return ": do you mean " + *near + "?"
}

func (t *table) column(name string) *tableColumn {
	i := slices.IndexFunc(t.columns, func(c tableColumn) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &t.columns[i]
}

// key is the only column of the primary key, nil when there is none such.
func (t *table) key() *tableColumn {
	var found *tableColumn
	for i := range t.columns {
		if t.columns[i].InKey {
			if found != nil {
				return nil
			}
			found = &t.columns[i]
		}
	}
	return found
}

// fieldTypes are the types of fields by type of column. Others are shown as
// text that cannot be changed.
var fieldTypes = map[string]string{
	"text": "text", "character varying": "text", "character": "text", "uuid": "text", "citext": "text",
	"smallint": "integer", "integer": "integer", "bigint": "integer",
	"numeric": "number", "real": "number", "double precision": "number",
	"boolean": "boolean", "date": "date",
	"timestamp with time zone": "datetime", "timestamp without time zone": "datetime",
}

// fieldType is the type of the field for a column, and whether it can be written.
func (c *tableColumn) fieldType() (name string, writable bool) {
	if len(c.Labels) > 0 {
		return "text", !c.Generated
	}
	name, ok := fieldTypes[c.Type]
	if !ok {
		return "text", false
	}
	return name, !c.Generated
}

// Describe completes a layer from the database and checks that its file fits.
// The error lists everything that does not.
func (s *Store) Describe(ctx context.Context, l *layers.Layer) error {
	t, err := inspect(ctx, s.pool, l.Source.Table)
	if err != nil {
		return fmt.Errorf("%s: source.table: %w", l.File, err)
	}
	d := &description{layer: l, table: t}
	d.identifier()
	d.geometry()
	if c := l.Source.Collectivity; c != "" && t.column(c) == nil {
		d.fault("source.collectivity", "table %s has no column %s", t.name, c)
	}
	l.Source.ReadOnly = t.view
	for i := range l.Fields {
		d.field(&l.Fields[i])
	}
	if len(d.faults) > 0 {
		return layers.Errorf(layers.Invalid, "%s", strings.Join(d.faults, "\n"))
	}
	return s.grid(ctx, l)
}

// grid tells whether coordinates are metres, and so on a grid of 1 mm.
func (s *Store) grid(ctx context.Context, l *layers.Layer) error {
	if l.Source.Geometry == "" {
		return nil
	}
	var metric bool
	err := s.pool.QueryRow(ctx, `select proj4text like '%+units=m%' from spatial_ref_sys where srid = $1`, l.Source.SRID).Scan(&metric)
	if errors.Is(err, pgx.ErrNoRows) {
		return layers.Errorf(layers.Invalid, "%s: PostGIS does not know EPSG:%d, the coordinate reference system of %s", l.File, l.Source.SRID, l.Source.Table)
	}
	if err != nil {
		return fmt.Errorf("looking for EPSG:%d: %w", l.Source.SRID, err)
	}
	l.Source.Grid = 0
	if metric {
		l.Source.Grid = 1000
	}
	return nil
}

// description is a layer that is being completed.
type description struct {
	layer  *layers.Layer
	table  *table
	faults []string
}

func (d *description) fault(field, format string, args ...any) {
	d.faults = append(d.faults, fmt.Sprintf("%s: %s: %s", d.layer.File, field, fmt.Sprintf(format, args...)))
}

func (d *description) identifier() {
	source := &d.layer.Source
	key := d.table.key()
	if source.ID != "" {
		key = d.table.column(source.ID)
	}
	switch {
	case key == nil && source.ID != "":
		d.fault("source.id", "table %s has no column %s", d.table.name, source.ID)
	case key == nil:
		d.fault("source.id", "table %s has no primary key of one column: name a column whose values are unique", d.table.name)
	default:
		source.ID, source.IDType = key.Name, key.Type
		source.IDGiven = !key.HasDefault
	}
}

func (d *description) geometry() {
	l := d.layer
	var g *tableColumn
	for i := range d.table.columns {
		c := &d.table.columns[i]
		if c.GeometryType == "" {
			continue
		}
		if l.Source.TableGeometry == "" {
			l.Source.TableGeometry = c.Name
		}
		if g == nil && (l.Source.Geometry == "" || l.Source.Geometry == c.Name) {
			g = c
		}
	}
	if g == nil {
		if l.Source.Geometry != "" {
			d.fault("source.geometry", "table %s has no geometry column %s", d.table.name, l.Source.Geometry)
		}
		if l.Geometry.Type != "" {
			d.fault("geometry.type", "is %s, but table %s has no geometry column", l.Geometry.Type, d.table.name)
		}
		return
	}
	l.Source.Geometry, l.Source.SRID = g.Name, g.SRID
	if g.SRID == 0 {
		d.fault("source.geometry", "column %s has no coordinate reference system: alter it to type geometry(%s, EPSG code)", g.Name, g.GeometryType)
	}
	is := strings.TrimRight(g.GeometryType, "ZM")
	if l.Geometry.Type != "" && l.Geometry.Type != is && is != "Geometry" {
		d.fault("geometry.type", "is %s, but column %s holds %s", l.Geometry.Type, g.Name, is)
	}
	if l.Geometry.Type == "" {
		l.Geometry.Type = is
	}
	l.Geometry.Z = g.Dimensions > 2
}

func (d *description) field(f *layers.Field) {
	if f.Compute != nil {
		return
	}
	c := d.table.column(f.Column)
	if c == nil {
		d.fault("fields."+f.Name, "table %s has no column %s", d.table.name, f.Column)
		return
	}
	is, writable := c.fieldType()
	if f.Type != "" && f.Type != is {
		d.fault("fields."+f.Name+".type", "is %s, but column %s is %s (%s)", f.Type, c.Name, is, c.Type)
	}
	f.Type, f.ColumnType = is, c.Type
	if c.Type == "character" || c.Type == "\"char\"" {
		f.ColumnType = "text" // "character" alone would cut to one
	}
	f.NotNull, f.HasDefault = c.NotNull, c.HasDefault
	if f.Default == nil && is == "boolean" && (c.Default == "true" || c.Default == "false") {
		f.Default = c.Default == "true" // so that a form shows, and its conditions know, what will be saved
	}
	f.ReadOnly = f.ReadOnly || !writable || d.table.view
	if c.MaxLength > 0 && (f.MaxLength == 0 || f.MaxLength > c.MaxLength) {
		f.MaxLength = c.MaxLength
	}
}
