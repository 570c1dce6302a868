package web_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"arpent/layers/postgis/postgistest"
	"arpent/web/auth"
)

// bearer is the header of a token for the account.
func (s *site) bearer(login string) string {
	s.Helper()
	token, err := auth.CreateToken(s.Context(), s.pool, login, "test", 0)
	if err != nil {
		s.Fatal(err)
	}
	return "Authorization: Bearer " + token
}

// ask sends a request as an account and checks the status of the answer.
func (s *site) ask(want int, method, path string, body any, headers ...string) answer {
	s.Helper()
	a := s.call(http.DefaultClient, method, path, body, headers...)
	if a.StatusCode != want {
		s.Errorf("%s %s: %d, want %d: %s", method, path, a.StatusCode, want, a.body)
	}
	return a
}

func TestAdministratorsAdministerTheirOwn(t *testing.T) {
	s := newSite(t)
	admin := s.bearer("admin")
	code := s.town.Code
	s.ask(204, "PUT", "/api/admin/collectivities/00002", map[string]any{"name": "Two"}, admin)

	var boss string
	t.Run("the server's", func(t *testing.T) {
		made := s.ask(200, "POST", "/api/admin/accounts", map[string]any{"login": "boss", "email": "boss@town.example", "memberships": map[string]string{code: "administrator"}}, admin).json(t)
		if made["login"] != "boss" || made["memberships"].(map[string]any)[code] != "administrator" {
			t.Errorf("made %v", made)
		}
		s.ask(409, "POST", "/api/admin/accounts", map[string]any{"login": "Boss"}, admin)
		s.ask(422, "POST", "/api/admin/accounts", map[string]any{"login": "a b"}, admin)
		s.ask(422, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", id(t, s, "admin")), map[string]any{"disabled": true}, admin)
		boss = s.bearer("boss")
		postgistest.Account(t, s.pool, "theirs", "00002", "reader")
		postgistest.Account(t, s.pool, "both", code, "reader", "00002", "manager")
	})
	t.Run("of one collectivity", func(t *testing.T) {
		var logins []string
		for _, a := range s.ask(200, "GET", "/api/admin/accounts", nil, boss).json(t)["accounts"].([]any) {
			account := a.(map[string]any)
			logins = append(logins, fmt.Sprint(account["login"], account["memberships"]))
		}
		if got, want := strings.Join(logins, " "), "bossmap["+code+":administrator] bothmap["+code+":reader]"; got != want {
			t.Errorf("sees %s, want %s", got, want)
		}
		ours := id(t, s, "both")
		s.ask(404, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", id(t, s, "theirs")), map[string]any{"name": "x"}, boss)
		s.ask(403, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", ours), map[string]any{"disabled": true}, boss)
		s.ask(403, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", ours), map[string]any{"memberships": map[string]string{"00002": "administrator"}}, boss)
		s.ask(403, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", ours), map[string]any{"admin": true}, boss)
		s.ask(403, "POST", fmt.Sprintf("/api/admin/accounts/%v/password", ours), nil, boss)
		s.ask(200, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", ours), map[string]any{"memberships": map[string]string{code: "manager"}}, boss)
		s.ask(422, "POST", "/api/admin/accounts", map[string]any{"login": "new"}, boss)
		s.ask(403, "POST", "/api/admin/accounts", map[string]any{"login": "new", "memberships": map[string]string{"00002": "reader"}}, boss)
		s.ask(200, "POST", "/api/admin/accounts", map[string]any{"login": "new", "memberships": map[string]string{code: "reader"}}, boss)
		s.ask(404, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", id(t, s, "new")), map[string]any{"memberships": map[string]string{code: "no such"}}, boss)
		profile := map[string]any{"title": map[string]string{}, "grants": map[string][]string{}}
		s.ask(403, "PUT", "/api/admin/profiles/clerk", profile, boss)
		s.ask(403, "DELETE", "/api/admin/profiles/clerk", nil, boss)
		s.ask(403, "PUT", "/api/admin/collectivities/00003", map[string]any{"name": "x"}, boss)
		s.ask(403, "DELETE", "/api/admin/collectivities/00002", nil, boss)
	})
	t.Run("nobody else", func(t *testing.T) {
		reader := s.bearer("both")
		for _, path := range []string{"accounts", "profiles", "collectivities", "personal-reads"} {
			s.ask(401, "GET", "/api/admin/"+path, nil)
			s.ask(403, "GET", "/api/admin/"+path, nil, reader)
		}
		s.ask(403, "GET", "/api/tokens?all=true", nil, reader)
	})
	t.Run("a new password ends sessions, and a disabled account is out", func(t *testing.T) {
		password := s.ask(200, "POST", fmt.Sprintf("/api/admin/accounts/%v/password", id(t, s, "new")), nil, boss).json(t)["password"]
		jar, _ := cookiejar.New(nil)
		client := &http.Client{Jar: jar}
		if a := s.call(client, "POST", "/api/session", map[string]any{"login": "new", "password": password}); a.StatusCode != 200 {
			t.Fatalf("signing in answers %d: %s", a.StatusCode, a.body)
		}
		s.ask(200, "PATCH", fmt.Sprintf("/api/admin/accounts/%v", id(t, s, "new")), map[string]any{"disabled": true}, boss)
		if a := s.call(client, "GET", "/api/session", nil); a.json(t)["user"] != nil {
			t.Errorf("a disabled account is still in: %s", a.body)
		}
	})
}

func id(t *testing.T, s *site, login string) (id int64) {
	t.Helper()
	if err := s.pool.QueryRow(t.Context(), `select id from arpent.account where login = $1`, login).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestProfilesOfOnesOwnHoldFromTheNextRequestOn(t *testing.T) {
	s := newSite(t)
	admin := s.bearer("admin")
	profile := func(want int, name string, body map[string]any) {
		s.ask(want, "PUT", "/api/admin/profiles/"+name, body, admin)
	}
	title := map[string]string{"fr": "Agent", "en": "Clerk"}
	profile(204, "clerk", map[string]any{"title": title, "grants": map[string][]string{"*": {"read"}, "land.blocks": {}}})
	profile(422, "clerk", map[string]any{"title": title, "grants": map[string][]string{"no.such": {"read"}}})
	profile(422, "clerk", map[string]any{"title": title, "grants": map[string][]string{"*": {"fly"}}})
	profile(422, "clerk", map[string]any{"title": title, "grants": map[string][]string{}, "fields": map[string]map[string]string{"land.parcels": {"no": "hidden"}}})
	profile(403, "administrator", map[string]any{"title": title, "grants": map[string][]string{}})

	postgistest.Account(t, s.pool, "clerk", s.town.Code, "clerk")
	clerk := s.bearer("clerk")
	s.ask(403, "GET", "/api/layers/land.blocks/features", nil, clerk)
	s.ask(200, "GET", "/api/layers/land.parcels/features", nil, clerk)
	profile(204, "clerk", map[string]any{"title": title, "grants": map[string][]string{"*": {"read"}}, "fields": map[string]map[string]string{"land.parcels": {"notes": "hidden"}}})
	s.ask(200, "GET", "/api/layers/land.blocks/features", nil, clerk)
	if a := s.ask(200, "GET", "/api/layers/land.parcels/features?limit=1", nil, clerk); strings.Contains(string(a.body), `"notes"`) {
		t.Errorf("a hidden field is shown: %s", a.body)
	}
	s.ask(409, "DELETE", "/api/admin/profiles/clerk", nil, admin)
	s.ask(404, "DELETE", "/api/admin/profiles/reader", nil, admin)
	if _, err := s.pool.Exec(t.Context(), `delete from arpent.membership`); err != nil {
		t.Fatal(err)
	}
	s.ask(204, "DELETE", "/api/admin/profiles/clerk", nil, admin)
	s.ask(409, "DELETE", "/api/admin/collectivities/"+s.town.Code, nil, admin)
}

func TestTokensAreOnesOwnAndRevoked(t *testing.T) {
	s := newSite(t)
	admin := s.bearer("admin")
	postgistest.Account(t, s.pool, "marie", s.town.Code, "reader")
	marie := s.bearer("marie")
	s.ask(401, "POST", "/api/tokens", map[string]any{"name": "x", "days": 1})
	made := s.ask(200, "POST", "/api/tokens", map[string]any{"name": "QGIS", "days": 30}, marie).json(t)
	program := "Authorization: Bearer " + made["token"].(string)
	s.ask(200, "GET", "/api/tokens", nil, program)
	tokens := s.ask(200, "GET", "/api/tokens", nil, marie).json(t)["tokens"].([]any)
	if len(tokens) != 2 || tokens[0].(map[string]any)["name"] != "QGIS" || tokens[0].(map[string]any)["expiresAt"] == nil {
		t.Fatalf("tokens %v", tokens)
	}
	number := tokens[0].(map[string]any)["id"]
	postgistest.Account(t, s.pool, "other", s.town.Code, "manager")
	s.ask(404, "DELETE", fmt.Sprintf("/api/tokens/%v", number), nil, s.bearer("other"))
	if all := s.ask(200, "GET", "/api/tokens?all=true", nil, admin).json(t)["tokens"].([]any); len(all) < 4 {
		t.Errorf("the administrator sees %v", all)
	}
	s.ask(204, "DELETE", fmt.Sprintf("/api/tokens/%v", number), nil, admin)
	s.ask(401, "GET", "/api/tokens", nil, program)
}

func TestALinkForAnotherPasswordIsAskedForOverHTTP(t *testing.T) {
	s := newSite(t)
	s.ask(204, "POST", "/api/session/reset", map[string]any{"name": "nobody"})
	s.ask(204, "POST", "/api/session/reset", map[string]any{"name": "admin"})
	s.ask(422, "PUT", "/api/session/reset", map[string]any{"token": "MADEUP", "new": "long enough a password"})
}
