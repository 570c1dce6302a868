package cartography

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Bookmark is a view of the map that somebody comes back to.
type Bookmark struct {
	ID           int64
	Name         string
	View         string // query part of the page's address: extent, layers, moment
	Collectivity string // whose people all have it; "" for one's own
	Editable     bool   // by the viewer
}

// bounds of bookmarks.
const (
	maxBookmarks = 200 // of one owner
	maxView      = 8000
)

// Bookmarks are the viewer's own and those of its collectivities, in order.
func (s *Service) Bookmarks(ctx context.Context, v layers.Viewer) ([]Bookmark, error) {
	codes, err := s.audience(ctx, v)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `select id, name, view, coalesce(collectivity, ''), coalesce(account is not null or $4 or collectivity = any ($3), false)
		from arpent.bookmark where (account = $1 or collectivity = any ($2)) and removed_at is null
		order by collectivity nulls first, place, id`, v.UserID, codes, v.AdministersIn(), v.Admin)
	if err != nil {
		return nil, fmt.Errorf("reading bookmarks: %w", err)
	}
	bookmarks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Bookmark])
	if err != nil {
		return nil, fmt.Errorf("reading bookmarks: %w", err)
	}
	return bookmarks, nil
}

// AddBookmark keeps a view as the last of the viewer or, where a collectivity
// is named, of all its people.
func (s *Service) AddBookmark(ctx context.Context, v layers.Viewer, collectivity, name, view string) (int64, error) {
	if err := mayBookmark(v, collectivity); err != nil {
		return 0, err
	}
	name, err := checkName(name)
	if err != nil {
		return 0, err
	}
	if err := checkView(view); err != nil {
		return 0, err
	}
	column, owner := ownerOf(v, collectivity)
	// What was removed yesterday nobody brings back.
	if err := s.exec(ctx, "forgetting removed bookmarks", `delete from arpent.bookmark where `+column+` = $1 and removed_at < now() - interval '1 day'`, owner); err != nil {
		return 0, err
	}
	var id int64
	err = s.pool.QueryRow(ctx, `insert into arpent.bookmark (`+column+`, name, view, place)
		select $1, $2, $3, coalesce(max(place), 0) + 1 from arpent.bookmark where `+column+` = $1
		having count(*) filter (where removed_at is null) < $4 returning id`, owner, name, view, maxBookmarks).Scan(&id)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, layers.Errorf(layers.Conflict, "there are %d bookmarks already: delete some", maxBookmarks)
	case isMissing(err):
		return 0, layers.Errorf(layers.NotFound, "there is no collectivity %s", collectivity)
	case err != nil:
		return 0, fmt.Errorf("keeping a bookmark: %w", err)
	}
	return id, nil
}

// BookmarkChange is what becomes of a bookmark; nil leaves as it is.
type BookmarkChange struct {
	Name    *string
	View    *string
	Removed *bool // true takes it away, false brings it back
}

// ChangeBookmark changes a bookmark that the viewer may change.
func (s *Service) ChangeBookmark(ctx context.Context, v layers.Viewer, id int64, change BookmarkChange) error {
	if v.UserID == 0 {
		return layers.Errorf(layers.Unauthorized, "sign in to change bookmarks")
	}
	if change.Name != nil {
		name, err := checkName(*change.Name)
		if err != nil {
			return err
		}
		change.Name = &name
	}
	if change.View != nil {
		if err := checkView(*change.View); err != nil {
			return err
		}
	}
	done, err := s.pool.Exec(ctx, `update arpent.bookmark set name = coalesce($2, name), view = coalesce($3, view),
			removed_at = case when $4::boolean then now() when not $4 then null else removed_at end
		where id = $1 and (account = $5 or collectivity = any ($6) or $7 and collectivity is not null)`,
		id, change.Name, change.View, change.Removed, v.UserID, v.AdministersIn(), v.Admin)
	if err != nil {
		return fmt.Errorf("changing a bookmark: %w", err)
	}
	if done.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "there is no bookmark %d that you may change", id)
	}
	return nil
}

// OrderBookmarks puts bookmarks of one owner into an order, before those not
// named.
func (s *Service) OrderBookmarks(ctx context.Context, v layers.Viewer, collectivity string, ids []int64) error {
	if err := mayBookmark(v, collectivity); err != nil {
		return err
	}
	column, owner := ownerOf(v, collectivity)
	return s.exec(ctx, "ordering bookmarks", `update arpent.bookmark b set place = o.place
		from (select id, row_number() over (order by array_position($2, id), place, id) as place from arpent.bookmark where `+column+` = $1) o
		where b.id = o.id`, owner, ids)
}

func mayBookmark(v layers.Viewer, collectivity string) error {
	switch {
	case v.UserID == 0:
		return layers.Errorf(layers.Unauthorized, "sign in to keep bookmarks")
	case collectivity != "" && !v.Administers(collectivity):
		return layers.Errorf(layers.Forbidden, "only who administers collectivity %s keeps bookmarks for all", collectivity)
	}
	return nil
}

func checkName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > maxWord || strings.ContainsRune(name, 0) {
		return "", layers.Errorf(layers.Invalid, "name: give the bookmark a name of at most %d characters", maxWord)
	}
	return name, nil
}

func checkView(view string) error {
	if _, err := url.ParseQuery(view); err != nil || view == "" || len(view) > maxView || strings.ContainsRune(view, 0) {
		return layers.Errorf(layers.Invalid, "view: is not the query part of an address, of at most %d characters", maxView)
	}
	return nil
}
