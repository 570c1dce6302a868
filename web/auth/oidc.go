package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/jackc/pgx/v5"
	"golang.org/x/oauth2"

	"arpent/layers"
	"arpent/web/problem"
)

// Provider is a provider of OpenID Connect at which people sign in.
type Provider struct {
	Name         string // on the button of the page
	Issuer       string
	ClientID     string
	ClientSecret string
	// Create makes an account for who signs in for the first time; else only
	// accounts that were linked get in.
	Create bool
	// Claim holds what decides on profiles, such as "groups"; Profiles says which
	// of its values gives which profile in which collectivity.
	Claim    string
	Profiles []ClaimProfile

	mu    sync.Mutex
	found *oidc.Provider // once it has answered
}

// ClaimProfile is the profile in a collectivity that a value of a claim gives.
type ClaimProfile struct{ Value, Collectivity, Profile string }

// ParseClaimProfiles reads value=collectivity:profile, separated by commas.
func ParseClaimProfiles(text string) ([]ClaimProfile, error) {
	var found []ClaimProfile
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		value, rest, ok := strings.Cut(strings.TrimSpace(part), "=")
		collectivity, profile, both := strings.Cut(rest, ":")
		if !ok || !both || value == "" || collectivity == "" || profile == "" {
			return nil, fmt.Errorf("ARPENT_OIDC_PROFILES: %q is not of the form value=collectivity:profile", part)
		}
		found = append(found, ClaimProfile{value, collectivity, profile})
	}
	return found, nil
}

// Keys of what a session holds between the way out and the way back.
const (
	sessionState    = "oidc state"
	sessionNonce    = "oidc nonce"
	sessionVerifier = "oidc verifier"
	sessionNext     = "oidc next"
)

// ProviderName is what the button to sign in elsewhere says; "" for none.
func (s *Service) ProviderName() string {
	if s.config.Provider == nil {
		return ""
	}
	return s.config.Provider.Name
}

// discover asks the provider where its parts are, until it has answered once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// Its keys are fetched later, when the request is over.
	found, err := oidc.NewProvider(context.WithoutCancel(ctx), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("asking the provider %s: %w", p.Issuer, err)
	}
	p.found = found
	return found, nil
}

