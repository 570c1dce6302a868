package basemaps

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

//go:embed maps.yaml
var shipped []byte

// Service knows the base maps.
type Service struct {
	pool *pgxpool.Pool
	path string
	log  *slog.Logger

	mu     sync.Mutex // guards what follows
	seen   stamp      // of the file that was read last
	config *Config    // that of the last file that was right
	fault  string     // of the file as it is; "" for none
}

// stamp tells whether a file changed.
type stamp struct {
	changed time.Time
	size    int64
}

// Open knows the base maps of the file, which it makes with those of the
// country, switched off, where there is none.
func Open(pool *pgxpool.Pool, path string, log *slog.Logger) (*Service, error) {
	s := &Service{pool: pool, path: path, log: log, config: &Config{Default: Own}}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	_, err = f.Write(shipped)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	return s, nil
}

// Config is what the file says now and what is wrong with it, "" for nothing.
// While it is wrong what it said before holds. A file that was taken away says
// nothing.
func (s *Service) Config() (*Config, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var now stamp
	info, err := os.Stat(s.path)
	if err == nil {
		now = stamp{info.ModTime(), info.Size()}
	}
	if now == s.seen && err == nil {
		return s.config, s.fault
	}
	data, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.seen, s.config, s.fault = stamp{}, &Config{Default: Own}, ""
		return s.config, ""
	}
	var read *Config
	if err == nil {
		read, err = ReadFile(filepath.Base(s.path), data)
	}
	if err != nil {
		if s.fault != err.Error() {
			s.log.Error("the base maps stay as they are until their file is mended", "fault", err, "file", s.path)
		}
		s.seen, s.fault = now, err.Error()
		return s.config, s.fault
	}
	s.seen, s.config, s.fault = now, read, ""
	return s.config, ""
}

// PrivateHosts are those at which external services may be, though their
// addresses are private, in lower case.
func (s *Service) PrivateHosts() []string {
	config, _ := s.Config()
	hosts := make([]string, len(config.PrivateHosts))
	for i, h := range config.PrivateHosts {
		hosts[i] = strings.ToLower(h)
	}
	return hosts
}

// Choice is a base map with who decided whether people may choose it.
type Choice struct {
	BaseMap
	InFile bool // what the file says of it
	Chosen bool // an administrator decided; else the file
}

// All are the base maps, those that are off too, for administrators of the
// server; and what is wrong with the file.
func (s *Service) All(ctx context.Context) ([]Choice, string, error) {
	config, fault := s.Config()
	rows, err := s.pool.Query(ctx, `select basemap, enabled from arpent.basemap_choice`)
	if err != nil {
		return nil, "", fmt.Errorf("reading which base maps are on: %w", err)
	}
	decided := map[string]bool{}
	var id string
	var on bool
	if _, err := pgx.ForEachRow(rows, []any{&id, &on}, func() error { decided[id] = on; return nil }); err != nil {
		return nil, "", fmt.Errorf("reading which base maps are on: %w", err)
	}
	all := []Choice{}
	for _, b := range config.Maps {
		c := Choice{BaseMap: b, InFile: b.Enabled}
		if on, ok := decided[b.ID]; ok {
			c.Chosen, c.Enabled = true, on
		}
		all = append(all, c)
	}
	return all, fault, nil
}

// Enabled are the base maps that people may choose, and which of them, or Own,
// is there when the page opens.
func (s *Service) Enabled(ctx context.Context) ([]BaseMap, string, error) {
	all, _, err := s.All(ctx)
	if err != nil {
		return nil, "", err
	}
	config, _ := s.Config()
	first, on := Own, []BaseMap{}
	for _, c := range all {
		if !c.Enabled {
			continue
		}
		on = append(on, c.BaseMap)
		if c.ID == config.Default {
			first = c.ID
		}
	}
	return on, first, nil
}

// Hosts are those from which the page fetches the base maps that are on, as a
// content security policy names them.
func (s *Service) Hosts(ctx context.Context) ([]string, error) {
	on, _, err := s.Enabled(ctx)
	if err != nil {
		return nil, err
	}
	var hosts []string
	for _, b := range on {
		hosts = append(hosts, b.Host())
	}
	slices.Sort(hosts)
	return slices.Compact(hosts), nil
}

// Enable decides in the place of the file whether people may choose a base map;
// nil leaves it to the file again. Only administrators of the server may.
func (s *Service) Enable(ctx context.Context, v layers.Viewer, id string, on *bool) error {
	if !v.Admin {
		return layers.Errorf(layers.Forbidden, "only administrators of the whole server switch base maps on and off")
	}
	config, _ := s.Config()
	if !slices.ContainsFunc(config.Maps, func(b BaseMap) bool { return b.ID == id }) {
		return layers.Errorf(layers.NotFound, "there is no base map %s", id)
	}
	statement, args := `delete from arpent.basemap_choice where basemap = $1`, []any{id}
	if on != nil {
		statement, args = `insert into arpent.basemap_choice (basemap, enabled) values ($1, $2)
			on conflict (basemap) do update set enabled = excluded.enabled`, []any{id, *on}
	}
	if _, err := s.pool.Exec(ctx, statement, args...); err != nil {
		return fmt.Errorf("switching a base map: %w", err)
	}
	return nil
}
