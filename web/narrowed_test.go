package web_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb/maptile"

	"arpent/apps/cemetery"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

// drawn are the identifiers of what a tile shows, sorted.
func (s *site) drawn(layer string, at maptile.Tile, parameters url.Values, headers ...string) []string {
	s.Helper()
	a := s.get(fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt?%s", layer, at.Z, at.X, at.Y, parameters.Encode()), append(headers, "Accept-Encoding: identity")...)
	if a.StatusCode == 204 {
		return nil
	}
	ids := []string{}
	for _, f := range tiletest.Decode(s.TB, s.want(a, 200).body)[0].Features {
		ids = append(ids, f.Properties["id"].(string))
	}
	slices.Sort(ids)
	return ids
}

func TestTilesShowWhatAListLetsThrough(t *testing.T) {
	s := newSite(t, cemetery.Layers)
	at := s.tileOf(s.town.Parcels[0].ID, 14)
	all := s.drawn("land.parcels", at, nil)
	s.exec(`update land.parcels set notes = 'vu' where number = 4`)
	for name, parameters := range map[string]url.Values{
		"a comparison":     {"filter": {`{"op":"<","args":[{"property":"number"},20]}`}},
		"another layer":    {"filter": {`{"op":"related","args":[{"property":"land.addresses.parcel_id"}]}`}},
		"a shape":          {"filter": {`{"op":"s_dwithin","args":[{"property":"geometry"},{"features":{"layer":"land.parcels","ids":["` + s.town.Parcels[0].ID + `"]}},80]}`}},
		"words":            {"q": {"7"}},
		"words and filter": {"q": {"7"}, "filter": {`{"op":">","args":[{"property":"number"},10]}`}},
		"valid ones":       {"valid": {"true"}, "filter": {`{"op":"=","args":[{"property":"notes"},"vu"]}`}},
		"quotes":           {"q": {"'; drop table land.parcels; --"}},
	} {
		var list page
		if err := json.Unmarshal(s.get(parcels+"?limit=1000&"+parameters.Encode(), s.admin()).body, &list); err != nil {
			t.Fatal(err)
		}
		want := []string{}
		for _, f := range list.Features {
			if slices.Contains(all, f.ID) {
				want = append(want, f.ID)
			}
		}
		slices.Sort(want)
		got := s.drawn("land.parcels", at, parameters, s.admin())
		if !slices.Equal(got, want) || len(got) == len(all) || len(got) == 0 && name != "quotes" {
			t.Errorf("%s: the tile shows %d, the list %d of %d", name, len(got), len(want), len(all))
		}
	}
	// What is not narrowed is not what was narrowed, nor the other way round.
	if got := s.drawn("land.parcels", at, nil); !slices.Equal(got, all) {
		t.Errorf("afterwards the tile shows %d of %d", len(got), len(all))
	}
	notes := url.Values{"filter": {`{"op":"=","args":[{"property":"notes"},"vu"]}`}}
	for location, parameters := range map[string]url.Values{
		"query.filter":   notes,
		"query.valid":    {"valid": {"perhaps"}},
		"query.q":        {"q": {strings.Repeat("x", 201)}},
		"query.datetime": {"datetime": {"yesterday"}},
		"query.colour":   {"colour": {"red"}},
	} {
		s.refused(s.tileWith(parameters), 400, location)
	}
	s.refused(s.tileWith(url.Values{"filter": {`{"op":"="`}}), 400, "query.filter")
	s.refused(s.get("/tiles/land.parcels,land.sections/14/0/0.mvt?q=7"), 400, "query.filter")
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	postgistest.Account(t, s.pool, "stranger", "00002", "administrator")
	if got := s.drawn("land.parcels", at, notes, s.bearer("stranger")); len(got) != 0 {
		t.Errorf("a stranger learns of notes by %v", got)
	}
}

func TestAMapChosenByPersonalDataIsNotedOnce(t *testing.T) {
	s := newSite(t, cemetery.Layers)
	s.exec(`with c as (insert into cemetery.cemeteries (collectivity, name) values ('` + s.town.Code + `', 'Old') returning id),
		s as (insert into cemetery.sections (collectivity, cemetery, name) select '` + s.town.Code + `', id, 'A' from c returning id),
		p as (insert into cemetery.paths (collectivity, section, name) select '` + s.town.Code + `', id, '1' from s returning id),
		plots as (insert into cemetery.plots (collectivity, path, number, geom)
			select '` + s.town.Code + `', p.id, n, (select ST_Multi(ST_Buffer(ST_PointOnSurface(geom), 2)) from land.parcels where id = '` + s.town.Parcels[0].ID + `') from p, generate_series(1, 2) n returning id, number)
		insert into cemetery.holders (collectivity, plot, name, phone, quality) select '` + s.town.Code + `', id, 'Martin', '+33 ' || number, 'entitled' from plots`)
	postgistest.Account(t, s.pool, "manager", s.town.Code, "manager")
	manager := s.bearer("manager")
	phone := url.Values{"filter": {`{"op":"related","args":[{"property":"cemetery.holders.plot"},{"op":"=","args":[{"property":"phone"},"+33 1"]}]}`}}
	at := s.tileOf(s.town.Parcels[0].ID, 18)
	s.refused(s.get(fmt.Sprintf("/tiles/cemetery.plots/%d/%d/%d.mvt?%s", at.Z, at.X, at.Y, phone.Encode()), manager), 400, "query.filter")
	for range 3 {
		if got := s.drawn("cemetery.plots", at, phone, manager, "Arpent-Purpose: renewal"); len(got) != 1 {
			t.Fatalf("the map shows %v", got)
		}
	}
	if n := s.counted(`select count(*) from arpent.personal_read where layer = 'cemetery.holders' and fields = '{phone}' and purpose = 'renewal'`); n != 1 {
		t.Errorf("the log has %d reads of one map", n)
	}
	if got := s.drawn("cemetery.plots", at, phone, manager, "Arpent-Purpose: another"); len(got) != 1 {
		t.Fatalf("the map shows %v", got)
	}
	if n := s.counted(`select count(*) from arpent.personal_read where layer = 'cemetery.holders'`); n != 2 {
		t.Errorf("the log has %d reads for two reasons", n)
	}
}
