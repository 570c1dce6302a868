package auth_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
	"arpent/web/auth"
	"arpent/web/problem"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

// house is a server that only knows who asks.
type house struct {
	*auth.Service
	pool *pgxpool.Pool
	url  string
	mail string // folder
}

func newHouse(t *testing.T, provider *auth.Provider) house {
	t.Helper()
	h := house{pool: postgistest.New(t), mail: t.TempDir()}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	mailer, err := auth.OpenMailer("", h.mail)
	if err != nil {
		t.Fatal(err)
	}
	h.url = server.URL
	h.Service = auth.New(h.pool, auth.Config{URL: h.url, Mail: mailer, Provider: provider})
	mux := http.NewServeMux()
	mux.HandleFunc("/api/session/oidc", problem.Handler(h.SignInElsewhere))
	mux.HandleFunc("/api/session/oidc/callback", problem.Handler(h.ComeBack))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		v := auth.Viewer(r.Context())
		_, _ = fmt.Fprint(w, v.Login, " ", v.Profiles["A"] != nil && v.Profiles["A"].ID == "manager")
	})
	mux.HandleFunc("/in", problem.Handler(func(w http.ResponseWriter, r *http.Request) error {
		_, err := h.SignIn(r.Context(), r.RemoteAddr, r.FormValue("login"), r.FormValue("password"))
		return err
	}))
	handler = h.Middleware(mux)
	return h
}

// browser is one with cookies of its own.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func get(t *testing.T, client *http.Client, address string) (text string, at *url.URL) {
	t.Helper()
	response, err := client.Get(address)
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

func (h house) signIn(t *testing.T, client *http.Client, login, password string) int {
	t.Helper()
	response, err := client.PostForm(h.url+"/in", url.Values{"login": {login}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func (h house) account(t *testing.T, login, email, password string) {
	t.Helper()
	if err := auth.CreateAccount(t.Context(), h.pool, login, "", false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.pool.Exec(t.Context(), `update arpent.account set email = nullif($2, '') where login = $1`, login, email); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.SetPassword(t.Context(), h.pool, login, password); err != nil {
		t.Fatal(err)
	}
}

var resetLink = regexp.MustCompile(`/#reset=3?D?([A-Z0-9]+)`)

// letters are the mails that were sent, with the token of each.
func (h house) letters(t *testing.T) (texts, tokens []string) {
	t.Helper()
	h.Close()
	names, err := filepath.Glob(filepath.Join(h.mail, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), "=\r\n", "")
		texts = append(texts, text)
		if m := resetLink.FindStringSubmatch(text); m != nil {
			tokens = append(tokens, m[1])
		}
	}
	return texts, tokens
}

func wantKind(t *testing.T, err error, want layers.Kind) {
	t.Helper()
	if got := layers.KindOf(err); got != want || want == "" && err != nil {
		t.Errorf("error is %v of kind %q, want kind %q", err, got, want)
	}
}

func TestTheReasonComesInAHeader(t *testing.T) {
	h := newHouse(t, nil)
	h.account(t, "marie", "", oldPassword)
	token, err := auth.CreateToken(t.Context(), h.pool, "marie", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{
		"":                        "",
		"request of the family":   "request of the family",
		"proc%C3%A8s %2312":       "procès #12",
		"100 %":                   "100 %",
		"  ":                      "",
		strings.Repeat("x", 1000): strings.Repeat("x", 200),
	} {
		var purpose string
		handler := h.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { purpose = auth.Viewer(r.Context()).Purpose }))
		request := httptest.NewRequest("GET", "/", nil)
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Arpent-Purpose", given)
		handler.ServeHTTP(httptest.NewRecorder(), request)
		if purpose != want {
			t.Errorf("%q gives %q, want %q", given, purpose, want)
		}
	}
}
