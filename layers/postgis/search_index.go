package postgis

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// indexSearch makes the index that the search box and the words of lists go
// by. Its name tells what it indexes, so that a layer file that searches in
// other fields gets another.
func (s *Store) indexSearch(ctx context.Context, l *layers.Layer) error {
	if len(l.Search) == 0 || l.Source.ReadOnly {
		return nil
	}
	rows := scope{st: &statement{}, layer: l, alias: ""}
	expression := rows.searchText()
	schema, _, _ := strings.Cut(l.Source.Table, ".")
	name := fmt.Sprintf("arpent_search_%x", sha256.Sum256([]byte(l.Source.Table+expression)))[:30]
	var exists bool
	if err := s.pool.QueryRow(ctx, `select to_regclass($1) is not null`, identifier(schema+"."+name)).Scan(&exists); err != nil || exists {
		return err
	}
	_, err := s.pool.Exec(ctx, fmt.Sprintf("create index %s on %s using gin ((%s) public.gin_trgm_ops)", column(name), identifier(l.Source.Table), expression))
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "42P07" {
		return nil // another server process made it at this moment
	}
	if err != nil {
		return fmt.Errorf("making the search index of layer %s: %w", l.ID, err)
	}
	return nil
}
