package cluster_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers/postgis/cluster"
)

// TestMain lets the test binary stand in for a server that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CLUSTER_TEST_OWNER"); dir != "" {
		c, err := cluster.Open(context.Background(), dir, quiet)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("running")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test lets go
		_ = c.Close()
		return
	}
	os.Exit(m.Run())
}

var quiet = slog.New(slog.DiscardHandler)

func open(t *testing.T, dir string) *cluster.Cluster {
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
	if _, err := ask[int](c.URL(), `create table kept as select 42 as n`); err != nil && err != pgx.ErrNoRows {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if cluster.Running(t.Context(), dir) {
		t.Error("it runs after it was closed")
	}
	began := time.Now()
	again := open(t, dir)
	t.Logf("second start took %v", time.Since(began))
	if got := query[int](t, again.URL(), `select n from kept`); got != 42 {
		t.Errorf("kept %d", got)
	}
	if url, err := cluster.URL(dir); err != nil || url != again.URL() {
		t.Errorf("URL is %s (%v), want %s", url, err, again.URL())
	}
}

func TestPostgreSQLThatIsKilledIsStartedAgain(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	if _, err := ask[int](c.URL(), `create table kept as select 1 as n`); err != nil && err != pgx.ErrNoRows {
		t.Fatal(err)
	}
	killed := postmaster(t, dir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the cluster answers again", func() bool {
		n, err := ask[int](c.URL(), `select n from kept`)
		return err == nil && n == 1 && postmaster(t, dir) != killed
	})
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

// owner runs another process that owns the cluster under dir.
func owner(t *testing.T, dir string) (cmd *exec.Cmd, release io.Closer) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CLUSTER_TEST_OWNER="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(stdout).ReadString('\n'); line != "running\n" {
		t.Fatalf("the owner says %q", line)
	}
	return cmd, stdin
}

func TestAClusterWhoseOwnerWasKilledIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	other, _ := owner(t, dir)
	before := postmaster(t, dir)
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	c := open(t, dir)
	if after := postmaster(t, dir); after != before {
		t.Errorf("process %d was replaced by %d", before, after)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if cluster.Running(t.Context(), dir) {
		t.Error("who took it over did not stop it")
	}
}

func TestWhoOnlyUsesAClusterDoesNotStopIt(t *testing.T) {
	dir := t.TempDir()
	other, release := owner(t, dir)
	guest := open(t, dir)
	if err := guest.Close(); err != nil {
		t.Fatal(err)
	}
	if !cluster.Running(t.Context(), dir) {
		t.Error("the guest stopped it")
	}
	_ = release.Close()
	_ = other.Wait()
	if cluster.Running(t.Context(), dir) {
		t.Error("the owner did not stop it")
	}
}

func TestAFolderOfAnotherVersionIsRefused(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "postgres", "data")
	c, err := cluster.Open(t.Context(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = cluster.Open(t.Context(), dir, quiet)
	if err == nil || !strings.Contains(err.Error(), "was made by PostgreSQL 9, but") {
		t.Errorf("error is %v", err)
	}
}

func TestLongAndClosedPathsServeToo(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "closed")
	dir := filepath.Join(parent, strings.Repeat("long", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir)
	if got := query[int](t, c.URL(), `select 1`); got != 1 {
		t.Error("no answer")
	}
	if info, err := os.Stat(parent); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder above became %v (%v)", info.Mode(), err)
	}
}

func TestTwoServersDoNotShareAFolder(t *testing.T) {
	dir := t.TempDir()
	release, err := cluster.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cluster.Lock(dir); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("error is %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = cluster.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_ = release()
}
