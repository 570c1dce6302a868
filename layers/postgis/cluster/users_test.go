package cluster_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"arpent/layers/postgis/cluster"
)

// user runs another process that uses the cluster under dir.
func user(t *testing.T, dir string) (cmd *exec.Cmd, release io.Closer) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	release, said := startUser(t, cmd, dir)
	if said != "running\n" {
		t.Fatalf("the other process says %q", said)
	}
	return cmd, release
}

// startUser starts the command as another process that uses the cluster and
// returns the first line it says.
func startUser(t *testing.T, cmd *exec.Cmd, dir string) (release io.Closer, said string) {
	t.Helper()
	cmd.Env = append(os.Environ(), "CLUSTER_TEST_USER="+dir)
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
	said, _ = bufio.NewReader(stdout).ReadString('\n')
	return stdin, said
}

func TestAClusterWhoseOwnerWasKilledIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	other, _ := user(t, dir)
	before := postmaster(t, dir)
	kill(t, other.Process.Pid)
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

// As when a server is already started while a command that started the
// cluster still runs.
func TestAClusterOutlivesItsOwnerWhileAnotherUsesIt(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *exec.Cmd, io.Closer){
		"the owner ends":      func(_ *testing.T, _ *exec.Cmd, release io.Closer) { _ = release.Close() },
		"the owner is killed": func(t *testing.T, owner *exec.Cmd, _ io.Closer) { kill(t, owner.Process.Pid) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			other, release := user(t, dir)
			c := open(t, dir)
			before := postmaster(t, dir)
			end(t, other, release)
			_ = other.Wait()
			if _, err := ask[int](c.URL(), `select 1`); err != nil || postmaster(t, dir) != before {
				t.Errorf("PostgreSQL ended with its owner: %v", err)
			}
			kill(t, before)
			waitUntil(t, "the new owner starts PostgreSQL again", func() bool {
				_, err := ask[int](c.URL(), `select 1`)
				return err == nil
			})
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if cluster.Running(t.Context(), dir) {
				t.Error("the last user did not stop it")
			}
		})
	}
}

func TestWhoIsNotTheLastUserDoesNotStopTheCluster(t *testing.T) {
	dir := t.TempDir()
	other, release := user(t, dir)
	guest := open(t, dir)
	if err := guest.Close(); err != nil {
		t.Fatal(err)
	}
	if !cluster.Running(t.Context(), dir) {
		t.Error("the guest stopped it")
	}
	_ = release.Close()
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
	if cluster.Running(t.Context(), dir) {
		t.Error("the owner did not stop it")
	}
}

func TestManyComeAndGoAtOnce(t *testing.T) {
	dir := t.TempDir()
	var users sync.WaitGroup
	for range 6 {
		users.Go(func() {
			for range 6 {
				c, err := cluster.Open(t.Context(), dir, quiet)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := ask[string](c.URL(), `select postgis_lib_version()`); err != nil {
					t.Error(err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	users.Wait()
	if cluster.Running(t.Context(), dir) {
		t.Error("the last user did not stop it")
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
