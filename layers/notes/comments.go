package notes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Comment is what somebody says to a note or to a whole sheet.
type Comment struct {
	ID     int64
	Note   string // "" for the whole sheet
	Author string // as it is signed; of who came by a link nobody checked it
	Guest  bool   // came by a link, without an account
	Text   string
	At     time.Time
	Mine   bool // the viewer may delete it
}

// bounds of comments.
const (
	maxComments = 500 // of a sheet
	maxAuthor   = 100
	// Who comes by a link may be anybody: so many comments on a sheet in ten
	// minutes and no more.
	maxGuests = 20
)

// comments of a sheet: its owner may delete all, others their own.
func (s *Service) comments(ctx context.Context, v layers.Viewer, sheet *Sheet) ([]Comment, error) {
	rows, err := s.pool.Query(ctx, `select id, note, author, account is null, text, created_at, $2 or account = $3 and account is not null
		from arpent.note_comment where sheet = $1 order by id`, sheet.ID, sheet.Mine, v.UserID)
	if err != nil {
		return nil, fmt.Errorf("reading comments: %w", err)
	}
	comments, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Comment])
	if err != nil {
		return nil, fmt.Errorf("reading comments: %w", err)
	}
	return comments, nil
}

// Comment adds what the viewer says to a sheet that it may see.
func (s *Service) Comment(ctx context.Context, v layers.Viewer, id int64, note, text string) error {
	sheet, err := s.read(ctx, v, id)
	if err != nil {
		return err
	}
	return s.comment(ctx, v, sheet, note, nameOf(v), text)
}

// CommentByLink adds what somebody says who came by a link; without an account
// signed with a name.
func (s *Service) CommentByLink(ctx context.Context, v layers.Viewer, token, note, author, text string) error {
	sheet, _, err := s.ByLink(ctx, v, token)
	if err != nil {
		return err
	}
	if !sheet.MayComment {
		return layers.Errorf(layers.Forbidden, "this link lets you read only")
	}
	if v.UserID != 0 {
		return s.comment(ctx, v, sheet, note, nameOf(v), text)
	}
	author = strings.TrimSpace(author)
	if author == "" || utf8.RuneCountInString(author) > maxAuthor {
		return wrong("author", "sign with a name of at most %d characters", maxAuthor)
	}
	var recent int
	err = s.pool.QueryRow(ctx, `select count(*) from arpent.note_comment where sheet = $1 and account is null and created_at > now() - interval '10 minutes'`, sheet.ID).Scan(&recent)
	if err != nil {
		return fmt.Errorf("reading comments: %w", err)
	}
	if recent >= maxGuests {
		return layers.Errorf(layers.TooMany, "many comments came within a few minutes: try again later")
	}
	return s.comment(ctx, v, sheet, note, author, text)
}

func nameOf(v layers.Viewer) string {
	if v.Name != "" {
		return v.Name
	}
	return v.Login
}

func (s *Service) comment(ctx context.Context, v layers.Viewer, sheet *Sheet, note, author, text string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "" || utf8.RuneCountInString(text) > maxText || strings.ContainsRune(text+author, 0):
		return wrong("text", "write a comment of at most %d characters", maxText)
	case note != "" && !sheet.has(note):
		return layers.Errorf(layers.NotFound, "the note that the comment is about was deleted")
	}
	var id int64
	err := s.pool.QueryRow(ctx, `with said as (insert into arpent.note_comment (sheet, note, account, author, text) select $1, $2, nullif($3::bigint, 0), $4, $5
		where (select count(*) from arpent.note_comment where sheet = $1) < $6 returning id)
		select id from said, lateral (select pg_notify('arpent_notes', $1::bigint::text)) told`, sheet.ID, note, v.UserID, author, text, maxComments).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return layers.Errorf(layers.Conflict, "these notes have %d comments already", maxComments)
	}
	if err != nil {
		return fmt.Errorf("keeping a comment: %w", err)
	}
	return nil
}

// DropComment deletes a comment of the viewer, or on a sheet of the viewer.
func (s *Service) DropComment(ctx context.Context, v layers.Viewer, sheet, comment int64) error {
	if v.UserID == 0 {
		return layers.Errorf(layers.Unauthorized, "sign in to delete comments")
	}
	done, err := s.pool.Exec(ctx, `with dropped as (delete from arpent.note_comment c using arpent.note_sheet s
		where c.id = $2 and c.sheet = $1 and s.id = c.sheet and (s.owner = $3 or c.account = $3) returning c.sheet)
		select pg_notify('arpent_notes', sheet::text) from dropped`, sheet, comment, v.UserID)
	if err != nil {
		return fmt.Errorf("deleting a comment: %w", err)
	}
	if done.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "there is no comment %d that you may delete", comment)
	}
	return nil
}
