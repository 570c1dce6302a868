package postgistest

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Account makes an account with profiles, given as collectivity and profile in
// turn, and returns the viewer it signs in as.
func Account(t testing.TB, pool *pgxpool.Pool, login string, profiles ...string) layers.Viewer {
	t.Helper()
	if _, err := pool.Exec(t.Context(), `insert into arpent.account (login) values ($1)`, login); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(profiles); i += 2 {
		_, err := pool.Exec(t.Context(), `insert into arpent.membership select id, $2, $3 from arpent.account where login = $1`, login, profiles[i], profiles[i+1])
		if err != nil {
			t.Fatal(err)
		}
	}
	return Viewer(t, pool, login)
}

// Viewer is who an account signs in as, with the rights that it has now.
func Viewer(t testing.TB, pool *pgxpool.Pool, login string) layers.Viewer {
	t.Helper()
	v := layers.Viewer{Login: login, Language: "fr"}
	err := pool.QueryRow(t.Context(), `select id, admin, arpent.profiles_of(id) from arpent.account where login = $1`, login).Scan(&v.UserID, &v.Admin, &v.Profiles)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
