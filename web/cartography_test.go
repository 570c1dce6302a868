package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"arpent/apps/cemetery"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

// tileWith asks for the tile of a parcel with parameters.
func (s *site) tileWith(parameters url.Values, headers ...string) answer {
	s.Helper()
	at := s.tileOf(s.town.Parcels[0].ID, 14)
	path := fmt.Sprintf("/tiles/land.parcels/%d/%d/%d.mvt?%s", at.Z, at.X, at.Y, parameters.Encode())
	return s.get(path, append(headers, "Accept-Encoding: identity")...)
}

// attributes are those of the parcel in a tile.
func (s *site) attributes(a answer) map[string]any {
	s.Helper()
	for _, f := range tiletest.Decode(s.TB, s.want(a, 200).body)[0].Features {
		if f.Properties["id"] == s.town.Parcels[0].ID {
			return f.Properties
		}
	}
	s.Fatal("the parcel is not in its tile")
	return nil
}

func TestTilesCarryWhatAStyleDrawsBy(t *testing.T) {
	s := newSite(t, cemetery.Layers)
	id := s.town.Parcels[0].ID
	s.exec(`update land.parcels set registered_area = 123, notes = 'vu' where id = $1`, id)
	if plain := s.attributes(s.tileWith(nil)); plain["registered_area"] != nil || plain["_text"] != nil {
		t.Errorf("unasked, the tile has %v", plain)
	}
	asked := s.attributes(s.tileWith(url.Values{"fields": {"registered_area,urban"}, "text": {"'S ' + text(registered_area)"}}))
	if fmt.Sprint(asked["registered_area"]) != "123" || asked["_text"] != "S 123" {
		t.Errorf("asked, the tile has %v", asked)
	}
	if own := s.attributes(s.tileWith(url.Values{"fields": {"notes"}, "text": {"notes"}}, s.admin())); own["notes"] != "vu" || own["_text"] != "vu" {
		t.Errorf("who may see the notes gets %v", own)
	}
	for name, c := range map[string]struct {
		parameters url.Values
		location   string
	}{
		"field unseen":          {url.Values{"fields": {"notes"}}, "query.fields"},
		"no such field":         {url.Values{"fields": {"colour"}}, "query.fields"},
		"too many fields":       {url.Values{"fields": {strings.Repeat("number,", 8) + "number"}}, "query.fields"},
		"words unseen":          {url.Values{"text": {"notes"}}, "query.text"},
		"no expression":         {url.Values{"text": {"number +"}}, "query.text"},
		"SQL":                   {url.Values{"text": {"'; drop table land.parcels; --"}}, "query.text"},
		"no such function":      {url.Values{"text": {"pg_sleep(10)"}}, "query.text"},
		"what looks elsewhere":  {url.Values{"text": {"count('land.buildings')"}}, "query.text"},
		"too long":              {url.Values{"text": {"'" + strings.Repeat("x", 500) + "'"}}, "query.text"},
		"beyond what it counts": {url.Values{"text": {"text(9000000000000000000 + number * 9000000000000000000)"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{TB: t, url: s.url, pool: s.pool, town: s.town}
			s.refused(s.tileWith(c.parameters), 400, c.location)
		})
	}
	s.refused(s.get("/tiles/land.parcels,land.sections/14/0/0.mvt?fields=number"), 400, "query.fields")
	s.refused(s.get("/tiles/land.parcels,land.sections.json?fields=number"), 400, "query.fields")
	s.refused(s.get("/tiles/land.parcels.json?fields=notes"), 400, "query.fields")
	s.refused(s.get("/tiles/land.parcels.json?text=notes"), 400, "query.text")
	s.refused(s.get("/tiles/cemetery.holders/14/0/0.mvt?fields=born_on", s.admin(), "Arpent-Purpose: curiosity"), 400, "query.fields")

	described := s.want(s.get("/tiles/land.parcels.json?fields=urban&text=section"), 200).json(t)
	fields := described["vector_layers"].([]any)[0].(map[string]any)["fields"].(map[string]any)
	if fields["urban"] != "Boolean" || fields["_text"] != "String" || fields["notes"] != nil {
		t.Errorf("TileJSON tells of %v", fields)
	}
	if address := described["tiles"].([]any)[0].(string); !strings.HasSuffix(address, "/tiles/land.parcels/{z}/{x}/{y}.mvt?fields=urban&text=section") {
		t.Errorf("TileJSON sends to %s", address)
	}
}

func TestStylesAndArrangementsAreKeptThroughTheAPI(t *testing.T) {
	s := newSite(t)
	code := s.town.Code
	s.exec(`insert into arpent.collectivity (code, name) values ('00002', 'Two')`)
	for login, profile := range map[string]string{"boss": "administrator", "reader": "reader"} {
		postgistest.Account(t, s.pool, login, code, profile)
	}
	boss, reader := s.bearer("boss"), s.bearer("reader")
	layer := func(who string) map[string]any {
		t.Helper()
		for _, l := range s.ask(200, http.MethodGet, "/api/layers", nil, who).json(t)["layers"].([]any) {
			if l := l.(map[string]any); l["id"] == "land.parcels" {
				return l
			}
		}
		t.Fatal("there are no parcels")
		return nil
	}
	fill := func(l map[string]any) any { return l["style"].(map[string]any)["fill"] }
	const at = "/api/layers/land.parcels/style"
	style := map[string]any{"fill": "#123456", "stroke": "#000000", "classes": map[string]any{
		"field": "registered_area", "method": "quantiles", "breaks": []float64{0, 10, 20}, "colours": []string{"#eeeeee", "#111111"}}}
	ofFile := layer(reader)
	if ofFile["styleOf"] != "file" || len(ofFile["stylableIn"].([]any)) != 0 {
		t.Errorf("the reader has %v, and chooses in %v", ofFile["styleOf"], ofFile["stylableIn"])
	}
	if in := fmt.Sprint(layer(boss)["stylableIn"]); in != "["+code+"]" {
		t.Errorf("the administrator chooses in %v", in)
	}
	s.ask(204, http.MethodPut, at, map[string]any{"style": style, "collectivity": code}, boss)
	if l := layer(reader); l["styleOf"] != "collectivity" || fill(l) != "#123456" || l["fileStyle"].(map[string]any)["fill"] != fill(ofFile) {
		t.Errorf("the reader sees %v of %v", l["style"], l["styleOf"])
	}
	s.ask(403, http.MethodPut, at, map[string]any{"style": style, "collectivity": code}, reader)
	s.ask(401, http.MethodPut, at, map[string]any{"style": style})
	s.ask(422, http.MethodPut, at, map[string]any{"style": map[string]any{"fill": "javascript:x"}}, reader)
	s.ask(204, http.MethodPut, at, map[string]any{"style": map[string]any{"fill": "#654321"}}, reader)
	if l := layer(reader); l["styleOf"] != "own" || fill(l) != "#654321" {
		t.Errorf("the reader sees %v of %v", l["style"], l["styleOf"])
	}
	s.ask(204, http.MethodPut, at, map[string]any{"style": nil}, reader)
	s.ask(204, http.MethodPut, at, map[string]any{"style": nil, "collectivity": code}, boss)
	if l := layer(reader); l["styleOf"] != "file" || fill(l) != fill(ofFile) {
		t.Errorf("the reader sees %v of %v", l["style"], l["styleOf"])
	}

	arrangement := map[string]any{"order": []string{"land.parcels"}, "visible": map[string]bool{"land.parcels": false}, "opacity": map[string]float64{},
		"groups": []any{}, "groupOrder": []string{}, "place": map[string]string{}}
	s.ask(401, http.MethodPut, "/api/arrangement", map[string]any{"arrangement": arrangement})
	s.ask(403, http.MethodPut, "/api/arrangement", map[string]any{"arrangement": arrangement, "collectivity": code}, reader)
	s.ask(204, http.MethodPut, "/api/arrangement", map[string]any{"arrangement": arrangement}, reader)
	kept := s.ask(200, http.MethodGet, "/api/arrangement", nil, reader).json(t)
	if kept["shared"] != nil || fmt.Sprint(kept["own"]) != "map[groupOrder:[] groups:[] opacity:map[] order:[land.parcels] place:map[] visible:map[land.parcels:false]]" {
		t.Errorf("kept is %v", kept)
	}
	s.ask(204, http.MethodPut, "/api/arrangement", map[string]any{"arrangement": nil}, reader)
	if kept := s.ask(200, http.MethodGet, "/api/arrangement", nil, reader).json(t); kept["own"] != nil {
		t.Errorf("forgotten, %v is kept", kept["own"])
	}
}

func TestNumbersAreDividedIntoClassesOverTheSelection(t *testing.T) {
	s := newSite(t)
	s.exec(`update land.parcels set registered_area = null; update land.parcels set registered_area = number where number <= 20`)
	const at = "/api/layers/land.parcels/classes?field=registered_area&count=2&method=equal"
	all := s.ask(200, http.MethodGet, at, nil).json(t)
	low := s.counted(`select count(*) from land.parcels where registered_area <= 10.5`)
	high := s.counted(`select count(*) from land.parcels where registered_area > 10.5`)
	empty := s.counted(`select count(*) from land.parcels where registered_area is null`)
	if want := fmt.Sprintf("[1 10.5 20] [%d %d] %d true", low, high, empty); fmt.Sprint(all["breaks"], all["counts"], all["empty"], all["exact"]) != want {
		t.Errorf("classes are %v, want %s", all, want)
	}
	some := s.ask(200, http.MethodGet, at+"&filter="+url.QueryEscape(`{"op":"<=","args":[{"property":"number"},4]}`), nil).json(t)
	if got := fmt.Sprint(some["breaks"]); got != "[1 2.5 4]" {
		t.Errorf("classes of a selection are %v", some)
	}
	s.refused(s.get("/api/layers/land.parcels/classes?field=notes"), 400, "query.field")
	s.refused(s.get("/api/layers/land.parcels/classes?field=section"), 400, "query.field")
	s.refused(s.get("/api/layers/land.parcels/classes?field=number&count=13"), 400, "query.count")
	s.want(s.get("/api/layers/land.parcels/classes?field=number&method=guess"), 422)
	s.refused(s.get("/api/layers/land.blocks/classes?field=number"), 401, "")
}
