package auth

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Viewers are those of the accounts that may sign in, with what they may do now,
// by login: all of them where none is named, and NotFound where one is not there.
func Viewers(ctx context.Context, pool *pgxpool.Pool, logins ...string) ([]layers.Viewer, error) {
	rows, err := pool.Query(ctx, `
		select a.id, a.login, a.name, a.admin, arpent.profiles_of(a.id)
		from arpent.account a where not a.disabled and (cardinality($1::text[]) = 0 or a.login = any ($1)) order by a.login`, append([]string{}, logins...))
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (layers.Viewer, error) {
		var v layers.Viewer
		err := row.Scan(&v.UserID, &v.Login, &v.Name, &v.Admin, &v.Profiles)
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	for _, login := range logins {
		if !slices.ContainsFunc(all, func(v layers.Viewer) bool { return v.Login == login }) {
			return nil, layers.Errorf(layers.NotFound, "there is no account %s that may sign in", login)
		}
	}
	return all, nil
}
