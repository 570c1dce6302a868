package auth_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jackc/pgx/v5"

	"arpent/web/auth"
)

// reading is a house whose rooms only read, which hears what changes when told.
func reading(t *testing.T) (h house, ask func(header, value string) (int, string)) {
	t.Helper()
	h = newHouse(t, nil)
	h.account(t, "marie", "", oldPassword)
	h.Knock("")
	face := h.Reader(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := auth.Viewer(r.Context())
		_, _ = fmt.Fprint(w, v.Login, " ", v.Purpose)
	}))
	return h, func(header, value string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set(header, value)
		r.Header.Set("Arpent-Purpose", "survey")
		w := httptest.NewRecorder()
		face.ServeHTTP(w, r)
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Code, string(body)
	}
}

func TestWhoWasRecognisedIsRememberedUntilSomethingChanges(t *testing.T) {
	h, ask := reading(t)
	token, err := auth.CreateToken(t.Context(), h.pool, "marie", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := func(when string, code int, body string) {
		t.Helper()
		if got, text := ask("Authorization", "Bearer "+token); got != code || body != "" && text != body {
			t.Fatalf("%s: %d %q, want %d %q", when, got, text, code, body)
		}
	}
	want("at first", http.StatusOK, "marie survey")
	if _, err := h.pool.Exec(t.Context(), `delete from arpent.token`); err != nil {
		t.Fatal(err)
	}
	want("before the database was heard", http.StatusOK, "marie survey")
	h.Knock("")
	want("after the database was heard", http.StatusUnauthorized, "")
}

func TestTheDatabaseTellsOfWhatMayOpenMoreOrLess(t *testing.T) {
	h := newHouse(t, nil)
	h.account(t, "marie", "", oldPassword)
	if _, err := auth.CreateToken(t.Context(), h.pool, "marie", "", 0); err != nil {
		t.Fatal(err)
	}
	if code := h.signIn(t, browser(t), "marie", oldPassword); code != http.StatusOK {
		t.Fatalf("signing in: %d", code)
	}
	if _, err := h.pool.Exec(t.Context(), `insert into arpent.collectivity (code, name) values ('A', 'A') on conflict do nothing`); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(t.Context(), h.pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), "listen "+auth.Channel); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{
		`insert into arpent.membership (account_id, collectivity, profile) select id, 'A', 'manager' from arpent.account where login = 'marie'`,
		`update arpent.membership set profile = 'reader'`,
		`update arpent.profile_grant set actions = actions where profile = 'reader'`,
		`insert into arpent.profile_field (profile, layer, field, access) values ('reader', 'land.parcels', 'number', 'hidden')`,
		`delete from arpent.membership`,
		`update arpent.token set expires_at = now()`,
		`delete from arpent.token`,
		`delete from arpent.session`,
		`update arpent.account set password_hash = null`,
		`update arpent.account set disabled = true`,
	} {
		if _, err := h.pool.Exec(t.Context(), change); err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		n, err := conn.WaitForNotification(t.Context()) // the test's deadline is its limit
		if err != nil || n.Channel != auth.Channel {
			t.Fatalf("%s: %v, %v", change, n, err)
		}
	}
}
