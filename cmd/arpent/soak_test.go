package main_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
	"arpent/tiles/tiletest"
)

var soakTime = flag.Duration("soak", 20*time.Second, "how long the soak test of tiles runs")

const (
	soakPace   = 20 * time.Millisecond // between two edits by one way
	soakThings = 300
	soakCrowd  = 2500 // that are imported together, more than the feed tells one by one
	soakSide   = 2000 // metres of the area
	soakX      = 160_000.0
	soakY      = 5_404_000.0
	mercator   = 2 * math.Pi * 6378137
)

const soakFile = `
id: soak.things
title: Things
public: true
source: {table: soak.things}
fields: [{name: id}, {name: version}]
tiles: {minzoom: 10, maxzoom: 20}
`

// soak are two servers on one database and one Redis, with who edits and reads.
type soak struct {
	*testing.T
	ctx      context.Context
	pool     *pgxpool.Pool
	servers  []string // addresses
	installs []installation
	running  []*exec.Cmd
	importer installation
	token    string
	things   []*thing // edited one by one, by every way
	crowd    []*thing // imported together
	byID     map[string]*thing
	position atomic.Pointer[string] // that the last answer told

	mu      sync.Mutex
	counts  map[string]int
	waits   []time.Duration // from the commit of an edit to the first tile that shows it
	correct map[string]bool // tiles by place and ETag whose features were compared with PostGIS
}

func (s *soak) count(what string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[what] += n
}

// startSoak starts two servers, of which the first holds the layer in memory, with
// things all over the area.
func startSoak(t *testing.T, seed uint64) (*soak, context.CancelFunc) {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(t.Context(), `create schema soak; create table soak.things (id text primary key, version integer not null, geom geometry(Polygon, 3857) not null)`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	s := &soak{T: t, ctx: ctx, pool: pool, byID: map[string]*thing{}, counts: map[string]int{}, correct: map[string]bool{}}
	s.populate(seed)
	redis := tiletest.Redis(t)
	for n, memory := range []string{"512", "0"} {
		i := s.install()
		i.env = append(i.env, "ARPENT_TILE_CACHE="+redis, "ARPENT_TILE_MEMORY="+memory)
		server, _ := i.serve()
		s.installs, s.running = append(s.installs, i), append(s.running, server)
		s.servers = append(s.servers, "http://"+i.listen)
		if n == 0 {
			s.token = i.answer("token", "create", "--user", "admin")
		}
	}
	s.importer = s.install()
	return s, cancel
}

// Edits by four ways, through two servers that share a database and a Redis, of
// which one holds the layer in memory, and readers at both: every tile is what
// PostGIS makes of a state between a second before it was asked for and its answer.
func TestSoakOfTiles(t *testing.T) {
	const seed = 1
	s, cancel := startSoak(t, seed)
	var busy sync.WaitGroup
	for n, way := range []struct {
		name string
		edit func(string, *thing, version, version, int) error
	}{{"the form API", s.byForm}, {"OGC API Features", s.byOGC}, {"SQL", s.bySQL}} {
		busy.Go(func() { s.editing(way.name, uint64(seed+n), s.servers, way.edit) })
	}
	busy.Go(func() { s.importing(seed + 10) })
	for n := range 4 {
		busy.Go(func() { s.reading(s.servers[n%2], uint64(seed+20+n)) })
	}
	end := time.NewTimer(*soakTime)
	select {
	case <-end.C:
	case <-s.failed():
	}
	cancel()
	busy.Wait()
	s.report()
}

// failed is closed when something is wrong.
func (s *soak) failed() <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for !s.Failed() {
			select {
			case <-every.C:
			case <-s.ctx.Done():
				return
			}
		}
	}()
	return done
}

// install is a data folder of the program with the layer, on the database.
func (s *soak) install() installation {
	s.Helper()
	i := newInstallation(s.T)
	i.env = []string{"ARPENT_DATABASE_URL=" + s.pool.Config().ConnString()}
	folder := filepath.Join(i.data, "layers")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "things.yaml"), []byte(soakFile), 0o600); err != nil {
		s.Fatal(err)
	}
	return i
}

