package main_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"arpent/layers/postgis/cluster"
)

// TestADatabaseOfOnesOwnIsServedAsTheREADMESays runs what the README tells a
// superuser to do once, on a PostgreSQL that knows nothing of Arpent, and then
// the server on it with a role that has no rights but these.
func TestADatabaseOfOnesOwnIsServedAsTheREADMESays(t *testing.T) {
	ctx := context.Background()
	server, err := cluster.Open(ctx, t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	psql := func(url, sql string) string {
		t.Helper()
		cmd := exec.Command("psql", url, "-XqAt", "-v", "ON_ERROR_STOP=1")
		cmd.Stdin = strings.NewReader(sql)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("psql: %v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	psql(server.AdminURL(), `drop database arpent; drop role if exists arpent, arpent_app, arpent_public, arpent_personal;`)
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "## Your own PostGIS")
	_, rest, ok := strings.Cut(rest, "```sql\n")
	once, _, closed := strings.Cut(rest, "```")
	if !found || !ok || !closed {
		t.Fatal("README.md does not say what a superuser must do once")
	}
	psql(server.AdminURL(), once)

	i := newInstallation(t)
	serve := exec.Command(program, "serve", "--demo")
	serve.Env = append(os.Environ(), "ARPENT_DATA="+i.data, "ARPENT_LISTEN="+i.listen, "ARPENT_DATABASE_URL="+server.URL())
	serve.Stderr = io.Discard
	i.until(serve)
	i.served("/api/layers/land.parcels/features?limit=1", `"features":[{`)
	if got := psql(server.URL(), `select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user`); got != "f" {
		t.Errorf("the role of the server has too many rights: %s", got)
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Error(err)
	}
}
