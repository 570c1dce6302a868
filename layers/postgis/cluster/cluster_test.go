package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers/postgis/cluster"
)

// TestMain lets the test binary stand in for another process that uses the
// cluster.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CLUSTER_TEST_USER"); dir != "" {
		c, err := cluster.Open(context.Background(), dir, quiet)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("running")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test lets go
		if err := c.Close(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

var quiet = slog.New(slog.DiscardHandler)

func open(t testing.TB, dir string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Open(t.Context(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func query[T any](t *testing.T, url, sql string) T {
	t.Helper()
	value, err := ask[T](url, sql)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func ask[T any](url, sql string) (value T, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return value, err
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, sql).Scan(&value)
	return value, err
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// waitUntil tries again until the condition holds; each try asks a program
// that itself takes its time.
func waitUntil(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute until %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	if _, err := ask[int](url, sql); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
}

// made is a data folder with a cluster that is stopped.
func made(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAClusterKeepsItsDataFromOneOpeningToTheNext(t *testing.T) {
	dir := t.TempDir()
	c, err := cluster.Open(t.Context(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if query[bool](t, c.URL(), `select rolsuper from pg_roles where rolname = current_user`) {
		t.Error("the server's role is a superuser")
	}
	if got := query[string](t, c.URL(), `select postgis_lib_version()`); !strings.HasPrefix(got, "3.") {
		t.Errorf("PostGIS is %s", got)
	}
	execute(t, c.URL(), `create table kept as select 42 as n`)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if cluster.Running(t.Context(), dir) {
		t.Error("it runs after it was closed")
	}
	again := open(t, dir)
	if got := query[int](t, again.URL(), `select n from kept`); got != 42 {
		t.Errorf("kept %d", got)
	}
	if url, err := cluster.URL(dir); err != nil || url != again.URL() {
		t.Errorf("URL is %s (%v), want %s", url, err, again.URL())
	}
}

func TestAFolderOfAnotherVersionIsRefused(t *testing.T) {
	dir := made(t)
	if err := os.WriteFile(filepath.Join(dir, "postgres", "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Open(t.Context(), dir, quiet)
	if err == nil || !strings.Contains(err.Error(), "was made by PostgreSQL 9, but") {
		t.Errorf("error is %v", err)
	}
}

func TestAWrongSettingIsSaidAtOnce(t *testing.T) {
	dir := made(t)
	settings, err := os.OpenFile(filepath.Join(dir, "postgres", "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := settings.WriteString("shared_buffers = plenty\n"); err != nil {
		t.Fatal(err)
	}
	if err := settings.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err = cluster.Open(ctx, dir, quiet)
	if err == nil || !strings.Contains(err.Error(), "postgresql.conf\" contains errors") || !strings.Contains(err.Error(), filepath.Join(dir, "postgres", "log")) {
		t.Errorf("error is %v", err)
	}
}

func TestEveryProgramTakesTheURL(t *testing.T) {
	t.Setenv("PGPORT", "1") // which none of them may mind
	t.Setenv("PGDATABASE", "another")
	url := open(t, t.TempDir()).URL()
	execute(t, url, `create table points as select 7 as n, ST_SetSRID(ST_MakePoint(1, 2), 4326) as geom`)
	for program, args := range map[string][]string{
		"psql":    {"-XAt", "-c", "select count(*) from points", url},
		"ogrinfo": {"-so", "PG:" + url, "points"},
	} {
		if out, err := exec.Command(program, args...).CombinedOutput(); err != nil || !strings.Contains(string(out), "1") {
			t.Errorf("%s: %v: %s", program, err, out)
		}
	}
}

// A policy that PostgreSQL evaluates first would else make a scan of all rows.
func TestRowLevelSecurityLeavesTheSpatialIndexInUse(t *testing.T) {
	c := open(t, t.TempDir())
	url, err := c.CreateDatabase(t.Context(), "secured")
	if err != nil {
		t.Fatal(err)
	}
	execute(t, url, `create table points as select n, 'arpent_app'::text as reader, ST_MakePoint(n % 100, n / 100) as geom from generate_series(1, 10000) n`)
	execute(t, url, `create index on points using gist (geom)`)
	execute(t, url, `alter table points enable row level security`)
	execute(t, url, `create policy readers on points to arpent_app using (reader like current_user)`)
	execute(t, url, `grant select on points to arpent_app`)
	execute(t, url, `analyze points`)
	plan := query[[]byte](t, url+"&options=-c%20role%3Darpent_app", `explain (format json) select n from points where geom && ST_MakeEnvelope(0, 0, 1, 1)`)
	if !strings.Contains(string(plan), "points_geom_idx") {
		t.Errorf("the plan is %s", plan)
	}
	if err := c.DropDatabase(t.Context(), "secured"); err != nil {
		t.Error(err)
	}
}
