// Package notes keeps what people draw on the map to tell each other something:
// sheets of notes that belong to whoever drew them, seen by the people of a
// collectivity or under a link that expires. A sheet is no layer: nothing of it
// reaches tiles, exports or the history of features.
package notes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/knocks"
)

// Service keeps sheets in the database.
type Service struct {
	pool        *pgxpool.Pool
	knocks.Door // for readers: of sheets by their numbers
}

// Channel is that of the database on which it knocks, with the number of a
// sheet, when that or what is said to it is other than it was.
const Channel = "arpent_notes"

// New makes the service.
func New(pool *pgxpool.Pool) *Service { return &Service{pool: pool} }

// Sheet is a sheet of notes as somebody sees it.
type Sheet struct {
	ID           int64
	Title        string
	Owner        string // its name
	Mine         bool
	Collectivity string // whose people see it; "" for nobody
	Version      int64
	ChangedAt    time.Time
	MayComment   bool
	Notes        []Note
	Comments     []Comment // oldest first
	Links        []Link    // those of the owner that still hold
}

// Summary is a sheet in a list.
type Summary struct {
	ID           int64
	Title        string
	Owner        string
	Mine         bool
	Collectivity string
	ChangedAt    time.Time
	Notes        int
}

// Sheets are those of the viewer, then those that others show to its
// collectivities, newest first.
func (s *Service) Sheets(ctx context.Context, v layers.Viewer) ([]Summary, error) {
	if v.Anonymous() {
		return []Summary{}, nil
	}
	rows, err := s.pool.Query(ctx, `select s.id, s.title, coalesce(nullif(a.name, ''), a.login), s.owner = $1, coalesce(s.collectivity, ''), s.changed_at, jsonb_array_length(s.notes)
		from arpent.note_sheet s join arpent.account a on a.id = s.owner
		where s.removed_at is null and (s.owner = $1 or s.collectivity = any ($2) or $3 and s.collectivity is not null)
		order by s.owner <> $1, s.changed_at desc, s.id`, v.UserID, codesOf(v), v.Admin)
	if err != nil {
		return nil, fmt.Errorf("reading sheets of notes: %w", err)
	}
	sheets, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Summary])
	if err != nil {
		return nil, fmt.Errorf("reading sheets of notes: %w", err)
	}
	return sheets, nil
}

// codesOf are the collectivities that the viewer belongs to.
func codesOf(v layers.Viewer) []string {
	codes := []string{}
	for code := range v.Profiles {
		codes = append(codes, code)
	}
	return codes
}

// Sheet is one that the viewer may see.
func (s *Service) Sheet(ctx context.Context, v layers.Viewer, id int64) (*Sheet, error) {
	sheet, err := s.read(ctx, v, id)
	if err != nil {
		return nil, err
	}
	sheet.MayComment = true
	if sheet.Mine {
		if sheet.Links, err = s.links(ctx, id); err != nil {
			return nil, err
		}
	}
	return sheet, nil
}

// visible selects the sheets that a viewer may see: $1 is its account, $2 its
// collectivities, $3 whether it administers the server.
const visible = `removed_at is null and (owner = $1 or collectivity = any ($2) or $3 and collectivity is not null)`

func (s *Service) read(ctx context.Context, v layers.Viewer, id int64) (*Sheet, error) {
	if v.Anonymous() {
		return nil, layers.Errorf(layers.Unauthorized, "sign in to see notes, or ask for a link")
	}
	rows, err := s.pool.Query(ctx, columns+`where s.id = (select id from arpent.note_sheet where id = $4 and `+visible+`)`, v.UserID, codesOf(v), v.Admin, id)
	if err != nil {
		return nil, fmt.Errorf("reading notes: %w", err)
	}
	sheet, err := s.collect(ctx, v, rows)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, layers.Errorf(layers.NotFound, "there is no sheet %d of notes that you may see", id)
	}
	return sheet, err
}

const columns = `select s.id, s.title, coalesce(nullif(a.name, ''), a.login), s.owner = $1, coalesce(s.collectivity, ''), s.version, s.changed_at, s.notes
	from arpent.note_sheet s join arpent.account a on a.id = s.owner `

func (s *Service) collect(ctx context.Context, v layers.Viewer, rows pgx.Rows) (*Sheet, error) {
	sheet, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (*Sheet, error) {
		var sheet Sheet
		var notes []byte
		err := row.Scan(&sheet.ID, &sheet.Title, &sheet.Owner, &sheet.Mine, &sheet.Collectivity, &sheet.Version, &sheet.ChangedAt, &notes)
		if err != nil {
			return nil, err
		}
		return &sheet, json.Unmarshal(notes, &sheet.Notes)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("reading notes: %w", err)
	}
	sheet.Comments, err = s.comments(ctx, v, sheet)
	return sheet, err
}