func (s *Service) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: s.config.Provider.ClientID, ClientSecret: s.config.Provider.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: s.config.URL + "/api/session/oidc/callback", Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// SignInElsewhere sends the browser to the provider. Who is signed in already
// comes back with the account linked.
func (s *Service) SignInElsewhere(w http.ResponseWriter, r *http.Request) error {
	if s.config.Provider == nil {
		return layers.Errorf(layers.NotFound, "this server knows no provider to sign in at")
	}
	found, err := s.config.Provider.discover(r.Context())
	if err != nil {
		slog.ErrorContext(r.Context(), "signing in elsewhere", "error", err)
		s.back(w, r, "/", "unreachable")
		return nil
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	s.sessions.Put(r.Context(), sessionState, state)
	s.sessions.Put(r.Context(), sessionNonce, nonce)
	s.sessions.Put(r.Context(), sessionVerifier, verifier)
	s.sessions.Put(r.Context(), sessionNext, place(r.URL.Query().Get("next")))
	http.Redirect(w, r, s.oauth(found).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther)
	return nil
}

// place is a path of this page; anything else is the first page.
func place(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}

// back sends the browser to the page, with why it did not work after the #.
func (s *Service) back(w http.ResponseWriter, r *http.Request, next, why string) {
	if why != "" {
		next, _, _ = strings.Cut(next, "#")
		next += "#signin=" + why
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// identity is what the provider says of a person.
type identity struct {
	issuer, subject   string
	login, name, mail string
	values            []string // of the claim that decides on profiles
}

// ComeBack receives the browser from the provider and begins a session.
func (s *Service) ComeBack(w http.ResponseWriter, r *http.Request) error {
	if s.config.Provider == nil {
		return layers.Errorf(layers.NotFound, "this server knows no provider to sign in at")
	}
	ctx := r.Context()
	next := place(s.sessions.PopString(ctx, sessionNext))
	who, err := s.identify(ctx, r.URL.Query())
	if err != nil {
		slog.WarnContext(ctx, "signing in elsewhere failed", "error", err)
		s.back(w, r, next, "failed")
		return nil
	}
	err = s.enter(ctx, who)
	if layers.KindOf(err) != "" {
		problem.Log(ctx, err, r.Method, r.URL.Path)
		s.back(w, r, next, "unknown")
		return nil
	}
	if err != nil {
		return err
	}
	s.back(w, r, next, "")
	return nil
}

// identify checks the answer of the provider: that it answers our question
// (state), that we asked (PKCE), that its token is meant for us, signed, not
// over, and made for this question (nonce).
func (s *Service) identify(ctx context.Context, answer url.Values) (*identity, error) {
	state, nonce, verifier := s.sessions.PopString(ctx, sessionState), s.sessions.PopString(ctx, sessionNonce), s.sessions.PopString(ctx, sessionVerifier)
	switch {
	case state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(answer.Get("state"))) != 1:
		return nil, errors.New("the answer is to no question of this session")
	case answer.Get("error") != "":
		return nil, fmt.Errorf("the provider refused: %s %s", answer.Get("error"), answer.Get("error_description"))
	}
	p := s.config.Provider
	found, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	token, err := s.oauth(found).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return nil, fmt.Errorf("exchanging the code: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the provider gave no ID token")
	}
	checked, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("checking the ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(nonce), []byte(checked.Nonce)) != 1 {
		return nil, errors.New("the ID token was made for another question")
	}
	claims := map[string]any{}
	if err := checked.Claims(&claims); err != nil {
		return nil, fmt.Errorf("reading the ID token: %w", err)
	}
	// Many providers tell the rest only when asked.
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err == nil && info.Subject == checked.Subject {
		if err := info.Claims(&claims); err != nil {
			return nil, fmt.Errorf("reading who signed in: %w", err)
		}
	}
	who := &identity{issuer: checked.Issuer, subject: checked.Subject, name: text(claims["name"]), mail: text(claims["email"]), values: texts(claims[p.Claim])}
	who.login = text(claims["preferred_username"])
	if who.login == "" {
		who.login = who.mail
	}
	if verified, ok := claims["email_verified"].(bool); !ok || !verified {
		who.mail = "" // not to be sent links to
	}
	return who, nil
}

func text(claim any) string {
	s, _ := claim.(string)
	return s
}

// texts are the values of a claim that is a text or a list of texts.
func texts(claim any) []string {
	switch c := claim.(type) {
	case string:
		return []string{c}
	case []any:
		var all []string
		for _, one := range c {
			all = append(all, text(one))
		}
		return all
	}
	return nil
}

// enter begins a session of the account that is linked with the identity,
// which is linked with who is signed in, or made if the server makes accounts.
func (s *Service) enter(ctx context.Context, who *identity) error {
	id := s.sessions.GetInt64(ctx, sessionUser)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var linked int64
		err := tx.QueryRow(ctx, `select account_id from arpent.identity where issuer = $1 and subject = $2`, who.issuer, who.subject).Scan(&linked)
		switch {
		case err == nil:
			id = linked
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		default:
			if id == 0 {
				if id, err = s.create(ctx, tx, who); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(ctx, `insert into arpent.identity values ($1, $2, $3)`, who.issuer, who.subject, id); err != nil {
				return err
			}
		}
		return s.mapProfiles(ctx, tx, id, who)
	})
	if err != nil {
		return err
	}
	v, seal, err := s.viewer(ctx, `a.id = $1`, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return layers.Errorf(layers.Forbidden, "the account is disabled: ask an administrator")
	}
	if err != nil {
		return err
	}
	return s.begin(ctx, v, seal)
}

// create makes an account for an identity. A login that another account has
// gets a number.
func (s *Service) create(ctx context.Context, tx pgx.Tx, who *identity) (id int64, err error) {
	if !s.config.Provider.Create {
		return 0, layers.Errorf(layers.Forbidden, "no account is linked with %s: sign in with a password once and link it, or ask an administrator", who.login)
	}
	login := strings.Map(func(r rune) rune {
		if r == ':' || r <= ' ' {
			return '_'
		}
		return r
	}, who.login)
	if login == "" {
		login = who.subject
	}
	err = tx.QueryRow(ctx, `
		insert into arpent.account (login, name, email)
		select l, $2, case when not exists (select from arpent.account where lower(email) = lower($3)) then nullif($3, '') end
		from (select left($1, 60) || case when n = 0 then '' else '-' || n end as l from generate_series(0, 999) n) logins
		where not exists (select from arpent.account where lower(login) = lower(l))
		order by length(l), l limit 1
		returning id`, login, who.name, who.mail).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("making an account for %s: %w", who.login, err)
	}
	return id, nil
}

// mapProfiles gives and takes the profiles on which the claim decides. Other
// collectivities stay as they are.
func (s *Service) mapProfiles(ctx context.Context, tx pgx.Tx, id int64, who *identity) error {
	given := map[string]string{}
	for _, c := range s.config.Provider.Profiles {
		if _, ok := given[c.Collectivity]; !ok {
			given[c.Collectivity] = ""
		}
		for _, value := range who.values {
			if value == c.Value && given[c.Collectivity] == "" {
				given[c.Collectivity] = c.Profile
			}
		}
	}
	for collectivity, profile := range given {
		if err := setMembership(ctx, tx, id, collectivity, profile); err != nil {
			return err
		}
	}
	return nil
}
