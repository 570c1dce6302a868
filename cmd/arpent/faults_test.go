package main_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"arpent/layers/postgis"
)

// status asks for a path, and answers 0 where nobody does.
func (i installation) status(path string) (int, string) {
	response, err := http.Get("http://" + i.listen + path)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(body)
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for began := time.Now(); !so(); {
		if time.Since(began) > time.Minute {
			t.Fatalf("it does not come that %s", what)
		}
	}
}

// While the database is dead, whoever looks is told so, or gets what is still
// true; when it is back, nobody is served what it was before.
func TestTheDatabaseIsKilledAndComesBack(t *testing.T) {
	i := newInstallation(t)
	server, _ := i.serve()
	i.psql(`create schema soak; create table soak.things (id text primary key, version integer not null, geom geometry(Polygon, 3857) not null);
		insert into soak.things values ('t', 0, ST_MakeEnvelope(160000, 5404000, 160100, 5404100, 3857))`)
	if err := os.WriteFile(filepath.Join(i.answer("layer", "dir"), "things.yaml"), []byte(soakFile), 0o600); err != nil {
		t.Fatal(err)
	}
	x, y := tileAt(17, 160050, 5404050)
	path := fmt.Sprintf("/tiles/soak.things/17/%d/%d.mvt", x, y)
	i.served(path, "version")
	s := &soak{T: t}
	version := func(body string) int64 { return s.features([]byte(body))["t"].version }

	stop := make(chan struct{})
	var busy sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	for range 4 {
		busy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				code, body := i.status(path)
				mu.Lock()
				answers[code]++
				mu.Unlock()
				if code != 200 && code != 503 {
					t.Errorf("while the database is dead a tile is answered with %d: %s", code, body)
					return
				}
			}
		})
	}
	for round := int64(1); round <= 2; round++ {
		file, err := os.ReadFile(filepath.Join(i.data, "postgres", "data", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(string(file), "\n")
		pid, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "PostgreSQL is started again", func() bool {
			again, err := os.ReadFile(filepath.Join(i.data, "postgres", "data", "postmaster.pid"))
			return err == nil && !strings.HasPrefix(string(again), line+"\n") && strings.Contains(string(again), "ready")
		})
		i.psql(fmt.Sprintf(`update soak.things set version = %d`, round))
		committed := time.Now()
		eventually(t, "the tile shows the change", func() bool {
			asked := time.Now()
			code, body := i.status(path)
			if code == 200 && version(body) != round && asked.Sub(committed) > postgis.Lag {
				t.Fatalf("round %d: %v after a change the tile shows version %d", round, asked.Sub(committed), version(body))
			}
			return code == 200 && version(body) == round
		})
		eventually(t, "the server is ready", func() bool { code, _ := i.status("/readyz"); return code == 200 })
	}
	close(stop)
	busy.Wait()
	t.Logf("answers by status: %v", answers)
	i.stop(server)
	if !strings.Contains(i.log.String(), "change feed interrupted") || !strings.Contains(i.log.String(), "change feed has caught up") {
		t.Error("the log does not say that the feed was interrupted and has caught up")
	}
}

// A server that is killed while it makes and shares tiles leaves no wrong one where
// others look, nor where it looks itself when it is back.
func TestAServerIsKilledUnderLoad(t *testing.T) {
	s, cancel := startSoak(t, 3)
	var busy sync.WaitGroup
	busy.Go(func() { s.editing("SQL", 4, s.servers[1:], s.bySQL) })
	busy.Go(func() { s.reading(s.servers[1], 5) })
	random := rand.New(rand.NewPCG(3, 0))
	look := func(server string) {
		t.Helper()
		z := 15 + random.IntN(3)
		x, y := tileAt(z, soakX+random.Float64()*soakSide, soakY+random.Float64()*soakSide)
		tile, err := s.fetch(server, z, x, y)
		if err == nil {
			err = s.check(tile)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		var looking sync.WaitGroup
		for range 3 { // who makes it share tiles when it dies
			looking.Go(func() {
				for n := 0; ; n++ {
					x, y := tileAt(17, soakX+float64(n*37%soakSide), soakY+float64(n*53%soakSide))
					if _, err := s.fetch(s.servers[0], 17, x, y); err != nil {
						return
					}
				}
			})
		}
		for range 30 {
			look(s.servers[0])
		}
		if err := s.running[0].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = s.running[0].Wait()
		looking.Wait()
		for range 30 {
			look(s.servers[1])
		}
		s.running[0], _ = s.installs[0].serve()
		for range 60 {
			look(s.servers[0])
		}
	}
	cancel()
	busy.Wait()
	if s.counts["stale tiles"]+s.counts["different features"] > 0 {
		t.Error("tiles are wrong")
	}
	t.Logf("%d tiles compared, %d edits", s.counts["tiles compared"], s.counts["edits by SQL"])
}
