// Package postgistest gives tests a real PostGIS: one private cluster for
// each test process, one migrated database for each test.
package postgistest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/cluster"
	"arpent/migrations"
)

var (
	server  *cluster.Cluster
	folder  string
	once    sync.Once
	failed  error
	counter atomic.Int64
)

// Main runs the tests of a package, stops the cluster that they used and ends
// the program. A package with database tests calls it from TestMain.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is Main for a package that has more to put away; it returns the code to
// end with.
func Run(m *testing.M) int {
	code := m.Run()
	if server != nil {
		if err := server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "stopping the test cluster:", err)
			code = 1
		}
	}
	if folder != "" {
		_ = os.RemoveAll(folder)
	}
	return code
}

// New returns a pool on a migrated, empty database of the test's own.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	once.Do(start)
	if failed != nil {
		t.Fatalf("starting PostGIS for tests: %v", failed)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	name := fmt.Sprintf("test_%d", counter.Add(1))
	url, err := server.CopyDatabase(ctx, name, template)
	if err != nil {
		t.Fatalf("creating database %s: %v", name, err)
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatalf("address of %s: %v", name, err)
	}
	config.MaxConns = 10
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatalf("connecting to %s: %v", name, err)
	}
	t.Cleanup(func() {
		pool.Close()
		if err := server.DropDatabase(context.Background(), name); err != nil {
			t.Errorf("dropping database %s: %v", name, err)
		}
	})
	return pool
}

// Service returns a service over the layers, whose feed runs until the test ends.
func Service(t testing.TB, pool *pgxpool.Pool, all ...*layers.Layer) (*layers.Service, *postgis.Store, *postgis.Feed) {
	t.Helper()
	store := postgis.NewStore(pool)
	catalog, err := store.Load(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	feed := postgis.NewFeed(pool, slog.New(slog.DiscardHandler))
	if err := feed.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = feed.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-stopped
	})
	return layers.NewService(catalog, store, feed.Sync), store, feed
}

// template is the migrated database that each test gets a copy of.
const template = "migrated"

func start() {
	if folder, failed = os.MkdirTemp("", "arpent-test-"); failed != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	server, failed = cluster.Open(ctx, folder, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if failed == nil {
		failed = migrate(ctx)
	}
}

func migrate(ctx context.Context) error {
	url, err := server.CreateDatabase(ctx, template)
	if err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = migrations.Up(ctx, pool, slog.New(slog.DiscardHandler))
	return err
}