// populate makes the things: some strewn over an area, a crowd beside it.
func (s *soak) populate(seed uint64) {
	s.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	add := func(to *[]*thing, name string, x, y float64) {
		t := &thing{id: fmt.Sprint(name, len(*to))}
		t.begin(version{x: x, y: y, side: 20})
		*to = append(*to, t)
		s.byID[t.id] = t
	}
	for range soakThings {
		add(&s.things, "t", soakX+float64(random.IntN(soakSide)), soakY+float64(random.IntN(soakSide)))
	}
	for n := range soakCrowd {
		add(&s.crowd, "c", soakX+soakSide+500+float64(n%50*30), soakY+float64(n/50*30))
	}
	var ids []string
	var x, y []float64
	for id, t := range s.byID {
		ids, x, y = append(ids, id), append(x, t.versions[0].x), append(y, t.versions[0].y)
	}
	_, err := s.pool.Exec(s.ctx, `insert into soak.things select id, 0, ST_MakeEnvelope(x, y, x + 20, y + 20, 3857) from unnest($1::text[], $2::float8[], $3::float8[]) as t (id, x, y)`, ids, x, y)
	if err != nil {
		s.Fatal(err)
	}
	for _, t := range s.byID {
		t.end()
	}
}

// seen is a tile as it was answered.
type seen struct {
	z, x, y         int
	etag            string
	data            []byte
	asked, answered time.Time
}

func (s *soak) fetch(server string, z, x, y int, after ...string) (*seen, error) {
	tile := &seen{z: z, x: x, y: y, asked: time.Now()}
	request, err := http.NewRequestWithContext(s.ctx, "GET", fmt.Sprintf("%s/tiles/%s/%d/%d/%d.mvt", server, soakLayer, z, x, y), nil)
	if err != nil {
		return nil, err
	}
	for _, position := range after {
		request.Header.Set("Arpent-After", position)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	tile.data, err = io.ReadAll(response.Body)
	tile.answered = time.Now()
	if err == nil && response.StatusCode != 200 && response.StatusCode != 204 {
		err = fmt.Errorf("tile %d/%d/%d: status %d: %s", z, x, y, response.StatusCode, tile.data)
	}
	tile.etag = response.Header.Get("ETag")
	if made := response.Header.Get("Server-Timing"); made != "" {
		s.count("tiles "+made, 1)
	}
	return tile, err
}

// tileAt is the column and row of a place.
func tileAt(z int, x, y float64) (column, row int) {
	n := float64(int(1) << z)
	return int((x/mercator + 0.5) * n), int((0.5 - y/mercator) * n)
}

// wait fetches the tile of a thing until it shows a version, and notes how long
// that took.
func (s *soak) wait(server string, t *thing, n int, v version) error {
	began := time.Now()
	x, y := tileAt(17, v.x+v.side/2, v.y+v.side/2)
	for s.ctx.Err() == nil {
		tile, err := s.fetch(server, 17, x, y)
		if err != nil {
			return err
		}
		if s.versions(tile)[t.id] == n {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.waits = append(s.waits, time.Since(began))
			return nil
		}
		if time.Since(began) > 10*time.Second {
			return fmt.Errorf("version %d of %s is in no tile after %v", n, t.id, time.Since(began))
		}
	}
	return nil
}

// reading fetches tiles at random from one server until the end, and checks each.
func (s *soak) reading(server string, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 2))
	pace := time.NewTicker(5 * time.Millisecond)
	defer pace.Stop()
	for s.ctx.Err() == nil {
		z := 15 + random.IntN(3)
		px, py := soakX+random.Float64()*(2*soakSide+500), soakY+random.Float64()*soakSide
		x, y := tileAt(z, px, py)
		tile, err := s.fetch(server, z, x, y)
		if err == nil {
			err = s.check(tile)
		}
		if err != nil && s.ctx.Err() == nil {
			s.Error(err)
			return
		}
		<-pace.C
	}
}

func (s *soak) report() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(s.counts)) {
		s.Logf("%8d %s", s.counts[what], what)
	}
	slices.Sort(s.waits)
	if n := len(s.waits); n > 0 {
		at := func(share float64) time.Duration { return s.waits[int(share*float64(n-1))].Round(time.Millisecond) }
		s.Logf("from the commit of an edit to the first tile that shows it, %d times: p50 %v, p95 %v, p99 %v, at most %v", n, at(0.5), at(0.95), at(0.99), at(1))
	}
	for _, what := range []string{"edits by the form API", "edits by OGC API Features", "edits by SQL", "edits by import", "tiles compared"} {
		if s.counts[what] == 0 {
			s.Errorf("no %s", what)
		}
	}
	if s.counts["stale tiles"] > 0 || s.counts["different features"] > 0 {
		s.Errorf("tiles were not what PostGIS makes of what was there at most %v before", postgis.Lag)
	}
}
