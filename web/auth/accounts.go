package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Lengths of passwords, in characters.
const (
	minPassword = 12
	maxPassword = 200
)

// CreateAccount makes an account without a password.
func CreateAccount(ctx context.Context, pool *pgxpool.Pool, login, name string, admin bool) error {
	_, err := pool.Exec(ctx, `insert into arpent.account (login, name, admin) values ($1, $2, $3)`, login, name, admin)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "23505":
			return layers.Errorf(layers.Conflict, "there is already an account %s", login)
		case "23514":
			return layers.Errorf(layers.Invalid, "a login has 1 to 64 characters, none of them a space or a colon")
		}
	}
	if err != nil {
		return fmt.Errorf("making account %s: %w", login, err)
	}
	return nil
}

// SetPassword gives an account another password, which ends its sessions, and
// returns its hash.
func SetPassword(ctx context.Context, pool *pgxpool.Pool, login, password string) (string, error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	hash, err := argon2id.CreateHash(password, parameters)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	tag, err := pool.Exec(ctx, `
		with links as (delete from arpent.password_reset where account_id in (select id from arpent.account where lower(login) = lower($1)))
		update arpent.account set password_hash = $2 where lower(login) = lower($1)`, login, hash)
	if err != nil {
		return "", fmt.Errorf("setting the password of %s: %w", login, err)
	}
	if tag.RowsAffected() == 0 {
		return "", noAccount(login)
	}
	return hash, nil
}

func checkPassword(password string) error {
	n := utf8.RuneCountInString(password)
	if n >= minPassword && n <= maxPassword {
		return nil
	}
	return &layers.Error{Kind: layers.Invalid, Detail: fmt.Sprintf("a password has %d to %d characters, this one has %d", minPassword, maxPassword, n),
		Faults: []layers.Fault{{Location: "body.new", Message: fmt.Sprintf("needs %d to %d characters", minPassword, maxPassword)}}}
}

func noAccount(login string) error {
	return layers.Errorf(layers.NotFound, "there is no account %s: make it with `arpent user create`", login)
}

// Grant gives an account a profile in a collectivity, or takes it away when
// profile is "".
func Grant(ctx context.Context, pool *pgxpool.Pool, login, collectivity, profile string) error {
	var id int64
	err := pool.QueryRow(ctx, `select id from arpent.account where lower(login) = lower($1)`, login).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return noAccount(login)
	}
	if err != nil {
		return fmt.Errorf("looking for %s: %w", login, err)
	}
	return setMembership(ctx, pool, id, collectivity, profile)
}

// querier is a pool or a transaction.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// setMembership gives an account a profile in a collectivity, "" for none.
func setMembership(ctx context.Context, db querier, id int64, collectivity, profile string) error {
	var err error
	if profile == "" {
		_, err = db.Exec(ctx, `delete from arpent.membership where account_id = $1 and collectivity = $2`, id, collectivity)
	} else {
		_, err = db.Exec(ctx, `insert into arpent.membership values ($1, $2, $3) on conflict (account_id, collectivity) do update set profile = excluded.profile`, id, collectivity, profile)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.ConstraintName {
		case "membership_profile_fkey", "membership_profile_check":
			return layers.Errorf(layers.NotFound, "there is no profile %s", profile)
		case "membership_collectivity_fkey":
			return layers.Errorf(layers.NotFound, "there is no collectivity %s", collectivity)
		}
	}
	if err != nil {
		return fmt.Errorf("giving a profile: %w", err)
	}
	return nil
}

// CreateToken makes a token with which programs act as the account, for ttl,
// or for good when that is 0. Only its hash is kept.
func CreateToken(ctx context.Context, pool *pgxpool.Pool, login, name string, ttl time.Duration) (string, error) {
	token := "arp_" + rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(token))
	var expires *time.Time
	if ttl > 0 {
		at := time.Now().Add(ttl)
		expires = &at
	}
	tag, err := pool.Exec(ctx, `insert into arpent.token (account_id, name, hash, expires_at)
		select id, $2, $3, $4 from arpent.account where lower(login) = lower($1) and not disabled`, login, name, sum[:], expires)
	if err != nil {
		return "", fmt.Errorf("making a token for %s: %w", login, err)
	}
	if tag.RowsAffected() == 0 {
		return "", noAccount(login)
	}
	return token, nil
}

// EnsureAdmin makes the account admin when the server has no account at all,
// and returns the random password it was given, "" when there was nothing to do.
func EnsureAdmin(ctx context.Context, pool *pgxpool.Pool) (password string, err error) {
	var any bool
	if err := pool.QueryRow(ctx, `select exists (select from arpent.account)`).Scan(&any); err != nil {
		return "", fmt.Errorf("looking for accounts: %w", err)
	}
	if any {
		return "", nil
	}
	if err := CreateAccount(ctx, pool, "admin", "Administrator", true); err != nil {
		return "", err
	}
	password = rand.Text()
	_, err = SetPassword(ctx, pool, "admin", password)
	return password, err
}
