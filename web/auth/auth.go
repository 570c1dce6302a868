// Package auth knows who asks: sessions of people in the page, tokens of
// programs. It puts the viewer into the request's context; what a viewer may
// do is decided in layers.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/web/problem"
)

// Service signs people in and recognises them.
type Service struct {
	pool     *pgxpool.Pool
	sessions *scs.SessionManager
	config   Config
	sending  sync.WaitGroup // mails under way
	known    known
}

// Config is what signing in depends on.
type Config struct {
	URL      string // at which people reach the server, without a slash at the end
	Mail     *Mailer
	Provider *Provider // of OpenID Connect; nil for none
}

// Keys of what a session holds.
const (
	sessionUser = "account"
	sessionSeal = "seal" // changes with the password, which ends other sessions
)

// New makes the service.
func New(pool *pgxpool.Pool, config Config) *Service {
	m := scs.New()
	m.Store = sessionStore{pool}
	m.Lifetime = 7 * 24 * time.Hour
	m.IdleTimeout = 12 * time.Hour
	m.Cookie.Name = "arpent"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	return &Service{pool: pool, sessions: m, config: config}
}

type contextKey struct{}

// With returns a context in which the viewer asks.
func With(ctx context.Context, v layers.Viewer) context.Context {
	return context.WithValue(ctx, contextKey{}, v)
}

// Viewer is who asks; anonymous unless With said otherwise.
func Viewer(ctx context.Context) layers.Viewer {
	v, _ := ctx.Value(contextKey{}).(layers.Viewer)
	v.Language = languageOf(ctx)
	return v
}

// Middleware finds out who asks. Programs show a token in each request;
// anything else goes by the session's cookie and must then come from our own
// page if it changes something.
func (s *Service) Middleware(next http.Handler) http.Handler {
	page := s.sessions.LoadAndSave(http.NewCrossOriginProtection().Handler(s.fromSession(next)))
	return withLanguage(s.fromProgram(next, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.ServeHTTP(secureCookie{w, r}, r)
	})))
}

// fromProgram answers those who show a token; the others go on to people.
func (s *Service) fromProgram(next, people http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Authorization")
		if r.Header.Get("Authorization") == "" {
			people.ServeHTTP(w, r)
			return
		}
		v, err := s.fromToken(r)
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		v.Purpose = purposeOf(r)
		next.ServeHTTP(w, r.WithContext(With(r.Context(), v)))
	})
}

// secureCookie marks cookies as for TLS only when the request came by TLS.
type secureCookie struct {
	http.ResponseWriter
	r *http.Request
}

func (w secureCookie) WriteHeader(status int) {
	if w.r.TLS != nil || w.r.Header.Get("X-Forwarded-Proto") == "https" {
		cookies := w.Header()["Set-Cookie"]
		for i, c := range cookies {
			if !strings.Contains(c, "; Secure") {
				cookies[i] = c + "; Secure"
			}
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w secureCookie) Write(b []byte) (int, error) { return w.ResponseWriter.Write(b) }

// Unwrap lets http.ResponseController reach the connection.
func (w secureCookie) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (s *Service) fromSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if id := s.sessions.GetInt64(ctx, sessionUser); id != 0 {
			v, seal, err := s.viewer(ctx, `a.id = $1`, id)
			switch {
			case errors.Is(err, pgx.ErrNoRows) || err == nil && seal != s.sessions.GetString(ctx, sessionSeal):
				if err := s.sessions.Destroy(ctx); err != nil {
					problem.Write(w, r, err)
					return
				}
			case err != nil:
				problem.Write(w, r, err)
				return
			default:
				v.Purpose = purposeOf(r)
				ctx = With(ctx, v)
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// viewer reads an account that is not disabled, with its profiles and the
// seal of its password.
func (s *Service) viewer(ctx context.Context, where string, arg any) (layers.Viewer, string, error) {
	var v layers.Viewer
	var hash *string
	err := s.pool.QueryRow(ctx, `
		select a.id, a.login, a.name, a.admin, a.password_hash, arpent.profiles_of(a.id)
		from arpent.account a where not a.disabled and `+where, arg).Scan(&v.UserID, &v.Login, &v.Name, &v.Admin, &hash, &v.Profiles)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return v, "", fmt.Errorf("reading an account: %w", err)
	}
	return v, seal(hash), err
}

// maxPurpose is how long a reason may be, in characters; the rest is cut off.
const maxPurpose = 200

// purposeOf is the reason that a request gives for reading personal data, in
// the header Arpent-Purpose. Headers hold ASCII only: other characters are
// percent-encoded.
func purposeOf(r *http.Request) string {
	given := r.Header.Get("Arpent-Purpose")
	if decoded, err := url.PathUnescape(given); err == nil {
		given = decoded
	}
	purpose := []rune(strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(given, "\x00", ""), "")))
	return string(purpose[:min(len(purpose), maxPurpose)])
}

// Again reads anew what a viewer may do, for answers that last. The error is
// Unauthorized when its account is gone or disabled.
func (s *Service) Again(ctx context.Context, v layers.Viewer) (layers.Viewer, error) {
	if v.Anonymous() {
		return v, nil
	}
	now, _, err := s.viewer(ctx, `a.id = $1`, v.UserID)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, layers.Errorf(layers.Unauthorized, "the account %s is closed", v.Login)
	}
	now.Purpose, now.Language = v.Purpose, v.Language
	return now, err
}

// Account is the viewer of an account as it is now, for work on its behalf.
func (s *Service) Account(ctx context.Context, id int64) (layers.Viewer, error) {
	v, _, err := s.viewer(ctx, `a.id = $1`, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, layers.Errorf(layers.Forbidden, "the account was closed or disabled meanwhile")
	}
	return v, err
}

