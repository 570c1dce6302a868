package cartography_test

import (
	"fmt"
	"strings"
	"testing"

	"arpent/layers"
	"arpent/layers/cartography"
)

// names of the bookmarks that somebody sees, with a star where they may be changed.
func (p place) names(t *testing.T, v layers.Viewer) string {
	t.Helper()
	all, err := p.Bookmarks(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range all {
		name := b.Name
		if b.Editable {
			name += "*"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func (p place) bookmark(t *testing.T, v layers.Viewer, collectivity, name string) int64 {
	t.Helper()
	id, err := p.AddBookmark(ctx, v, collectivity, name, "at=1,2,3&layers=wells")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (p place) see(t *testing.T, v layers.Viewer, want string) {
	t.Helper()
	if got := p.names(t, v); got != want {
		t.Errorf("%q sees %q, want %q", v.Login, got, want)
	}
}

func TestBookmarksAreOnesOwnThenThoseOfAll(t *testing.T) {
	p := newPlace(t)
	market, school := p.bookmark(t, p.reader, "", "market"), p.bookmark(t, p.reader, "", " school ")
	hall := p.bookmark(t, p.boss, "A", "hall")
	p.see(t, p.reader, "market* school* hall")
	p.see(t, p.colleague, "hall")
	p.see(t, p.boss, "hall*")
	p.see(t, p.other, "")
	p.see(t, layers.Viewer{}, "")

	change := func(v layers.Viewer, id int64, c cartography.BookmarkChange) error {
		return p.ChangeBookmark(ctx, v, id, c)
	}
	name, view, yes, no := "fair", "at=9,9,9", true, false
	if err := change(p.reader, market, cartography.BookmarkChange{Name: &name, View: &view}); err != nil {
		t.Fatal(err)
	}
	if err := p.OrderBookmarks(ctx, p.reader, "", []int64{school, hall}); err != nil {
		t.Fatal(err)
	}
	last := p.bookmark(t, p.reader, "", "last")
	p.see(t, p.reader, "school* fair* last* hall")
	if err := change(p.reader, school, cartography.BookmarkChange{Removed: &yes}); err != nil {
		t.Fatal(err)
	}
	p.see(t, p.reader, "fair* last* hall")
	if err := change(p.reader, school, cartography.BookmarkChange{Removed: &no}); err != nil {
		t.Fatal(err)
	}
	p.see(t, p.reader, "school* fair* last* hall") // in its old place
	if all, _ := p.Bookmarks(ctx, p.reader); all[1].View != view {
		t.Errorf("the changed one shows %q", all[1].View)
	}

	// What was removed long ago goes when another is kept.
	if err := change(p.reader, last, cartography.BookmarkChange{Removed: &yes}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.pool.Exec(ctx, `update arpent.bookmark set removed_at = now() - interval '25 hours' where id = $1`, last); err != nil {
		t.Fatal(err)
	}
	p.bookmark(t, p.reader, "", "newest")
	wantKind(t, change(p.reader, last, cartography.BookmarkChange{Removed: &no}), layers.NotFound)

	_, err := p.AddBookmark(ctx, layers.Viewer{}, "", "x", "at=1,2,3")
	wantKind(t, err, layers.Unauthorized)
	_, err = p.AddBookmark(ctx, p.reader, "A", "x", "at=1,2,3")
	wantKind(t, err, layers.Forbidden)
	_, err = p.AddBookmark(ctx, p.other, "A", "x", "at=1,2,3")
	wantKind(t, err, layers.Forbidden)
	wantKind(t, p.OrderBookmarks(ctx, p.reader, "A", []int64{hall}), layers.Forbidden)
	wantKind(t, p.OrderBookmarks(ctx, layers.Viewer{}, "", nil), layers.Unauthorized)
	for _, v := range []layers.Viewer{p.reader, p.colleague, p.other} {
		wantKind(t, change(v, hall, cartography.BookmarkChange{Removed: &yes}), layers.NotFound)
	}
	wantKind(t, change(p.boss, market, cartography.BookmarkChange{Name: &name}), layers.NotFound)
	wantKind(t, change(layers.Viewer{}, hall, cartography.BookmarkChange{}), layers.Unauthorized)
	admin := p.boss
	admin.Admin = true
	_, err = p.AddBookmark(ctx, admin, "nowhere", "x", "at=1,2,3")
	wantKind(t, err, layers.NotFound)
}

func TestAnybodySeesTheBookmarksOfTheOnlyCollectivity(t *testing.T) {
	p := newPlace(t)
	p.bookmark(t, p.boss, "A", "hall")
	if _, err := p.pool.Exec(ctx, `delete from arpent.membership where collectivity = 'B'; delete from arpent.collectivity where code = 'B'`); err != nil {
		t.Fatal(err)
	}
	p.see(t, layers.Viewer{}, "hall")
	p.see(t, p.reader, "hall")
}

func TestABookmarkThatDoesNotFitIsRefused(t *testing.T) {
	p := newPlace(t)
	for _, c := range []struct{ name, view string }{
		{" ", "at=1,2,3"}, {strings.Repeat("x", 201), "at=1,2,3"}, {"a\x00b", "at=1,2,3"},
		{"x", ""}, {"x", "at=%zz"}, {"x", strings.Repeat("x", 8001)},
	} {
		t.Run(fmt.Sprintf("%.10q %.10q", c.name, c.view), func(t *testing.T) {
			_, err := p.AddBookmark(ctx, p.reader, "", c.name, c.view)
			wantKind(t, err, layers.Invalid)
		})
	}
	if _, err := p.pool.Exec(ctx, `insert into arpent.bookmark (account, name, view, place) select $1, 'x', 'at=1', n from generate_series(1, 200) n`, p.reader.UserID); err != nil {
		t.Fatal(err)
	}
	_, err := p.AddBookmark(ctx, p.reader, "", "one more", "at=1,2,3")
	wantKind(t, err, layers.Conflict)
}
