package notes_test

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/notes"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

var ctx = context.Background()

// hall has people of two collectivities.
type hall struct {
	*testing.T
	*notes.Service
	pool                          *pgxpool.Pool
	planner, colleague, boss, far layers.Viewer // the last of B, whose people it administers
}

func newHall(t *testing.T) hall {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `insert into arpent.collectivity (code, name) values ('A', 'A'), ('B', 'B')`); err != nil {
		t.Fatal(err)
	}
	account := func(login, code, profile string) layers.Viewer {
		return postgistest.Account(t, pool, login, code, profile)
	}
	return hall{t, notes.New(pool), pool, account("planner", "A", "reader"), account("colleague", "A", "reader"),
		account("boss", "A", "administrator"), account("far", "B", "administrator")}
}

func (h hall) wantKind(err error, kind layers.Kind) {
	h.Helper()
	if got := layers.KindOf(err); got != kind {
		h.Errorf("error is %v of kind %q, want kind %q", err, got, kind)
	}
}

func (h hall) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h hall) exec(sql string, args ...any) {
	h.Helper()
	_, err := h.pool.Exec(ctx, sql, args...)
	h.must(err)
}

var (
	crossing = notes.Note{ID: "n1", Kind: notes.Text, Places: [][2]float64{{650000, 5780000}}, Text: "<b>Passage</b>", Colour: "#c92a2a", Width: 2}
	lane     = notes.Note{ID: "n2", Kind: notes.Arrow, Places: [][2]float64{{650000, 5780000}, {650100, 5780000}}, Colour: "#1864ab", Width: 4, Figures: true}
)

func (h hall) create(v layers.Viewer, drawn ...notes.Note) int64 {
	h.Helper()
	id, err := h.Create(ctx, v, notes.Content{Title: "Rue du Four", Notes: drawn})
	h.must(err)
	return id
}

func (h hall) sees(v layers.Viewer, id int64, want bool) {
	h.Helper()
	_, err := h.Sheet(ctx, v, id)
	all, listErr := h.Sheets(ctx, v)
	h.must(listErr)
	if got, listed := err == nil, len(all) == 1; got != want || listed != want {
		h.Errorf("%q sees the sheet: %v (%v), in the list: %v, want %v", v.Login, got, err, listed, want)
	}
}

func TestASheetIsItsOwnersUntilItIsShown(t *testing.T) {
	h := newHall(t)
	id := h.create(h.planner, crossing, lane)
	sheet, err := h.Sheet(ctx, h.planner, id)
	h.must(err)
	if !sheet.Mine || !reflect.DeepEqual(sheet.Notes, []notes.Note{crossing, lane}) {
		t.Errorf("the owner reads %+v", sheet)
	}
	h.sees(h.planner, id, true)
	for _, v := range []layers.Viewer{h.colleague, h.boss, h.far, {}} {
		h.sees(v, id, false)
	}
	h.wantKind(h.Show(ctx, h.planner, id, "B"), layers.Forbidden)
	h.wantKind(h.Show(ctx, h.colleague, id, "A"), layers.NotFound)
	h.must(h.Show(ctx, h.planner, id, "A"))
	h.sees(h.colleague, id, true)
	h.sees(h.boss, id, true)
	h.sees(h.far, id, false)
	h.sees(layers.Viewer{}, id, false)

	_, err = h.Write(ctx, h.colleague, id, 1, notes.Content{Title: "Mine now"})
	h.wantKind(err, layers.Forbidden)
	_, err = h.Link(ctx, h.colleague, id, true, 1, "at=1,2,3")
	h.wantKind(err, layers.Forbidden)
	h.wantKind(h.Show(ctx, h.colleague, id, ""), layers.Forbidden)
	h.wantKind(h.Remove(ctx, h.colleague, id, true), layers.NotFound)
	h.must(h.Show(ctx, h.boss, id, "")) // who administers its people ends it
	h.sees(h.colleague, id, false)

	h.must(h.Show(ctx, h.planner, id, "A"))
	h.must(h.Remove(ctx, h.planner, id, true))
	h.sees(h.planner, id, false)
	h.sees(h.colleague, id, false)
	h.must(h.Remove(ctx, h.planner, id, false))
	h.sees(h.colleague, id, true)
	h.must(h.Remove(ctx, h.planner, id, true))
	h.exec(`update arpent.note_sheet set removed_at = now() - interval '8 days'`)
	h.create(h.planner)
	h.wantKind(h.Remove(ctx, h.planner, id, false), layers.NotFound)
}

