package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// attempts is how often PostgreSQL is launched before it is said not to start.
const attempts = 4

// start has PostgreSQL run and answer; one that runs already is kept.
func (c *Cluster) start(ctx context.Context) error {
	for try := 1; ; {
		if _, alive := c.postmaster(); alive {
			if ping(ctx, c.AdminURL()) == nil {
				return nil
			}
		} else if err := c.clear(ctx); err != nil {
			return err
		} else if err := c.launch(ctx); err == nil || try == attempts || ctx.Err() != nil {
			return err
		} else {
			try++
		}
		if err := pause(ctx, time.Duration(try)*beat); err != nil {
			return fmt.Errorf("PostgreSQL does not answer, look at %s: %w", c.logFile(), err)
		}
	}
}

// clear takes away what a PostgreSQL that was killed left behind and that
// keeps another from starting: sessions, which hold the shared memory until
// the query that each runs has ended, and the file with a process number that
// a stranger may have by now. What they had not committed is lost already.
func (c *Cluster) clear(ctx context.Context) error {
	for {
		left := c.strays()
		if len(left) == 0 {
			break
		}
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if err := pause(ctx, beat/10); err != nil {
			return fmt.Errorf("processes %v of a PostgreSQL that was killed do not end: %w", left, err)
		}
	}
	if pid, _ := c.postmaster(); pid > 0 && errors.Is(syscall.Kill(pid, 0), unix.ESRCH) {
		return nil // PostgreSQL itself sees that nobody has this number
	}
	if err := os.Remove(c.pidFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the process number of a PostgreSQL that was killed: %w", err)
	}
	return nil
}

// launch starts the postmaster and returns when it answers.
func (c *Cluster) launch(ctx context.Context) error {
	if err := c.claim(c.socket); err != nil {
		return err
	}
	log, err := os.OpenFile(c.logFile(), os.O_APPEND|os.O_CREATE|os.O_RDWR|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return fmt.Errorf("opening PostgreSQL's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	info, err := log.Stat()
	if err != nil {
		return fmt.Errorf("looking at PostgreSQL's log: %w", err)
	}
	cmd := c.command("postgres", "-D", c.data, "-k", c.socket, "-p", "5432", "-c", "cluster_name="+c.name())
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", c.explain(err))
	}
	gone := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended stands in its log
		close(gone)
	}()
	for {
		if ping(ctx, c.AdminURL()) == nil {
			return nil
		}
		select {
		case <-gone:
			return fmt.Errorf("PostgreSQL does not start, look at %s: %s", c.logFile(), complaint(log, info.Size()))
		case <-ctx.Done():
			_ = cmd.Process.Signal(syscall.SIGINT)
			<-gone
			return fmt.Errorf("PostgreSQL does not answer, look at %s: %w", c.logFile(), ctx.Err())
		case <-time.After(beat / 10):
		}
	}
}

// complaint is the first error in what the log has from the offset on.
func complaint(log *os.File, offset int64) string {
	text := make([]byte, 16<<10)
	n, _ := log.ReadAt(text, offset)
	for line := range strings.Lines(string(text[:n])) {
		if _, message, found := strings.Cut(line, "FATAL:"); found {
			return strings.TrimSpace(message)
		}
	}
	return strings.TrimSpace(string(text[:n]))
}

// stop ends PostgreSQL: sessions are cut, what was committed is written. When
// a session does not let itself be cut, all end at once, and the next start
// reads the log of what was committed.
func (c *Cluster) stop() error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		pid, alive := c.postmaster()
		if !alive {
			return nil
		}
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("stopping PostgreSQL: %w", err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		for pause(ctx, beat/20) == nil {
			if _, alive := c.postmaster(); !alive {
				cancel()
				return nil
			}
		}
		cancel()
	}
	return fmt.Errorf("PostgreSQL does not stop, look at %s", c.logFile())
}

func (l layout) pidFile() string { return filepath.Join(l.data, "postmaster.pid") }

// postmaster reads the process of the running PostgreSQL from its own lock
// file and reports whether it lives and serves this folder.
func (l layout) postmaster() (pid int, alive bool) {
	content, err := os.ReadFile(l.pidFile())
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 0 {
		return 0, false
	}
	args := commandLine(pid)
	return pid, slices.Contains([]string{"postgres", "postmaster"}, filepath.Base(args[0])) && slices.ContainsFunc(args[1:], l.isData)
}

// isData reports whether a path leads to our data, be it another than ours.
func (l layout) isData(path string) bool {
	ours, err := os.Stat(l.data)
	if err != nil || !filepath.IsAbs(path) {
		return false
	}
	theirs, err := os.Stat(path)
	return err == nil && os.SameFile(ours, theirs)
}

// strays are the processes of this cluster other than its postmaster.
func (l layout) strays() (found []int) {
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, process := range processes {
		pid, err := strconv.Atoi(filepath.Base(process))
		if err == nil && strings.HasPrefix(commandLine(pid)[0], "postgres: "+l.name()+": ") {
			found = append(found, pid)
		}
	}
	return found
}

// commandLine is what a process was called with, or calls itself. Unlike its
// folder, everybody may read it. It has at least one element.
func commandLine(pid int) []string {
	content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return strings.Split(string(content), "\x00")
}