// Content is what the owner of a sheet writes.
type Content struct {
	Title string
	Notes []Note
}

// Create keeps a new sheet of the viewer; only the viewer sees it.
func (s *Service) Create(ctx context.Context, v layers.Viewer, c Content) (int64, error) {
	if v.UserID == 0 {
		return 0, layers.Errorf(layers.Unauthorized, "sign in to keep notes")
	}
	notes, err := c.check()
	if err != nil {
		return 0, err
	}
	// What was removed a week ago nobody brings back.
	if _, err := s.pool.Exec(ctx, `delete from arpent.note_sheet where owner = $1 and removed_at < now() - interval '7 days'`, v.UserID); err != nil {
		return 0, fmt.Errorf("forgetting removed notes: %w", err)
	}
	var id int64
	err = s.pool.QueryRow(ctx, `insert into arpent.note_sheet (owner, title, notes) select $1, $2, $3
		where (select count(*) from arpent.note_sheet where owner = $1 and removed_at is null) < $4 returning id`, v.UserID, c.Title, notes, maxSheets).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, layers.Errorf(layers.Conflict, "you have %d sheets of notes already: delete some", maxSheets)
	}
	if err != nil {
		return 0, fmt.Errorf("keeping notes: %w", err)
	}
	return id, nil
}

// Write puts content into the place of that of a version of a sheet of the
// viewer, and answers the new version. It is Stale when the sheet was written
// elsewhere meanwhile.
func (s *Service) Write(ctx context.Context, v layers.Viewer, id, version int64, c Content) (int64, error) {
	notes, err := c.check()
	if err != nil {
		return 0, err
	}
	if err := s.own(ctx, v, id); err != nil {
		return 0, err
	}
	var next int64
	err = s.pool.QueryRow(ctx, `with written as (update arpent.note_sheet set title = $3, notes = $4, version = version + 1, changed_at = now()
		where id = $1 and version = $2 returning version)
		select version from written, lateral (select pg_notify('arpent_notes', $1::bigint::text)) told`, id, version, c.Title, notes).Scan(&next)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, layers.Errorf(layers.Stale, "these notes were changed in another window since")
	}
	if err != nil {
		return 0, fmt.Errorf("writing notes: %w", err)
	}
	return next, nil
}

// Show lets the people of a collectivity see a sheet of the viewer; "" nobody.
// Who administers that collectivity may end it too.
func (s *Service) Show(ctx context.Context, v layers.Viewer, id int64, collectivity string) error {
	if _, member := v.Profiles[collectivity]; collectivity != "" && !member && !v.Admin {
		return layers.Errorf(layers.Forbidden, "you do not belong to collectivity %s, to which the notes are to be shown", collectivity)
	}
	sheet, err := s.read(ctx, v, id)
	if err != nil {
		return err
	}
	if !sheet.Mine && (collectivity != "" || !v.Administers(sheet.Collectivity)) {
		return layers.Errorf(layers.Forbidden, "these notes belong to %s", sheet.Owner)
	}
	if _, err := s.pool.Exec(ctx, `with shown as (update arpent.note_sheet set collectivity = (select code from arpent.collectivity where code = $2) where id = $1 returning id)
		select pg_notify('arpent_notes', id::text) from shown`, id, collectivity); err != nil {
		return fmt.Errorf("showing notes: %w", err)
	}
	return nil
}

// Remove takes a sheet of the viewer away, links included, or brings it back
// within a week.
func (s *Service) Remove(ctx context.Context, v layers.Viewer, id int64, removed bool) error {
	if v.UserID == 0 {
		return layers.Errorf(layers.Unauthorized, "sign in to change notes")
	}
	done, err := s.pool.Exec(ctx, `with removed as (update arpent.note_sheet set removed_at = case when $3 then now() end where id = $1 and owner = $2 returning id)
		select pg_notify('arpent_notes', id::text) from removed`, id, v.UserID, removed)
	if err != nil {
		return fmt.Errorf("removing notes: %w", err)
	}
	if done.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "you have no sheet %d of notes", id)
	}
	return nil
}

// own refuses whoever does not own a sheet.
func (s *Service) own(ctx context.Context, v layers.Viewer, id int64) error {
	sheet, err := s.read(ctx, v, id)
	if err != nil {
		return err
	}
	if !sheet.Mine {
		return layers.Errorf(layers.Forbidden, "these notes belong to %s: ask for a sheet of your own", sheet.Owner)
	}
	return nil
}

// has reports whether a sheet has a note.
func (s *Sheet) has(note string) bool {
	return slices.ContainsFunc(s.Notes, func(n Note) bool { return n.ID == note })
}
