package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// Account is an account as administrators see it.
type Account struct {
	ID          int64
	Login, Name string
	Email       string // "" for none
	Admin       bool
	Disabled    bool
	Password    bool // it has one
	Linked      bool // it is linked with a provider of OpenID Connect
	CreatedAt   time.Time
	Memberships map[string]string // profile by collectivity
}

// Administrator refuses who administers nobody.
func Administrator(v layers.Viewer) error {
	switch {
	case v.Anonymous():
		return layers.Errorf(layers.Unauthorized, "sign in to administer")
	case !v.Admin && len(v.AdministersIn()) == 0:
		return layers.Errorf(layers.Forbidden, "this is for administrators")
	}
	return nil
}

// ServerAdministrator refuses who does not administer the whole server.
func ServerAdministrator(v layers.Viewer) error {
	switch {
	case v.Anonymous():
		return layers.Errorf(layers.Unauthorized, "sign in to administer")
	case !v.Admin:
		return layers.Errorf(layers.Forbidden, "this is for administrators of the whole server")
	}
	return nil
}

// Wholly reports whether the viewer administers the account itself, and not
// only some of its memberships.
func Wholly(v layers.Viewer, a *Account) bool {
	if v.Admin {
		return true
	}
	outside := slices.ContainsFunc(slices.Collect(maps.Keys(a.Memberships)), func(code string) bool { return !v.Administers(code) })
	return !a.Admin && len(a.Memberships) > 0 && !outside
}

// People are the accounts that the viewer administers: all, or those with a
// profile in a collectivity of which it is administrator.
func (s *Service) People(ctx context.Context, v layers.Viewer) ([]Account, error) {
	if err := Administrator(v); err != nil {
		return nil, err
	}
	return s.people(ctx, `$1 or exists (select from arpent.membership m where m.account_id = a.id and m.collectivity = any ($2))`, v.Admin, v.AdministersIn())
}

func (s *Service) people(ctx context.Context, where string, args ...any) ([]Account, error) {
	rows, err := s.pool.Query(ctx, `
		select a.id, a.login, a.name, coalesce(a.email, ''), a.admin, a.disabled, a.password_hash is not null,
		       exists (select from arpent.identity i where i.account_id = a.id), a.created_at,
		       coalesce((select jsonb_object_agg(m.collectivity, m.profile) from arpent.membership m where m.account_id = a.id), '{}')
		from arpent.account a where `+where+` order by lower(a.login)`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Account])
}

// Person is one account that the viewer administers.
func (s *Service) Person(ctx context.Context, v layers.Viewer, id int64) (*Account, error) {
	if err := Administrator(v); err != nil {
		return nil, err
	}
	found, err := s.people(ctx, `a.id = $1`, id)
	if err != nil {
		return nil, err
	}
	seen := func(a Account) bool {
		return v.Admin || slices.ContainsFunc(slices.Collect(maps.Keys(a.Memberships)), v.Administers)
	}
	if len(found) == 0 || !seen(found[0]) {
		return nil, layers.Errorf(layers.NotFound, "there is no account %d among those you administer", id)
	}
	return &found[0], nil
}

// AccountChange is what becomes of an account; nil leaves what is there.
type AccountChange struct {
	Name, Email     *string
	Admin, Disabled *bool
	Memberships     map[string]string // profile by collectivity, "" for none; others stay
}

// CreatePerson makes an account. With an address of mail and no other way in,
// it is sent a link to choose a password.
func (s *Service) CreatePerson(ctx context.Context, v layers.Viewer, login string, c AccountChange) (*Account, error) {
	if err := Administrator(v); err != nil {
		return nil, err
	}
	given := slices.ContainsFunc(slices.Collect(maps.Values(c.Memberships)), func(profile string) bool { return profile != "" })
	if !v.Admin && !given {
		return nil, layers.Errorf(layers.Invalid, "give the account a profile in a collectivity that you administer")
	}
	if err := mayChange(v, &Account{Memberships: map[string]string{}}, c, true); err != nil {
		return nil, err
	}
	var id int64
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `insert into arpent.account (login) values ($1) returning id`, login).Scan(&id); err != nil {
			return err
		}
		return change(ctx, tx, id, c)
	})
	if err := accountError(err, login); err != nil {
		return nil, err
	}
	if c.Email != nil && *c.Email != "" {
		s.sending.Go(func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mailPatience)
			defer cancel()
			logFailure(ctx, s.sendReset(ctx, `id = $1`, id, v.Language))
		})
	}
	return s.Person(ctx, v, id)
}

// ChangePerson changes an account and its memberships.
func (s *Service) ChangePerson(ctx context.Context, v layers.Viewer, id int64, c AccountChange) (*Account, error) {
	a, err := s.Person(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if err := mayChange(v, a, c, Wholly(v, a)); err != nil {
		return nil, err
	}
	if a.ID == v.UserID && (c.Disabled != nil && *c.Disabled || c.Admin != nil && !*c.Admin && v.Admin) {
		return nil, layers.Errorf(layers.Invalid, "nobody can shut themselves out: ask another administrator")
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return change(ctx, tx, id, c) })
	if err := accountError(err, a.Login); err != nil {
		return nil, err
	}
	changed, err := s.people(ctx, `a.id = $1`, id)
	if err != nil {
		return nil, err
	}
	return &changed[0], nil
}

