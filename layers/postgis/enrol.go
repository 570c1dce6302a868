package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// Enrol makes the table of a described layer the ground of that layer: its
// changes are recorded, row-level security guards it, and the roles of
// requests may touch what its layers allow. Views are only opened.
func (s *Store) Enrol(ctx context.Context, l *layers.Layer) error {
	personal := []string{}
	for _, f := range l.Fields {
		if f.Personal && f.Column != "" {
			personal = append(personal, f.Column)
		}
	}
	rights := l.Rights
	if rights == nil {
		rights = map[string][]string{}
	}
	_, err := s.pool.Exec(ctx, `call arpent.enrol($1::text::regclass, $2, $3, row($4, $5, $6, $7, $8::boolean, $9::boolean, $10::text[], $11::text[], $12::jsonb)::arpent.layer)`,
		identifier(l.Source.Table), l.Source.ID, null(l.Source.TableGeometry),
		l.ID, l.Application.ID, l.Source.Table, null(l.Source.Collectivity), l.Source.ReadOnly, l.Public, openColumns(l), personal, rights)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "42501" {
		return fmt.Errorf("layer %s: the server's database role must own table %s: alter table %s owner to that role: %w", l.ID, l.Source.Table, l.Source.Table, err)
	}
	if err != nil {
		return fmt.Errorf("enrolling layer %s: %w", l.ID, err)
	}
	return nil
}

// Retain forgets the layers that are not in the catalog, with what they
// allowed.
func (s *Store) Retain(ctx context.Context, c *layers.Catalog) error {
	ids := []string{}
	for _, l := range c.All() {
		ids = append(ids, l.ID)
	}
	if _, err := s.pool.Exec(ctx, `call arpent.retain($1)`, ids); err != nil {
		return fmt.Errorf("forgetting layers that are gone: %w", err)
	}
	return nil
}

// PutCollectivity creates or renames a collectivity. srid is the EPSG code of
// its maps.
func (s *Store) PutCollectivity(ctx context.Context, code, name string, srid int) error {
	_, err := s.pool.Exec(ctx, `
		insert into arpent.collectivity (code, name, srid) values ($1, $2, $3)
		on conflict (code) do update set name = excluded.name, srid = excluded.srid
		where (collectivity.name, collectivity.srid) is distinct from (excluded.name, excluded.srid)`, code, name, srid)
	return translate(err, nil)
}

// Collectivity is a town or a group of towns that owns rows.
type Collectivity struct {
	Code, Name string
	SRID       int
}

// Collectivities lists the collectivities of the server by name.
func (s *Store) Collectivities(ctx context.Context) ([]Collectivity, error) {
	rows, err := s.pool.Query(ctx, `select code, name, srid from arpent.collectivity order by name, code`)
	if err != nil {
		return nil, translate(err, nil)
	}
	defer rows.Close()
	var all []Collectivity
	for rows.Next() {
		var c Collectivity
		if err := rows.Scan(&c.Code, &c.Name, &c.SRID); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, translate(rows.Err(), nil)
}

func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
