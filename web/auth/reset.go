package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// How long links to choose a password are good, and how often somebody may ask
// for one within window.
const (
	resetLife        = time.Hour
	resetsPerName    = 3
	resetsPerAddress = 10
)

var resetSubject = layers.Text{"fr": "Votre mot de passe Arpent", "en": "Your Arpent password"}

// resetText has the name, the link and the minutes that it is good for.
var resetText = layers.Text{
	"fr": "Bonjour %[1]s,\n\nPour choisir un nouveau mot de passe, ouvrez cette adresse :\n\n%[2]s\n\nElle sert une seule fois, pendant %[3]d minutes. Si vous n'avez rien demandé, ne faites rien : votre mot de passe reste le même.\n",
	"en": "Hello %[1]s,\n\nTo choose a new password, open this address:\n\n%[2]s\n\nIt works once, for %[3]d minutes. If you asked for nothing, do nothing: your password stays as it is.\n",
}

// RequestReset sends a link to choose another password to the account with
// this login or address of mail. Whoever asks learns nothing: the answer is
// the same, and as fast, when there is no such account. It is TooMany when too
// many were asked for.
func (s *Service) RequestReset(ctx context.Context, remote, name, language string) error {
	address := addressOf(remote)
	var perName, perAddress int
	err := s.pool.QueryRow(ctx, `
		with asked as (insert into arpent.reset_request (address, name) values ($1, lower($2))),
		     forgotten as (delete from arpent.reset_request where at < now() - interval '1 day')
		select count(*) filter (where name = lower($2)), count(*) filter (where address = $1)
		from arpent.reset_request where at > now() - $3::interval`, address, name, window).Scan(&perName, &perAddress)
	if err != nil {
		return fmt.Errorf("counting requests of links: %w", err)
	}
	if perName >= resetsPerName || perAddress >= resetsPerAddress {
		return layers.Errorf(layers.TooMany, "too many links were asked for: try again in %d minutes", int(window.Minutes()))
	}
	s.sending.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mailPatience)
		defer cancel()
		logFailure(ctx, s.sendReset(ctx, `lower(login) = lower($1) or lower(email) = lower($1)`, name, language))
	})
	return nil
}

func logFailure(ctx context.Context, err error) {
	if err != nil {
		slog.ErrorContext(ctx, "a link to choose a password was not sent", "error", err)
	}
}

// sendReset sends a link to the accounts that have an address of mail.
func (s *Service) sendReset(ctx context.Context, where string, arg any, language string) error {
	rows, err := s.pool.Query(ctx, `select id, coalesce(nullif(name, ''), login), email from arpent.account where not disabled and email is not null and (`+where+`)`, arg)
	if err != nil {
		return err
	}
	type account struct {
		ID          int64
		Name, Email string
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[account])
	if err != nil {
		return err
	}
	for _, a := range found {
		token := rand.Text()
		sum := sha256.Sum256([]byte(token))
		if _, err := s.pool.Exec(ctx, `
			with expired as (delete from arpent.password_reset where expires_at < now())
			insert into arpent.password_reset values ($1, $2, now() + $3::interval)`, sum[:], a.ID, resetLife); err != nil {
			return err
		}
		// After #, so that it is in no log of a server on the way.
		link := s.config.URL + "/#reset=" + url.QueryEscape(token)
		if err := s.config.Mail.Send(ctx, a.Email, resetSubject.In(language), fmt.Sprintf(resetText.In(language), a.Name, link, int(resetLife.Minutes()))); err != nil {
			return err
		}
	}
	return nil
}

// Reset gives the account of a link another password. The link, and all others
// of the account, are good no more, and its sessions end.
func (s *Service) Reset(ctx context.Context, token, password string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(token))
	var login string
	err := s.pool.QueryRow(ctx, `
		with link as (delete from arpent.password_reset where hash = $1 returning account_id, expires_at),
		     others as (delete from arpent.password_reset r using link where r.account_id = link.account_id and r.hash <> $1)
		select a.login from link join arpent.account a on a.id = link.account_id where not a.disabled and link.expires_at > now()`, sum[:]).Scan(&login)
	if errors.Is(err, pgx.ErrNoRows) {
		return layers.Errorf(layers.Invalid, "this link was used already or is too old: ask for another")
	}
	if err != nil {
		return fmt.Errorf("looking for a link: %w", err)
	}
	if _, err = SetPassword(ctx, s.pool, login, password); err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `delete from arpent.login_attempt where login = lower($1)`, login)
	return err
}

// Close waits until the mails under way are sent.
func (s *Service) Close() { s.sending.Wait() }
