package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const soakLayer = "soak.things"

// call asks a server as the administrator and answers what it said.
func (s *soak) call(method, url string, body any, headers ...string) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", "application/json")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	s.position.Store(new(response.Header.Get("Arpent-Position")))
	said, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: status %d: %s", method, url, response.StatusCode, said)
	}
	return said, err
}

func polygon(v version) map[string]any {
	return map[string]any{"type": "Polygon", "coordinates": [][][2]float64{v.ring()}}
}

// byForm edits as the page does.
func (s *soak) byForm(server string, t *thing, before, now version, n int) error {
	change := map[string]any{"op": "update", "layer": soakLayer, "id": t.id, "properties": map[string]any{"version": n}, "geometry": polygon(now)}
	if before.gone {
		change["op"] = "create"
		change["properties"] = map[string]any{"id": t.id, "version": n}
	} else {
		said, err := s.call("GET", server+"/api/layers/"+soakLayer+"/features/"+t.id, nil)
		if err != nil {
			return err
		}
		var read struct{ Version string }
		if err := json.Unmarshal(said, &read); err != nil {
			return err
		}
		change["version"] = read.Version
		if now.gone {
			change["op"] = "delete"
			delete(change, "properties")
			delete(change, "geometry")
		}
	}
	_, err := s.call("POST", server+"/api/transactions", map[string]any{"changes": []any{change}})
	return err
}

// byOGC edits by OGC API Features, part 4.
func (s *soak) byOGC(server string, t *thing, before, now version, n int) error {
	const crs = "Content-Crs: <http://www.opengis.net/def/crs/EPSG/0/3857>"
	items := server + "/ogc/collections/" + soakLayer + "/items"
	feature := map[string]any{"type": "Feature", "id": t.id, "properties": map[string]any{"id": t.id, "version": n}, "geometry": polygon(now)}
	method, url := "PUT", items+"/"+t.id
	switch {
	case before.gone:
		method, url = "POST", items
	case now.gone:
		_, err := s.call("DELETE", url, nil)
		return err
	}
	_, err := s.call(method, url, feature, crs, "Content-Type: application/geo+json")
	return err
}

// bySQL edits as psql does.
func (s *soak) bySQL(_ string, t *thing, before, now version, n int) error {
	shape := `ST_GeomFromGeoJSON($3)`
	geometry, err := json.Marshal(polygon(now))
	if err != nil {
		return err
	}
	shape = `ST_SetSRID(` + shape + `, 3857)`
	switch {
	case now.gone:
		_, err = s.pool.Exec(s.ctx, `delete from soak.things where id = $1`, t.id)
	case before.gone:
		_, err = s.pool.Exec(s.ctx, `insert into soak.things (id, version, geom) values ($1, $2, `+shape+`)`, t.id, n, string(geometry))
	default:
		_, err = s.pool.Exec(s.ctx, `update soak.things set version = $2, geom = `+shape+` where id = $1`, t.id, n, string(geometry))
	}
	return err
}

// editing edits by one way, through some servers, until the end. Now and then it looks how long it takes
// until a tile shows what it wrote.
func (s *soak) editing(name string, seed uint64, servers []string, edit func(string, *thing, version, version, int) error) {
	random := rand.New(rand.NewPCG(seed, 0))
	pace := time.NewTicker(soakPace)
	defer pace.Stop()
	for round := 0; s.ctx.Err() == nil; round++ {
		t := s.things[random.IntN(len(s.things))]
		if !t.busy.TryLock() {
			continue
		}
		before, _ := t.last()
		now := t.moved(random)
		now.gone = !before.gone && random.IntN(20) == 0
		n := t.begin(now)
		err := edit(servers[random.IntN(len(servers))], t, before, now, n)
		if err == nil {
			t.end()
			s.count("edits by "+name, 1)
			if round%3 == 0 && !now.gone {
				err = s.wait(servers[random.IntN(len(servers))], t, n, now)
			}
		}
		t.busy.Unlock()
		if err != nil && s.ctx.Err() == nil {
			s.Errorf("%s: %v", name, err)
			return
		}
		select {
		case <-pace.C:
		case <-s.ctx.Done():
		}
	}
}

// importing imports files until the end: of some things, and at every third time of
// so many that they are told as one load.
func (s *soak) importing(seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	folder := s.TempDir()
	for round := 0; s.ctx.Err() == nil; round++ {
		var some []*thing
		if round%3 == 2 {
			some = s.crowd
			for _, t := range some {
				t.busy.Lock()
			}
		}
		for len(some) < 20 {
			if t := s.things[random.IntN(len(s.things))]; t.busy.TryLock() {
				some = append(some, t)
			}
		}
		features := make([]any, 0, len(some))
		for _, t := range some {
			now := t.moved(random)
			n := t.begin(now)
			features = append(features, map[string]any{"type": "Feature", "properties": map[string]any{"id": t.id, "version": n}, "geometry": polygon(now)})
		}
		text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features,
			"crs": map[string]any{"type": "name", "properties": map[string]any{"name": "urn:ogc:def:crs:EPSG::3857"}}})
		if err != nil {
			s.Error(err)
			return
		}
		path := filepath.Join(folder, "things.geojson")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			s.Error(err)
			return
		}
		out, err := s.importer.command("import", "--layer", soakLayer, "--key", "id", path).CombinedOutput()
		if err != nil || strings.Contains(string(out), "rejected records") {
			s.Errorf("import: %v: %s", err, out)
			return
		}
		for _, t := range some {
			t.end()
			t.busy.Unlock()
		}
		s.count("edits by import", len(some))
	}
}
