package notes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Link is an address under which anybody sees a sheet until it expires or is
// withdrawn.
type Link struct {
	ID         int64
	Token      string // 128 bits of chance or more
	MayComment bool
	View       string // query part of the page's address: what its sender saw
	ExpiresAt  time.Time
}

// bounds of links.
const (
	maxLinks = 50 // of a sheet
	maxDays  = 366
	maxView  = 8000
)

// Link makes a link to a sheet of the viewer that holds for some days.
func (s *Service) Link(ctx context.Context, v layers.Viewer, sheet int64, comment bool, days int, view string) (Link, error) {
	if days < 1 || days > maxDays {
		return Link{}, wrong("days", "a link holds for 1 to %d days", maxDays)
	}
	if _, err := url.ParseQuery(view); err != nil || len(view) > maxView || strings.ContainsRune(view, 0) {
		return Link{}, wrong("view", "is not the query part of an address, of at most %d characters", maxView)
	}
	if err := s.own(ctx, v, sheet); err != nil {
		return Link{}, err
	}
	// Those that expired tell nobody anything any more.
	if _, err := s.pool.Exec(ctx, `delete from arpent.note_link where sheet = $1 and expires_at <= now()`, sheet); err != nil {
		return Link{}, fmt.Errorf("forgetting links: %w", err)
	}
	l := Link{Token: rand.Text(), MayComment: comment, View: view}
	err := s.pool.QueryRow(ctx, `insert into arpent.note_link (sheet, token, may_comment, view, expires_at)
		select $1, $2, $3, $4, now() + make_interval(days => $5)
		where (select count(*) from arpent.note_link where sheet = $1) < $6 returning id, expires_at`,
		sheet, l.Token, comment, view, days, maxLinks).Scan(&l.ID, &l.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Link{}, layers.Errorf(layers.Conflict, "these notes have %d links already: withdraw some", maxLinks)
	}
	if err != nil {
		return Link{}, fmt.Errorf("keeping a link: %w", err)
	}
	return l, nil
}

func (s *Service) links(ctx context.Context, sheet int64) ([]Link, error) {
	rows, err := s.pool.Query(ctx, `select id, token, may_comment, view, expires_at from arpent.note_link
		where sheet = $1 and expires_at > now() order by created_at, id`, sheet)
	if err != nil {
		return nil, fmt.Errorf("reading links: %w", err)
	}
	links, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Link])
	if err != nil {
		return nil, fmt.Errorf("reading links: %w", err)
	}
	return links, nil
}

// Withdraw ends a link to a sheet of the viewer.
func (s *Service) Withdraw(ctx context.Context, v layers.Viewer, sheet, link int64) error {
	if err := s.own(ctx, v, sheet); err != nil {
		return err
	}
	if _, err := s.pool.Exec(ctx, `with gone as (delete from arpent.note_link where id = $1 and sheet = $2 returning sheet)
		select pg_notify('arpent_notes', sheet::text) from gone`, link, sheet); err != nil {
		return fmt.Errorf("withdrawing a link: %w", err)
	}
	return nil
}

// ByLink is the sheet of a link, and when that expires. One that never was, was
// withdrawn, has expired, or is of somebody who may not sign in any more, is
// NotFound without telling which.
func (s *Service) ByLink(ctx context.Context, v layers.Viewer, token string) (*Sheet, time.Time, error) {
	var id int64
	var comment bool
	var expires time.Time
	err := s.pool.QueryRow(ctx, `select l.sheet, l.may_comment, l.expires_at from arpent.note_link l
		join arpent.note_sheet s on s.id = l.sheet join arpent.account a on a.id = s.owner
		where l.token = $1 and l.expires_at > now() and s.removed_at is null and not a.disabled`, token).Scan(&id, &comment, &expires)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, time.Time{}, layers.Errorf(layers.NotFound, "this link to notes was withdrawn or has expired: ask for another")
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading a link: %w", err)
	}
	rows, err := s.pool.Query(ctx, columns+`where s.id = $2`, v.UserID, id)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading notes: %w", err)
	}
	sheet, err := s.collect(ctx, v, rows)
	if err != nil {
		return nil, time.Time{}, err
	}
	sheet.MayComment = comment
	if !sheet.Mine {
		sheet.Collectivity = "" // with whom else it is shared is its owner's affair
	}
	return sheet, expires, nil
}
