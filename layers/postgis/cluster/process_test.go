package cluster_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"arpent/layers/postgis/cluster"
)

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func TestPostgreSQLThatIsKilledIsStartedAgain(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	execute(t, c.URL(), `create table kept as select 1 as n`)
	killed := postmaster(t, dir)
	kill(t, killed)
	waitUntil(t, "the cluster answers again", func() bool {
		n, err := ask[int](c.URL(), `select n from kept`)
		return err == nil && n == 1 && postmaster(t, dir) != killed
	})
}

// A session that computes does not notice that its postmaster is dead, and
// holds the memory that the next one needs.
func TestALongQueryDoesNotHoldUpTheNextPostgreSQL(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	session, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := session.Exec(context.Background(), `select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b`)
		ended <- err
	}()
	waitUntil(t, "the query runs", func() bool {
		return query[bool](t, c.AdminURL(), `select exists (select from pg_stat_activity where state = 'active' and query like '%generate_series%' and pid <> pg_backend_pid())`)
	})
	kill(t, postmaster(t, dir))
	waitUntil(t, "the cluster answers again", func() bool {
		_, err := ask[int](c.URL(), `select 1`)
		return err == nil
	})
	if err := <-ended; err == nil {
		t.Error("the query ended as if nothing had happened")
	}
}

// After a machine crash the number in postmaster.pid may be anybody's.
func TestAProcessNumberThatIsAStrangersNowIsNoObstacle(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir)
	pidFile := filepath.Join(dir, "postgres", "data", "postmaster.pid")
	content, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	// One of another account would not do: PostgreSQL knows it for a stranger.
	stranger := exec.Command("sleep", "600")
	account := info.Sys().(*syscall.Stat_t)
	if os.Getuid() == 0 {
		stranger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: account.Uid, Gid: account.Gid}}
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		kill(t, stranger.Process.Pid)
		_ = stranger.Wait()
	}()
	_, rest, _ := strings.Cut(string(content), "\n")
	for name, content := range map[string]string{
		"a stranger's": fmt.Sprintf("%d\n%s", stranger.Process.Pid, rest),
		"empty":        "",
	} {
		if err := os.WriteFile(pidFile, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(pidFile, int(account.Uid), int(account.Gid)); err != nil {
			t.Fatal(err)
		}
		if err := open(t, dir).Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAStartThatIsBrokenOffLeavesNothingRunning(t *testing.T) {
	dir := t.TempDir()
	for _, when := range []string{
		filepath.Join(dir, "postgres", "data.making", "base"),    // initdb is at work
		filepath.Join(dir, "postgres", "data", "postmaster.pid"), // PostgreSQL starts
	} {
		ctx, cancel := context.WithCancel(t.Context())
		opened := make(chan error, 1)
		go func() {
			_, err := cluster.Open(ctx, dir, quiet)
			opened <- err
		}()
		waitUntil(t, when+" exists", func() bool {
			_, err := os.Stat(when)
			return err == nil
		})
		cancel()
		if err := <-opened; err == nil {
			t.Errorf("%s: it opened all the same", when)
		}
		if cluster.Running(t.Context(), dir) {
			t.Errorf("%s: it runs", when)
		}
		if _, err := os.Stat(filepath.Join(dir, "postgres", "data", "postmaster.pid")); err == nil {
			t.Errorf("%s: a postmaster is left", when)
		}
	}
	c := open(t, dir)
	if got := query[int](t, c.URL(), `select 1`); got != 1 {
		t.Error("no answer")
	}
}

func BenchmarkStartAndStop(b *testing.B) {
	dir := made(b)
	for b.Loop() {
		if err := open(b, dir).Close(); err != nil {
			b.Fatal(err)
		}
	}
}
