package auth_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"arpent/web/auth"
)

// elsewhere is a real provider of OpenID Connect in this process, with a form in
// which test-user2 signs in, and a server that sends people there.
type elsewhere struct {
	house
	issuer string
}

func newElsewhere(t *testing.T, change func(*auth.Provider)) elsewhere {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) }) // the example replaces it
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	provider := &auth.Provider{Name: "Town", Issuer: server.URL, ClientID: "arpent", ClientSecret: "a secret of clients"}
	if change != nil {
		change(provider)
	}
	e := elsewhere{newHouse(t, provider), server.URL}
	client := storage.WebClient("arpent", "a secret of clients", e.url+"/api/session/oidc/callback")
	users := storage.NewUserStore(server.URL + "/")
	handler = exampleop.SetupServer(server.URL, storage.NewStorageWithClients(users, map[string]*storage.Client{"arpent": client}), quiet, false, op.WithAllowInsecure())
	if _, err := e.pool.Exec(t.Context(), `insert into arpent.collectivity values ('A', 'A')`); err != nil {
		t.Fatal(err)
	}
	return e
}

// form follows the way out to the form of the provider.
func (e elsewhere) form(t *testing.T, client *http.Client) (at *url.URL, values url.Values) {
	t.Helper()
	_, at = get(t, client, e.url+"/api/session/oidc?next=/map")
	if !strings.HasPrefix(at.String(), e.issuer+"/login/username") {
		t.Fatalf("led to %s", at)
	}
	return at, url.Values{"username": {"test-user2"}, "password": {"verysecure"}, "id": {at.Query().Get("authRequestID")}}
}

// signIn goes there, signs in and comes back to the page, which tells who asks.
func (e elsewhere) signInElsewhere(t *testing.T, client *http.Client) (page string, at *url.URL) {
	t.Helper()
	form, values := e.form(t, client)
	response, err := client.PostForm(form.String(), values)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), response.Request.URL
}

func TestPeopleSignInAtAProvider(t *testing.T) {
	t.Run("an unknown person gets in nowhere", func(t *testing.T) {
		e := newElsewhere(t, nil)
		page, at := e.signInElsewhere(t, browser(t))
		if at.Path != "/map" || at.Fragment != "signin=unknown" || strings.HasPrefix(page, "test") {
			t.Errorf("came back to %s as %q", at, page)
		}
	})
	t.Run("an account that was linked", func(t *testing.T) {
		e := newElsewhere(t, nil)
		e.account(t, "marie", "", oldPassword)
		client := browser(t)
		if status := e.signIn(t, client, "marie", oldPassword); status != 200 {
			t.Fatalf("signing in answers %d", status)
		}
		e.signInElsewhere(t, client)
		page, at := e.signInElsewhere(t, browser(t))
		if page != "marie false" || at.Path != "/map" || at.Fragment != "" {
			t.Errorf("came back to %s as %q", at, page)
		}
		if _, err := e.pool.Exec(t.Context(), `update arpent.account set disabled = true`); err != nil {
			t.Fatal(err)
		}
		if _, at := e.signInElsewhere(t, browser(t)); at.Fragment != "signin=unknown" {
			t.Errorf("a disabled account came back to %s", at)
		}
	})
	t.Run("an account is made, and a claim decides on its profile", func(t *testing.T) {
		e := newElsewhere(t, func(p *auth.Provider) {
			p.Create, p.Claim = true, "email"
			p.Profiles = []auth.ClaimProfile{{"test-user2@zitadel.ch", "A", "manager"}}
		})
		e.account(t, "test-user2", "", oldPassword) // somebody else
		page, _ := e.signInElsewhere(t, browser(t))
		if page != "test-user2-1 true" {
			t.Errorf("came back as %q", page)
		}
		if again, _ := e.signInElsewhere(t, browser(t)); again != page {
			t.Errorf("came back the second time as %q", again)
		}
		if _, err := e.pool.Exec(t.Context(), `update arpent.membership set profile = 'reader'`); err != nil {
			t.Fatal(err)
		}
		if again, _ := e.signInElsewhere(t, browser(t)); again != page {
			t.Errorf("what the provider says is not taken over: %q", again)
		}
	})
}

func TestAnswersThatWereNotAskedForAreRefused(t *testing.T) {
	e := newElsewhere(t, func(p *auth.Provider) { p.Create = true })
	refused := func(t *testing.T, client *http.Client, address string) {
		t.Helper()
		page, at := get(t, client, address)
		if at.Fragment != "signin=failed" || !strings.HasPrefix(page, " ") {
			t.Errorf("came back to %s as %q", at, page)
		}
	}
	// answered stops on the way back, with the address of the answer.
	answered := func(t *testing.T, client *http.Client) string {
		t.Helper()
		form, values := e.form(t, client)
		var answer string
		client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), e.url) {
				answer = r.URL.String()
				return http.ErrUseLastResponse
			}
			return nil
		}
		response, err := client.PostForm(form.String(), values)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		client.CheckRedirect = nil
		return answer
	}
	session := func(t *testing.T, change string) {
		t.Helper()
		if _, err := e.pool.Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("in another browser", func(t *testing.T) {
		refused(t, browser(t), answered(t, browser(t)))
	})
	t.Run("with another state", func(t *testing.T) {
		client := browser(t)
		answer := answered(t, client)
		u, _ := url.Parse(answer)
		q := u.Query()
		q.Set("state", "MADEUP")
		u.RawQuery = q.Encode()
		refused(t, client, u.String())
		refused(t, client, answer) // the question was withdrawn
	})
	t.Run("twice", func(t *testing.T) {
		client := browser(t)
		answer := answered(t, client)
		get(t, client, answer)
		if _, at := get(t, client, answer); at.Fragment != "signin=failed" {
			t.Errorf("came back to %s", at)
		}
		session(t, `delete from arpent.session`)
	})
	t.Run("the code of another's question, put into ours", func(t *testing.T) { // PKCE and nonce
		theirs, ours := browser(t), browser(t)
		stolen, _ := url.Parse(answered(t, theirs))
		own, _ := url.Parse(answered(t, ours))
		q := own.Query()
		q.Set("code", stolen.Query().Get("code"))
		own.RawQuery = q.Encode()
		refused(t, ours, own.String())
	})
	t.Run("a refusal of the provider", func(t *testing.T) {
		client := browser(t)
		u, _ := url.Parse(answered(t, client))
		q := u.Query()
		q.Del("code")
		q.Set("error", "access_denied")
		u.RawQuery = q.Encode()
		refused(t, client, u.String())
	})
	t.Run("the way back leads nowhere else", func(t *testing.T) {
		for _, next := range []string{"https://elsewhere.example/", "//elsewhere.example/", `/\elsewhere.example`, "javascript:alert(1)"} {
			client := browser(t)
			_, at := get(t, client, e.url+"/api/session/oidc?next="+url.QueryEscape(next))
			response, err := client.PostForm(at.String(), url.Values{"username": {"test-user2"}, "password": {"verysecure"}, "id": {at.Query().Get("authRequestID")}})
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if got := response.Request.URL.String(); got != e.url+"/" {
				t.Errorf("%s led to %s", next, got)
			}
		}
	})
}

func TestAProviderThatDoesNotAnswerIsNoFaultOfOurs(t *testing.T) {
	h := newHouse(t, &auth.Provider{Name: "Gone", Issuer: "http://127.0.0.1:1", ClientID: "arpent"})
	if _, at := get(t, browser(t), h.url+"/api/session/oidc"); at.Fragment != "signin=unreachable" {
		t.Errorf("led to %s", at)
	}
}
