package cartography_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/cartography"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const wellsFile = `
id: wells
title: Wells
public: true
source: {table: public.wells, collectivity: collectivity}
style: {fill: "#000000"}
fields: [{name: depth}, {name: flow, private: true}, {name: age, personal: true}, {name: owner}]
`

var ctx = context.Background()

// place has two collectivities and a layer.
type place struct {
	*cartography.Service
	pool                    *pgxpool.Pool
	boss, reader, colleague layers.Viewer // of A
	other                   layers.Viewer // administers B
}

func newPlace(t *testing.T) place {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `
		insert into arpent.collectivity (code, name) values ('A', 'A'), ('B', 'B');
		create table public.wells (id bigint generated always as identity primary key, collectivity text not null references arpent.collectivity,
			depth float8, flow integer, age integer, owner text, geom geometry(Point, 2154))`); err != nil {
		t.Fatal(err)
	}
	l, err := layers.ReadFile("wells.yaml", []byte(wellsFile))
	if err != nil {
		t.Fatal(err)
	}
	service, _, _ := postgistest.Service(t, pool, l)
	account := func(login, collectivity, profile string) layers.Viewer {
		return postgistest.Account(t, pool, login, collectivity, profile)
	}
	return place{cartography.New(service, pool), pool, account("boss", "A", "administrator"), account("reader", "A", "reader"),
		account("colleague", "A", "reader"), account("other", "B", "administrator")}
}

func wantKind(t *testing.T, err error, kind layers.Kind) {
	t.Helper()
	if got := layers.KindOf(err); got != kind {
		t.Errorf("error is %v of kind %q, want kind %q", err, got, kind)
	}
}

func arranged(order ...string) *cartography.Arrangement {
	return &cartography.Arrangement{Order: order, Visible: map[string]bool{"wells": false}, Opacity: map[string]float64{"wells": 0.5},
		Groups: []cartography.LayerGroup{{ID: "g", Title: "Mine"}}, GroupOrder: []string{"g"}, Place: map[string]string{"wells": "g"}}
}

func (p place) arrangements(t *testing.T, v layers.Viewer) (own, shared *cartography.Arrangement) {
	t.Helper()
	own, shared, err := p.Arrangements(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	return own, shared
}

func TestAnArrangementIsOnesOwnOrOfAll(t *testing.T) {
	p := newPlace(t)
	none := (*cartography.Arrangement)(nil)
	keep := func(v layers.Viewer, collectivity string, a *cartography.Arrangement) {
		t.Helper()
		if err := p.Arrange(ctx, v, collectivity, a); err != nil {
			t.Fatal(err)
		}
	}
	see := func(who string, v layers.Viewer, wantOwn, wantShared *cartography.Arrangement) {
		t.Helper()
		if own, shared := p.arrangements(t, v); !reflect.DeepEqual(own, wantOwn) || !reflect.DeepEqual(shared, wantShared) {
			t.Errorf("%s sees %+v and %+v, want %+v and %+v", who, own, shared, wantOwn, wantShared)
		}
	}
	see("the reader", p.reader, none, none)
	keep(p.reader, "", arranged("first"))
	keep(p.reader, "", arranged("second"))
	keep(p.boss, "A", arranged("for all"))
	see("the reader", p.reader, arranged("second"), arranged("for all"))
	see("a colleague", p.colleague, none, arranged("for all"))
	see("one of B", p.other, none, none)
	see("anybody", layers.Viewer{}, none, none) // of two towns, it is of neither
	keep(p.reader, "", nil)
	see("the reader", p.reader, none, arranged("for all"))
	keep(p.boss, "A", nil)
	keep(p.boss, "A", nil)
	see("the reader", p.reader, none, none)

	wantKind(t, p.Arrange(ctx, layers.Viewer{}, "", arranged()), layers.Unauthorized)
	wantKind(t, p.Arrange(ctx, p.reader, "A", arranged()), layers.Forbidden)
	wantKind(t, p.Arrange(ctx, p.reader, "A", nil), layers.Forbidden)
	wantKind(t, p.Arrange(ctx, p.other, "A", arranged()), layers.Forbidden)
	admin := p.boss
	admin.Admin = true
	wantKind(t, p.Arrange(ctx, admin, "nowhere", arranged()), layers.NotFound)
	for name, a := range map[string]*cartography.Arrangement{
		"opacity":         {Opacity: map[string]float64{"wells": 1.5}},
		"nameless group":  {Groups: []cartography.LayerGroup{{ID: "g"}}},
		"endless title":   {Groups: []cartography.LayerGroup{{ID: "g", Title: strings.Repeat("x", 201)}}},
		"too many layers": {Order: make([]string, 2001)},
	} {
		t.Run(name, func(t *testing.T) { wantKind(t, p.Arrange(ctx, p.reader, "", a), layers.Invalid) })
	}
}

func TestAnybodySeesTheArrangementOfTheOnlyCollectivity(t *testing.T) {
	p := newPlace(t)
	if err := p.Arrange(ctx, p.boss, "A", arranged("for all")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.pool.Exec(ctx, `delete from arpent.membership where collectivity = 'B'; delete from arpent.collectivity where code = 'B'`); err != nil {
		t.Fatal(err)
	}
	if own, shared := p.arrangements(t, layers.Viewer{}); own != nil || shared == nil {
		t.Errorf("anybody sees %v and %v", own, shared)
	}
}

func TestAStyleIsOnesOwnElseOfAllElseOfTheFile(t *testing.T) {
	p := newPlace(t)
	keep := func(v layers.Viewer, collectivity string, s *layers.Style) {
		t.Helper()
		if err := p.SaveStyle(ctx, v, collectivity, "wells", s); err != nil {
			t.Fatal(err)
		}
	}
	see := func(v layers.Viewer, fill string, origin cartography.Origin) {
		t.Helper()
		styles, err := p.Styles(ctx, v)
		if err != nil {
			t.Fatal(err)
		}
		if got := styles["wells"]; got.Style.Fill != fill || got.Origin != origin {
			t.Errorf("%q sees %q of %q, want %q of %q", v.Login, got.Style.Fill, got.Origin, fill, origin)
		}
	}
	see(p.reader, "", "")
	keep(p.boss, "A", &layers.Style{Fill: "#111111"})
	keep(p.reader, "", &layers.Style{Fill: "#222222"})
	keep(p.reader, "", &layers.Style{Fill: "#333333"})
	see(p.reader, "#333333", cartography.Own)
	see(p.colleague, "#111111", cartography.OfCollectivity)
	see(p.other, "", "")
	see(layers.Viewer{}, "", "")
	keep(p.reader, "", nil)
	see(p.reader, "#111111", cartography.OfCollectivity)

	// What all may see of it, they see; others see what the file says.
	keep(p.boss, "A", &layers.Style{Fill: "#444444", Size: &layers.StyleSize{Field: "flow", To: 9, MaxRadius: 9}})
	see(p.colleague, "#444444", cartography.OfCollectivity)
	if _, err := p.pool.Exec(ctx, `insert into arpent.profile_field (profile, layer, field, access) values ('reader', 'wells', 'flow', 'hidden')`); err != nil {
		t.Fatal(err)
	}
	see(postgistest.Viewer(t, p.pool, "colleague"), "", "")
	see(p.boss, "#444444", cartography.OfCollectivity)
	keep(p.boss, "A", nil)
	see(p.boss, "", "")

	fine := &layers.Style{}
	wantKind(t, p.SaveStyle(ctx, layers.Viewer{}, "", "wells", fine), layers.Unauthorized)
	wantKind(t, p.SaveStyle(ctx, p.reader, "A", "wells", fine), layers.Forbidden)
	wantKind(t, p.SaveStyle(ctx, p.reader, "A", "wells", nil), layers.Forbidden)
	wantKind(t, p.SaveStyle(ctx, p.other, "A", "wells", fine), layers.Forbidden)
	wantKind(t, p.SaveStyle(ctx, p.reader, "", "springs", fine), layers.NotFound)
	admin := p.boss
	admin.Admin = true
	wantKind(t, p.SaveStyle(ctx, admin, "nowhere", "wells", fine), layers.NotFound)
}

func TestAStyleThatDoesNotFitIsRefusedWithItsPlace(t *testing.T) {
	p := newPlace(t)
	boss := p.boss
	boss.Purpose = "curiosity"
	two := []float64{1, 2, 3}
	for name, c := range map[string]struct {
		style layers.Style
		want  string
	}{
		"personal field":        {layers.Style{Size: &layers.StyleSize{Field: "age"}}, `no field "age"`},
		"no such field":         {layers.Style{By: &layers.StyleBy{Field: "width"}}, `no field "width"`},
		"no colour":             {layers.Style{Fill: "url(x)"}, "style.fill"},
		"opacity":               {layers.Style{Opacity: 2}, "style.opacity"},
		"by and classes":        {layers.Style{By: &layers.StyleBy{Field: "owner"}, Classes: &layers.StyleClasses{Field: "depth", Breaks: two, Colours: []string{"red", "blue"}}}, "leave one of them out"},
		"classes of text":       {layers.Style{Classes: &layers.StyleClasses{Field: "owner", Breaks: two, Colours: []string{"red", "blue"}}}, "style.classes.field"},
		"too few colours":       {layers.Style{Classes: &layers.StyleClasses{Field: "depth", Breaks: two, Colours: []string{"red"}}}, "style.classes.breaks"},
		"bounds out of order":   {layers.Style{Classes: &layers.StyleClasses{Field: "depth", Breaks: []float64{3, 2, 1}, Colours: []string{"red", "blue"}}}, "not in order"},
		"label of personal":     {layers.Style{Label: &layers.LabelStyle{Text: "text(age)"}}, "style.label.text"},
		"label of other things": {layers.Style{Label: &layers.LabelStyle{Text: "owner +"}}, "style.label.text"},
		"shrinking":             {layers.Style{Size: &layers.StyleSize{Field: "depth", From: 2, To: 1}}, "style.size.from"},
		"never drawn":           {layers.Style{MinZoom: 17, MaxZoom: 12}, "style.minzoom: 17 is above maxzoom, 12"},
		"label never drawn":     {layers.Style{Label: &layers.LabelStyle{Field: "depth", MinZoom: 17, MaxZoom: 12}}, "style.label.minzoom"},
		"no such symbol":        {layers.Style{Symbol: "heart"}, "style.symbol: is none of circle"},
		"no such function":      {layers.Style{Label: &layers.LabelStyle{Text: "uper(owner)"}}, "there is no function uper: do you mean upper?"},
		"look at other records": {layers.Style{Label: &layers.LabelStyle{Text: "count('wells', 'owner')"}}, "count looks at other records"},
		"no such field in text": {layers.Style{Label: &layers.LabelStyle{Text: "text(dept)"}}, "there is no field dept: do you mean depth?"},
		"label without words":   {layers.Style{Label: &layers.LabelStyle{}}, "style"},
	} {
		t.Run(name, func(t *testing.T) {
			err := p.SaveStyle(ctx, boss, "", "wells", &c.style)
			wantKind(t, err, layers.Invalid)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("says %v, want %s", err, c.want)
			}
		})
	}
}