func TestNothingWrittenElsewhereIsLost(t *testing.T) {
	h := newHall(t)
	id := h.create(h.planner, crossing)
	version, err := h.Write(ctx, h.planner, id, 1, notes.Content{Title: " Two ", Notes: []notes.Note{crossing, lane}})
	h.must(err)
	_, err = h.Write(ctx, h.planner, id, 1, notes.Content{Title: "Three"})
	h.wantKind(err, layers.Stale)
	sheet, err := h.Sheet(ctx, h.planner, id)
	h.must(err)
	if sheet.Title != "Two" || sheet.Version != version || len(sheet.Notes) != 2 {
		t.Errorf("kept is %+v", sheet)
	}
	_, err = h.Write(ctx, h.planner, id+1, 1, notes.Content{Title: "None"})
	h.wantKind(err, layers.NotFound)
	_, err = h.Create(ctx, layers.Viewer{}, notes.Content{Title: "Nobody's"})
	h.wantKind(err, layers.Unauthorized)
	h.exec(`insert into arpent.note_sheet (owner, title, notes) select $1, 'x', '[]' from generate_series(1, 199)`, h.planner.UserID)
	_, err = h.Create(ctx, h.planner, notes.Content{Title: "Too many"})
	h.wantKind(err, layers.Conflict)
}

func TestALinkOpensOneSheetUntilItEnds(t *testing.T) {
	h := newHall(t)
	id := h.create(h.planner, crossing)
	h.must(h.Show(ctx, h.planner, id, "A"))
	link, err := h.Link(ctx, h.planner, id, false, 30, "at=1,2,3&layers=a")
	h.must(err)
	other, err := h.Link(ctx, h.planner, id, true, 1, "at=4,5,6")
	h.must(err)
	if len(link.Token) < 26 || link.Token == other.Token {
		t.Errorf("tokens are %q and %q", link.Token, other.Token)
	}
	open := func(token string) error {
		sheet, _, err := h.ByLink(ctx, layers.Viewer{}, token)
		if err == nil && (sheet.Mine || sheet.Collectivity != "" || sheet.Links != nil || len(sheet.Notes) != 1) {
			t.Errorf("a stranger reads %+v", sheet)
		}
		return err
	}
	h.must(open(link.Token))
	sheet, err := h.Sheet(ctx, h.planner, id)
	h.must(err)
	if len(sheet.Links) != 2 || sheet.Links[0].View != "at=1,2,3&layers=a" {
		t.Errorf("the owner reads the links %+v", sheet.Links)
	}
	if sheet, err := h.Sheet(ctx, h.colleague, id); err != nil || sheet.Links != nil {
		t.Errorf("a colleague reads the links %+v, %v", sheet.Links, err)
	}
	h.wantKind(open("x"), layers.NotFound)
	h.wantKind(open(""), layers.NotFound)

	h.must(h.Withdraw(ctx, h.planner, id, other.ID))
	h.wantKind(open(other.Token), layers.NotFound)
	h.wantKind(h.Withdraw(ctx, h.colleague, id, link.ID), layers.Forbidden)
	h.wantKind(h.Withdraw(ctx, h.far, id, link.ID), layers.NotFound)
	stranger := h.create(h.far)
	h.must(h.Withdraw(ctx, h.far, stranger, link.ID)) // of another sheet: nothing happens
	h.must(open(link.Token))

	h.must(h.Remove(ctx, h.planner, id, true))
	h.wantKind(open(link.Token), layers.NotFound)
	h.must(h.Remove(ctx, h.planner, id, false))
	h.exec(`update arpent.account set disabled = true where id = $1`, h.planner.UserID)
	h.wantKind(open(link.Token), layers.NotFound)
	h.exec(`update arpent.account set disabled = false where id = $1`, h.planner.UserID)
	h.must(open(link.Token))
	h.exec(`update arpent.note_link set expires_at = now()`)
	h.wantKind(open(link.Token), layers.NotFound)

	for _, days := range []int{0, 367} {
		_, err := h.Link(ctx, h.planner, id, false, days, "")
		h.wantKind(err, layers.Invalid)
	}
	_, err = h.Link(ctx, h.planner, id, false, 1, strings.Repeat("x", 8001))
	h.wantKind(err, layers.Invalid)
	h.exec(`insert into arpent.note_link (sheet, token, may_comment, view, expires_at) select $1, n::text, false, '', now() + interval '1 day' from generate_series(1, 50) n`, id)
	_, err = h.Link(ctx, h.planner, id, false, 1, "")
	h.wantKind(err, layers.Conflict)
}

