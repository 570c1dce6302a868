package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb/maptile"
)

// figures are what a replay took.
type figures struct {
	rate          float64 // tiles a second
	p50, p95, p99 time.Duration
	bytes         int64 // on the wire, without headers
	cpu           float64
	postgres      float64
	peak          int64
}

// client asks for bytes as they are stored and keeps its connections.
func client(clients int) *http.Client {
	return &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: clients}}
}

// get asks for a tile; the body is as it came.
func get(ctx context.Context, c *http.Client, url string, packed bool) ([]byte, http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, nil, err
	}
	if packed {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	answer, err := c.Do(r)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(answer.Body)
	err = errors.Join(err, answer.Body.Close())
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNoContent {
		err = errors.Join(err, fmt.Errorf("%s answers %d: %.200s", url, answer.StatusCode, body))
	}
	return body, answer.Header, err
}

// once asks for each tile once, as many at a time as there are clients.
func once(ctx context.Context, r *running, tiles []maptile.Tile, clients int, packed bool, postgres int) (figures, error) {
	c := client(clients)
	before, database := costOf(r.process.Process.Pid), costOf(postgres)
	took := make([]time.Duration, len(tiles))
	var next, bytes atomic.Int64
	var failed error
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(tiles); i = next.Add(1) - 1 {
				asked := time.Now()
				body, _, err := get(ctx, c, r.base+r.at(tiles[i]), packed)
				took[i] = time.Since(asked)
				bytes.Add(int64(len(body)))
				if err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	all.Wait()
	if failed != nil {
		return figures{}, failed
	}
	seconds := time.Since(began).Seconds()
	slices.Sort(took)
	at := func(share float64) time.Duration { return took[int(share*float64(len(took)-1))] }
	after := costOf(r.process.Process.Pid)
	return figures{
		rate: float64(len(tiles)) / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), bytes: bytes.Load(),
		cpu: after.cpu - before.cpu, postgres: costOf(postgres).cpu - database.cpu, peak: after.peak,
	}, nil
}

// again has wrk ask for tiles in the order of a list, over and over, and with
// what is known of each already when tags are given: a client in Go would be
// measured instead of the server.
func again(ctx context.Context, r *running, tiles []maptile.Tile, o options, dir string, tags map[maptile.Tile]string) (figures, error) {
	var list strings.Builder
	for _, t := range tiles {
		fmt.Fprintf(&list, "%s\t%s\n", r.at(t), tags[t])
	}
	paths, script := filepath.Join(dir, "paths"), filepath.Join(dir, "wrk.lua")
	if err := errors.Join(os.WriteFile(paths, []byte(list.String()), 0o644), os.WriteFile(script, fmt.Appendf(nil, wrkScript, paths), 0o644)); err != nil {
		return figures{}, err
	}
	before := costOf(r.process.Process.Pid)
	out, err := exec.CommandContext(ctx, "wrk", "-t1", fmt.Sprintf("-c%d", o.Clients), fmt.Sprintf("-d%ds", o.Seconds), "--latency", "-s", script, r.base).CombinedOutput()
	if err != nil {
		return figures{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	after := costOf(r.process.Process.Pid)
	f := figures{cpu: after.cpu - before.cpu, peak: after.peak}
	said := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^\s*(50%|95%|99%|rate|bytes|wrong)\s+(\S+)$`).FindAllStringSubmatch(string(out), -1) {
		said[line[1]] = line[2]
	}
	if said["wrong"] != "0" {
		return figures{}, fmt.Errorf("wrk was answered wrongly: %s", out)
	}
	f.rate, _ = strconv.ParseFloat(said["rate"], 64)
	f.bytes, _ = strconv.ParseInt(said["bytes"], 10, 64)
	for share, to := range map[string]*time.Duration{"50%": &f.p50, "95%": &f.p95, "99%": &f.p99} {
		us, _ := strconv.ParseFloat(said[share], 64)
		*to = time.Duration(us * float64(time.Microsecond))
	}
	return f, nil
}

// wrkScript asks for what the list says and prints figures that a program can read.
const wrkScript = `
local requests, i = {}, 0
function init() -- the host is known from here on
  for line in io.lines(%q) do
    local path, tag = line:match("([^\t]*)\t(.*)")
    local headers = {Host = wrk.host .. ":" .. wrk.port, ["Accept-Encoding"] = "gzip"}
    if tag ~= "" then headers["If-None-Match"] = tag end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end
function request()
  i = i %% #requests + 1
  return requests[i]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("50%%%% %%f\n95%%%% %%f\n99%%%% %%f\nrate %%f\nbytes %%d\nwrong %%d\n",
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    summary.requests / summary.duration * 1e6, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout))
end
`

func unpacked(body []byte, h http.Header) ([]byte, error) {
	if h.Get("Content-Encoding") != "gzip" {
		return body, nil
	}
	r, err := gzip.NewReader(strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