// mayChange reports whether the viewer may change that much of an account.
func mayChange(v layers.Viewer, a *Account, c AccountChange, whole bool) error {
	if c.Admin != nil && *c.Admin != a.Admin && !v.Admin {
		return layers.Errorf(layers.Forbidden, "only administrators of the whole server make others so")
	}
	if !whole && (c.Name != nil && *c.Name != a.Name || c.Email != nil && *c.Email != a.Email || c.Disabled != nil && *c.Disabled != a.Disabled) {
		return layers.Errorf(layers.Forbidden, "account %s has rights in other collectivities too: you may change only those in yours", a.Login)
	}
	for code, profile := range c.Memberships {
		if !v.Administers(code) && a.Memberships[code] != profile {
			return layers.Errorf(layers.Forbidden, "you do not administer collectivity %s", code)
		}
	}
	return nil
}

func change(ctx context.Context, tx pgx.Tx, id int64, c AccountChange) error {
	_, err := tx.Exec(ctx, `
		update arpent.account set name = coalesce($2, name), email = case when $3::text is null then email else nullif($3, '') end,
			admin = coalesce($4, admin), disabled = coalesce($5, disabled) where id = $1`, id, c.Name, c.Email, c.Admin, c.Disabled)
	if err != nil {
		return err
	}
	for code, profile := range c.Memberships {
		if err := setMembership(ctx, tx, id, code, profile); err != nil {
			return err
		}
	}
	return nil
}

// accountError says what the constraints of accounts mean.
func accountError(err error, login string) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch e.ConstraintName {
	case "account_login":
		return layers.Errorf(layers.Conflict, "there is already an account %s", login)
	case "account_login_check":
		return layers.Errorf(layers.Invalid, "a login has 1 to 64 characters, none of them a space or a colon")
	case "account_email":
		return layers.Errorf(layers.Conflict, "another account has this address of mail")
	case "account_email_check":
		return layers.Errorf(layers.Invalid, "this is no address of mail")
	}
	return err
}

// NewPassword gives an account a random password, which ends its sessions, and
// returns it. It is shown once.
func (s *Service) NewPassword(ctx context.Context, v layers.Viewer, id int64) (string, error) {
	a, err := s.Person(ctx, v, id)
	if err != nil {
		return "", err
	}
	if !Wholly(v, a) {
		return "", layers.Errorf(layers.Forbidden, "account %s has rights in other collectivities too: an administrator of the whole server can reset its password", a.Login)
	}
	password := strings.ToLower(rand.Text()[:20])
	_, err = SetPassword(ctx, s.pool, a.Login, password)
	return password, err
}

// Token is a token of a program, without its secret.
type Token struct {
	ID        int64
	Login     string
	Name      string
	CreatedAt time.Time
	ExpiresAt *time.Time
	UsedAt    *time.Time
}

// Tokens are those of the viewer, or with all of the accounts that it
// administers wholly.
func (s *Service) Tokens(ctx context.Context, v layers.Viewer, all bool) ([]Token, error) {
	if v.Anonymous() {
		return nil, layers.Errorf(layers.Unauthorized, "sign in to see your tokens")
	}
	ids := []int64{v.UserID}
	if all {
		people, err := s.People(ctx, v)
		if err != nil {
			return nil, err
		}
		ids = ids[:0]
		for _, a := range people {
			if Wholly(v, &a) {
				ids = append(ids, a.ID)
			}
		}
	}
	rows, err := s.pool.Query(ctx, `
		select t.id, a.login, t.name, t.created_at, t.expires_at, t.last_used_at
		from arpent.token t join arpent.account a on a.id = t.account_id where a.id = any ($1) order by t.id desc`, ids)
	if err != nil {
		return nil, fmt.Errorf("reading tokens: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Token])
}

// CreateToken makes a token with which a program acts as the viewer.
func (s *Service) CreateToken(ctx context.Context, v layers.Viewer, name string, ttl time.Duration) (string, error) {
	return CreateToken(ctx, s.pool, v.Login, name, ttl)
}

// RevokeToken takes a token away: one's own, or one of an account that the
// viewer administers wholly.
func (s *Service) RevokeToken(ctx context.Context, v layers.Viewer, id int64) error {
	missing := layers.Errorf(layers.NotFound, "there is no token %d of yours", id)
	if v.Anonymous() {
		return layers.Errorf(layers.Unauthorized, "sign in to revoke tokens")
	}
	var owner int64
	err := s.pool.QueryRow(ctx, `select account_id from arpent.token where id = $1`, id).Scan(&owner)
	if errors.Is(err, pgx.ErrNoRows) {
		return missing
	}
	if err != nil {
		return fmt.Errorf("looking for a token: %w", err)
	}
	if owner != v.UserID {
		a, err := s.Person(ctx, v, owner)
		if err != nil || !Wholly(v, a) {
			return missing
		}
	}
	_, err = s.pool.Exec(ctx, `delete from arpent.token where id = $1`, id)
	return err
}