func TestCommentsComeFromWhoMayGiveThem(t *testing.T) {
	h := newHall(t)
	id := h.create(h.planner, crossing)
	read, err := h.Link(ctx, h.planner, id, false, 1, "")
	h.must(err)
	talk, err := h.Link(ctx, h.planner, id, true, 1, "")
	h.must(err)
	nobody := layers.Viewer{}
	h.wantKind(h.CommentByLink(ctx, nobody, read.Token, "", "Anne", "Why here?"), layers.Forbidden)
	h.wantKind(h.CommentByLink(ctx, nobody, "x", "", "Anne", "Why here?"), layers.NotFound)
	h.wantKind(h.CommentByLink(ctx, nobody, talk.Token, "", " ", "Why here?"), layers.Invalid)
	h.wantKind(h.CommentByLink(ctx, nobody, talk.Token, "", "Anne", " "), layers.Invalid)
	h.wantKind(h.CommentByLink(ctx, nobody, talk.Token, "", "Anne", strings.Repeat("é", 2001)), layers.Invalid)
	h.wantKind(h.CommentByLink(ctx, nobody, talk.Token, "n9", "Anne", "Why here?"), layers.NotFound)
	h.must(h.CommentByLink(ctx, nobody, talk.Token, "n1", "Anne", "Why here?"))
	h.must(h.CommentByLink(ctx, h.far, talk.Token, "", "Anne", "I came by the link"))
	h.wantKind(h.Comment(ctx, h.colleague, id, "", "Not shown to me"), layers.NotFound)
	h.wantKind(h.Comment(ctx, nobody, id, "", "Nobody"), layers.Unauthorized)
	h.must(h.Show(ctx, h.planner, id, "A"))
	h.must(h.Comment(ctx, h.colleague, id, "", "Seen"))
	said := func(v layers.Viewer) (all []string, ids []int64) {
		sheet, err := h.Sheet(ctx, v, id)
		h.must(err)
		for _, c := range sheet.Comments {
			all = append(all, fmt.Sprint(c.Author, " ", c.Note, " ", c.Guest, " ", c.Mine))
			ids = append(ids, c.ID)
		}
		return all, ids
	}
	seen, ids := said(h.colleague)
	if want := []string{"Anne n1 true false", "far  false false", "colleague  false true"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("the colleague reads %q, want %q", seen, want)
	}
	h.wantKind(h.DropComment(ctx, nobody, id, ids[0]), layers.Unauthorized)
	h.wantKind(h.DropComment(ctx, h.colleague, id, ids[0]), layers.NotFound)
	h.must(h.DropComment(ctx, h.colleague, id, ids[2]))
	h.must(h.DropComment(ctx, h.planner, id, ids[0]))
	if seen, _ := said(h.planner); len(seen) != 1 {
		t.Errorf("left are %q", seen)
	}
	for range 20 {
		h.must(h.CommentByLink(ctx, nobody, talk.Token, "", "Anne", "Again"))
	}
	h.wantKind(h.CommentByLink(ctx, nobody, talk.Token, "", "Anne", "Again"), layers.TooMany)
	h.exec(`insert into arpent.note_comment (sheet, author, text, created_at) select $1, 'x', 'x', now() - interval '1 day' from generate_series(1, 500)`, id)
	h.wantKind(h.Comment(ctx, h.colleague, id, "", "Full"), layers.Conflict)
}

func TestNotesThatDoNotFitAreRefusedAtTheirPlace(t *testing.T) {
	h := newHall(t)
	with := func(change func(*notes.Note)) notes.Content {
		n := lane
		n.Places = append([][2]float64{}, lane.Places...)
		change(&n)
		return notes.Content{Title: "x", Notes: []notes.Note{crossing, n}}
	}
	many := make([]notes.Note, 501)
	long := make([][2]float64, 20_001)
	for name, c := range map[string]struct {
		content notes.Content
		at      string
	}{
		"no title":           {notes.Content{Title: " "}, "title"},
		"endless title":      {notes.Content{Title: strings.Repeat("é", 201)}, "title"},
		"too many notes":     {notes.Content{Title: "x", Notes: many}, "notes"},
		"too many places":    {with(func(n *notes.Note) { n.Places = long }), "notes"},
		"no identifier":      {with(func(n *notes.Note) { n.ID = "" }), "notes[1].id"},
		"twice the same":     {with(func(n *notes.Note) { n.ID = "n1" }), "notes[1].id"},
		"no such kind":       {with(func(n *notes.Note) { n.Kind = "cloud" }), "notes[1].kind"},
		"half a line":        {with(func(n *notes.Note) { n.Places = n.Places[:1] }), "notes[1].places"},
		"text of two places": {with(func(n *notes.Note) { n.Kind = notes.Text }), "notes[1].places"},
		"half an outline":    {with(func(n *notes.Note) { n.Kind = notes.Polygon }), "notes[1].places"},
		"off the map":        {with(func(n *notes.Note) { n.Places[1][0] = 3e7 }), "notes[1].places[1]"},
		"nowhere":            {with(func(n *notes.Note) { n.Places[1][1] = math.NaN() }), "notes[1].places[1]"},
		"endless text":       {with(func(n *notes.Note) { n.Text = strings.Repeat("é", 2001) }), "notes[1].text"},
		"a NUL":              {with(func(n *notes.Note) { n.Text = "a\x00" }), "notes[1].text"},
		"no colour":          {with(func(n *notes.Note) { n.Colour = "url(x)" }), "notes[1].colour"},
		"no width":           {with(func(n *notes.Note) { n.Width = 0 }), "notes[1].width"},
		"a wall":             {with(func(n *notes.Note) { n.Width = 21 }), "notes[1].width"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.Create(ctx, h.planner, c.content)
			h.wantKind(err, layers.Invalid)
			if err == nil || !strings.HasPrefix(err.Error(), c.at+": ") {
				t.Errorf("says %v, want it at %s", err, c.at)
			}
		})
	}
}
