package postgis

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Design is a table for a layer that is made in the page.
type Design struct {
	Table    string // schema.table; the schema own
	Geometry string // as in layers.Geometry.Type; "" for records without shape
	SRID     int
	Shared   bool // rows belong to no collectivity
	Fields   []DesignedField
}

// DesignedField is a column of a designed table.
type DesignedField struct {
	Name     string
	Type     layers.Type
	Required bool
	Values   []string // of an enumeration; nil for any
}

// columnTypes are the types of columns by type of field.
var columnTypes = map[layers.Type]string{
	layers.TypeText: "text", layers.TypeInteger: "integer", layers.TypeNumber: "double precision",
	layers.TypeBoolean: "boolean", layers.TypeDate: "date", layers.TypeDatetime: "timestamptz",
}

var designedName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,49}$`)

// taken are columns that every designed table has.
var taken = map[string]bool{"id": true, "collectivity": true, "geom": true}

func (f DesignedField) check(at string) error {
	fault := func(format string, args ...any) error {
		message := fmt.Sprintf(format, args...)
		return &layers.Error{Kind: layers.Invalid, Detail: at + ": " + message, Faults: []layers.Fault{{Location: at, Message: message, Value: f.Name}}}
	}
	switch {
	case !designedName.MatchString(f.Name):
		return fault("a name of a field begins with a letter and has up to 50 small letters, digits and _")
	case taken[f.Name]:
		return fault("every layer has a field %s already: choose another name", f.Name)
	case columnTypes[f.Type] == "":
		return fault("%q is no type: text, integer, number, boolean, date, datetime", f.Type)
	case len(f.Values) > 0 && f.Type != layers.TypeText:
		return fault("only a text can be chosen from a list")
	}
	return nil
}

func (f DesignedField) definition() string {
	s := column(f.Name) + " " + columnTypes[f.Type]
	if f.Required && f.Type != layers.TypeText {
		s += " not null"
	}
	if f.Required && f.Type == layers.TypeText {
		s += " not null check (" + column(f.Name) + " <> '')"
	}
	return s
}

// CreateTable makes the table of a designed layer and stores its file, both or
// none.
func (s *Store) CreateTable(ctx context.Context, v layers.Viewer, d Design, layer, file string) error {
	schema, name, _ := strings.Cut(d.Table, ".")
	if !designedName.MatchString(name) {
		return layers.Errorf(layers.Invalid, "table: a name begins with a letter and has up to 50 small letters, digits and _")
	}
	columns := []string{"id bigint generated always as identity primary key"}
	if !d.Shared {
		columns = append(columns, "collectivity text not null references arpent.collectivity")
	}
	for i, f := range d.Fields {
		if err := f.check(fmt.Sprintf("fields[%d].name", i)); err != nil {
			return err
		}
		columns = append(columns, f.definition())
	}
	if d.Geometry != "" {
		columns = append(columns, fmt.Sprintf("geom public.geometry(%s, %d)", column(d.Geometry), d.SRID))
	}
	return s.define(ctx, v, layer, file, func(tx pgx.Tx) error {
		var exists bool
		if err := tx.QueryRow(ctx, `select to_regclass($1) is not null`, identifier(d.Table)).Scan(&exists); err != nil {
			return err
		}
		if exists {
			return layers.Errorf(layers.Conflict, "there is a table %s already: choose another name", d.Table)
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf("create table %s (%s)", identifier(d.Table), strings.Join(columns, ", "))); err != nil {
			return err
		}
		if d.Geometry != "" {
			if _, err := tx.Exec(ctx, fmt.Sprintf("create index %s on %s using gist (geom)", column(name+"_geom"), identifier(d.Table))); err != nil {
				return err
			}
		}
		if d.Shared {
			return nil
		}
		_, err := tx.Exec(ctx, fmt.Sprintf("create index %s on %s (collectivity)", column(name+"_collectivity"), identifier(schema+"."+name)))
		return err
	})
}

// AddColumn adds a field to a designed table and stores the file that shows it.
func (s *Store) AddColumn(ctx context.Context, v layers.Viewer, table string, f DesignedField, layer, file string) error {
	if err := f.check("name"); err != nil {
		return err
	}
	if !strings.HasPrefix(table, "own.") {
		return layers.Errorf(layers.Forbidden, "table %s was not made in the page: add the column there and the field to the layer file", table)
	}
	f.Required = false // the rows there are have no value
	return s.define(ctx, v, layer, file, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, fmt.Sprintf("alter table %s add column %s", identifier(table), f.definition()))
		return err
	})
}

// define changes tables and the file of a layer in one transaction.
func (s *Store) define(ctx context.Context, v layers.Viewer, layer, file string, fn func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into arpent.layer_file (id, file, who) values ($1, $2, $3)
			on conflict (id) do update set file = excluded.file, who = excluded.who, at = now()`, layer, file, v.Login)
		return err
	})
	return translate(err, nil)
}

// Tables are the tables and views of the database that could be layers: those
// that belong to nobody else.
func (s *Store) Tables(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		select n.nspname || '.' || c.relname
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema$|arpent$|topology$|tiger)'
		  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
		order by 1`)
	if err != nil {
		return nil, fmt.Errorf("listing tables: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Introspect writes a layer file for a table or view, named schema.table.
func (s *Store) Introspect(ctx context.Context, name string) ([]byte, error) {
	return Introspect(ctx, s.pool, name)
}
