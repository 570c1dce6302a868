package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"text/template"
	"time"

	"github.com/paulmach/orb/maptile"
)

// subject is a server of tiles.
type subject struct {
	name string
	// start begins it on a port of the loopback, with files in dir.
	command func(t *served, dir string, port int) (*exec.Cmd, error)
	// path is where a tile is.
	path string
	// ready answers 200 when it serves as fast as it will.
	ready string
	held  bool // it is to encode from memory
}

const (
	heldMemory = "ARPENT_TILE_MEMORY=4096"
	noMemory   = "ARPENT_TILE_MEMORY=0"
)

func subjects(o options) map[string]subject {
	arpent := func(memory string) func(*served, string, int) (*exec.Cmd, error) {
		return func(t *served, dir string, port int) (*exec.Cmd, error) {
			c := exec.Command(o.Arpent, "serve")
			c.Env = append(os.Environ(), "ARPENT_DATABASE_URL="+t.url, "ARPENT_DATA="+dir, fmt.Sprintf("ARPENT_LISTEN=127.0.0.1:%d", port), memory)
			return c, nil
		}
	}
	tegola := func(cache bool) func(*served, string, int) (*exec.Cmd, error) {
		return func(t *served, dir string, port int) (*exec.Cmd, error) {
			config := filepath.Join(dir, "tegola.toml")
			err := write(config, tegolaConfig, map[string]any{"Port": port, "URL": withHost(t.url), "Cache": cache, "Dir": filepath.Join(dir, "cache")})
			return exec.Command(o.Tegola, "serve", "--config", config), err
		}
	}
	return map[string]subject{
		"arpent":       {"Arpent, held in memory", arpent(heldMemory), "/tiles/land.parcels/%d/%d/%d.mvt", "/readyz", true},
		"rows":         {"Arpent, rows from PostGIS", arpent(noMemory), "/tiles/land.parcels/%d/%d/%d.mvt", "/readyz", false},
		"tegola":       {"tegola v0.21.2", tegola(false), "/maps/town/%d/%d/%d.pbf", "/capabilities", false},
		"tegola files": {"tegola v0.21.2, file cache", tegola(true), "/maps/town/%d/%d/%d.pbf", "/capabilities", false},
		"asmvt": {"ST_AsMVT, prepared", func(t *served, _ string, port int) (*exec.Cmd, error) {
			self, err := os.Executable()
			return exec.Command(self, "asmvt", t.url, fmt.Sprintf("127.0.0.1:%d", port)), err
		}, "/%d/%d/%d.mvt", "/", false},
		"bare": {"net/http, bytes from memory", func(t *served, dir string, port int) (*exec.Cmd, error) {
			self, err := os.Executable()
			return exec.Command(self, "bare", filepath.Join(filepath.Dir(dir), "files"), fmt.Sprintf("127.0.0.1:%d", port)), err
		}, "/%d/%d/%d.mvt", "/", false},
		"nginx": {"nginx, files", func(_ *served, dir string, port int) (*exec.Cmd, error) {
			config := filepath.Join(dir, "nginx.conf")
			err := write(config, nginxConfig, map[string]any{"Port": port, "Dir": dir})
			return exec.Command("nginx", "-p", dir, "-c", config), err
		}, "/%d/%d/%d.mvt", "/", false},
	}
}

var tegolaConfig = `
[webserver]
port = "127.0.0.1:{{.Port}}"
{{if .Cache}}
[cache]
type = "file"
basepath = "{{.Dir}}"
{{end}}
[[providers]]
name = "town"
type = "postgis"
uri = "{{.URL}}"
srid = 3857
  [[providers.layers]]
  name = "parcels"
  geometry_type = "MultiPolygon"
  id_fieldname = "gid"
  sql = "SELECT gid, ST_AsBinary(geom) AS geom, id, section, number, registered_area FROM bench_parcels WHERE geom && !BBOX!"
[[maps]]
name = "town"
  [[maps.layers]]
  provider_layer = "town.parcels"
  min_zoom = 13
  max_zoom = 18
  dont_simplify = true
`

// nginxConfig sends stored gzip as it is to those who take it, as the others do.
var nginxConfig = `
daemon off;
worker_processes 2;
pid {{.Dir}}/nginx.pid;
error_log {{.Dir}}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=10000;
  types { application/vnd.mapbox-vector-tile mvt; }
  client_body_temp_path {{.Dir}}; proxy_temp_path {{.Dir}}; fastcgi_temp_path {{.Dir}}; uwsgi_temp_path {{.Dir}}; scgi_temp_path {{.Dir}};
  server {
    listen 127.0.0.1:{{.Port}};
    location = / { return 200; }
    location / { root {{.Dir}}/files; add_header Content-Encoding gzip; }
  }
}
`

func write(path, text string, values map[string]any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(template.Must(template.New("").Parse(text)).Execute(f, values), f.Close())
}

// withHost is the address of a database for tegola, which wants to read a host
// and a port; the socket in its parameters is what counts.
func withHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // it is ours
	}
	u.Host = "localhost:5432"
	q := u.Query()
	q.Set("pool_max_conns", "4") // as the others have
	q.Set("sslmode", "disable")
	u.RawQuery = q.Encode()
	return u.String()
}

// running is a subject at work.
type running struct {
	subject
	process *exec.Cmd
	base    string
	gone    chan error
}

// begin starts a subject and waits until it is ready.
func begin(ctx context.Context, s subject, t *served, dir string) (*running, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd, err := s.command(t, dir, port)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	deadline, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	r := &running{s, cmd, fmt.Sprintf("http://127.0.0.1:%d", port), gone}
	for {
		if answer, err := http.Get(r.base + s.ready); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode < 400 {
				return r, r.hold(deadline, t)
			}
		}
		select {
		case err := <-gone:
			text, _ := os.ReadFile(log.Name())
			return nil, fmt.Errorf("%s did not start: %w: %s", s.name, err, text)
		case <-deadline.Done():
			return nil, errors.Join(fmt.Errorf("%s did not start: see %s", s.name, log.Name()), r.end())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// hold asks for tiles that nobody will ask for again until one is encoded from
// memory, where the server is to hold the town.
func (r *running) hold(ctx context.Context, t *served) error {
	if !r.held {
		return nil
	}
	at := maptile.At(t.center, 18)
	for ; ; at.X++ {
		_, header, err := get(ctx, http.DefaultClient, r.base+r.at(at), false)
		if err != nil || strings.Contains(header.Get("Server-Timing"), "memory") {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not hold the town: %w", r.name, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// end stops it.
func (r *running) end() error {
	if err := r.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-r.gone
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil // it was told to
	}
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
