package postgis

import (
	"context"
	"fmt"
)

// Identity names these very tables in this very database: another one of the
// same name, or the same in a copy of the database, has another identity.
func (s *Store) Identity(ctx context.Context, tables []string) (string, error) {
	var name string
	err := s.pool.QueryRow(ctx, `
		select concat_ws(' ', (select system_identifier from pg_control_system()), left(pg_walfile_name(pg_current_wal_lsn()), 8), (select oid from pg_database where datname = current_database()),
			(select string_agg(coalesce(to_regclass(t)::oid::text, '-'), ' ' order by t) from unnest($1::text[]) t))`, tables).Scan(&name)
	if err != nil {
		return "", fmt.Errorf("reading the identity of tables: %w", err)
	}
	return name, nil
}