func seal(hash *string) string {
	if hash == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(*hash))
	return hex.EncodeToString(sum[:8])
}

// fromToken recognises `Bearer token` and, for programs that know nothing
// else, `Basic login:token`.
func (s *Service) fromToken(r *http.Request) (layers.Viewer, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	login := ""
	if !ok {
		if login, token, ok = r.BasicAuth(); !ok {
			return layers.Viewer{}, layers.Errorf(layers.Unauthorized, "the Authorization header is neither Bearer TOKEN nor Basic LOGIN:TOKEN")
		}
	}
	sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
	refused := layers.Errorf(layers.Unauthorized, "the token is unknown, expired or revoked: make another with `arpent token create`")
	v, _, err := s.viewer(r.Context(), `a.id = (select account_id from arpent.token where hash = $1 and (expires_at is null or expires_at > now()))`, sum[:])
	if errors.Is(err, pgx.ErrNoRows) {
		return v, refused
	}
	if err != nil {
		return v, err
	}
	if login != "" && !strings.EqualFold(login, v.Login) {
		return layers.Viewer{}, refused
	}
	_, err = s.pool.Exec(r.Context(), `update arpent.token set last_used_at = now() where hash = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`, sum[:])
	return v, err
}

// Limits on failed attempts within window.
const (
	window            = 15 * time.Minute
	failuresPerLogin  = 5
	failuresPerRemote = 20
)

// SignIn starts a session for a login and its password. It takes as long for
// a login that does not exist.
func (s *Service) SignIn(ctx context.Context, remote, login, password string) (layers.Viewer, error) {
	address := addressOf(remote)
	if err := s.throttle(ctx, login, address); err != nil {
		return layers.Viewer{}, err
	}
	v, _, err := s.viewer(ctx, `lower(a.login) = lower($1)`, login)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return layers.Viewer{}, err
	}
	var hash *string
	if err == nil {
		if err := s.pool.QueryRow(ctx, `select password_hash from arpent.account where id = $1`, v.UserID).Scan(&hash); err != nil {
			return layers.Viewer{}, fmt.Errorf("reading a password: %w", err)
		}
	}
	if !matches(password, hash) {
		if _, err := s.pool.Exec(ctx, `insert into arpent.login_attempt (login, address) values (lower($1), $2)`, login, address); err != nil {
			return layers.Viewer{}, fmt.Errorf("noting a failed attempt: %w", err)
		}
		return layers.Viewer{}, layers.Errorf(layers.Unauthorized, "the login or the password is wrong")
	}
	if _, err := s.pool.Exec(ctx, `delete from arpent.login_attempt where login = lower($1) and address = $2 or at < now() - interval '1 day'`, login, address); err != nil {
		return layers.Viewer{}, fmt.Errorf("forgetting failed attempts: %w", err)
	}
	return v, s.begin(ctx, v, seal(hash))
}

// begin starts a session of the viewer.
func (s *Service) begin(ctx context.Context, v layers.Viewer, seal string) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("starting a session: %w", err)
	}
	s.sessions.Put(ctx, sessionUser, v.UserID)
	s.sessions.Put(ctx, sessionSeal, seal)
	return nil
}

// throttle refuses when there were too many failures lately.
func (s *Service) throttle(ctx context.Context, login string, address netip.Addr) error {
	var perLogin, perRemote int
	err := s.pool.QueryRow(ctx, `
		select count(*) filter (where login = lower($1)), count(*)
		from arpent.login_attempt where address = $2 and at > now() - $3::interval`, login, address, window).Scan(&perLogin, &perRemote)
	if err != nil {
		return fmt.Errorf("counting failed attempts: %w", err)
	}
	if perLogin >= failuresPerLogin || perRemote >= failuresPerRemote {
		return layers.Errorf(layers.TooMany, "too many failed attempts: try again in %d minutes", int(window.Minutes()))
	}
	return nil
}

func addressOf(remote string) netip.Addr {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return netip.IPv4Unspecified()
	}
	return address.Unmap().WithZone("")
}

// SignOut ends the session.
func (s *Service) SignOut(ctx context.Context) error { return s.sessions.Destroy(ctx) }

// ChangePassword gives the viewer another password and ends its other sessions.
func (s *Service) ChangePassword(ctx context.Context, v layers.Viewer, current, next string) error {
	if v.Anonymous() {
		return layers.Errorf(layers.Unauthorized, "sign in to change your password")
	}
	var hash *string
	if err := s.pool.QueryRow(ctx, `select password_hash from arpent.account where id = $1`, v.UserID).Scan(&hash); err != nil {
		return fmt.Errorf("reading a password: %w", err)
	}
	if !matches(current, hash) {
		return &layers.Error{Kind: layers.Invalid, Detail: "the present password is wrong", Faults: []layers.Fault{{Location: "body.current", Message: "is wrong"}}}
	}
	fresh, err := SetPassword(ctx, s.pool, v.Login, next)
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renewing the session: %w", err)
	}
	s.sessions.Put(ctx, sessionSeal, seal(&fresh))
	return nil
}

// parameters of argon2id, after RFC 9106's choice for little memory.
var parameters = &argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// nobody is what passwords of accounts that do not exist are compared with.
var nobody = func() string {
	hash, err := argon2id.CreateHash(rand.Text(), parameters)
	if err != nil {
		panic(err)
	}
	return hash
}()

func matches(password string, hash *string) bool {
	if hash == nil {
		_, _ = argon2id.ComparePasswordAndHash(password, nobody)
		return false
	}
	ok, err := argon2id.ComparePasswordAndHash(password, *hash)
	return ok && err == nil
}
