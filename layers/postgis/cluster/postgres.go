package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// binaries is the folder of PostgreSQL's programs and their major version.
type binaries struct {
	dir   string
	major string
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// findBinaries finds the newest PostgreSQL that has PostGIS.
func findBinaries() (binaries, error) {
	var found []binaries
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return binaries{}, err
	}
	for _, dir := range dirs {
		major := filepath.Base(filepath.Dir(dir))
		if exists(filepath.Join(dir, "postgres")) && exists(filepath.Join("/usr/share/postgresql", major, "extension/postgis.control")) {
			found = append(found, binaries{dir, major})
		}
	}
	if len(found) == 0 {
		if b, ok := configured(); ok {
			return b, nil
		}
		return binaries{}, errors.New("no PostgreSQL with PostGIS is installed: install the packages postgresql and postgresql-15-postgis-3, or set ARPENT_DATABASE_URL to a database that has PostGIS")
	}
	return slices.MaxFunc(found, func(a, b binaries) int {
		na, _ := strconv.Atoi(a.major)
		nb, _ := strconv.Atoi(b.major)
		return na - nb
	}), nil
}

// configured asks the pg_config on the path.
func configured() (binaries, bool) {
	ask := func(flag string) string {
		out, err := exec.Command("pg_config", flag).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	b := binaries{dir: ask("--bindir")}
	if fields := strings.Fields(ask("--version")); len(fields) > 1 {
		b.major, _, _ = strings.Cut(fields[1], ".")
	}
	return b, exists(b.path("postgres")) && exists(filepath.Join(ask("--sharedir"), "extension/postgis.control"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// checkVersion refuses a folder that another major version made.
func checkVersion(l layout, bin binaries) error {
	content, err := os.ReadFile(filepath.Join(l.data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the version of the cluster: %w", err)
	}
	if made := strings.TrimSpace(string(content)); made != bin.major {
		return fmt.Errorf("the cluster in %s was made by PostgreSQL %s, but %s is installed: install PostgreSQL %s with PostGIS, upgrade the folder with pg_upgrade, or set ARPENT_DATA to another folder", l.data, made, bin.major, made)
	}
	return nil
}

// initialise makes the cluster unless it is there. An initdb that was
// interrupted leaves only a folder of another name.
func (c *Cluster) initialise(ctx context.Context) (bool, error) {
	if exists(filepath.Join(c.data, "PG_VERSION")) {
		return false, nil
	}
	making := c.data + ".making"
	if err := os.RemoveAll(making); err != nil {
		return false, fmt.Errorf("clearing an unfinished cluster: %w", err)
	}
	cmd := exec.CommandContext(ctx, c.bin.path("initdb"), "--pgdata", making, "--username", "postgres",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--auth", "trust", "--no-instructions")
	cmd.Dir, cmd.SysProcAttr = "/", c.process()
	if out, err := cmd.CombinedOutput(); err != nil {
		return false, fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	settings := filepath.Join(making, "postgresql.conf")
	file, err := os.OpenFile(settings, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return false, fmt.Errorf("configuring the cluster: %w", err)
	}
	_, err = file.WriteString(configuration())
	if err := errors.Join(err, file.Close()); err != nil {
		return false, fmt.Errorf("configuring the cluster: %w", err)
	}
	// Only the local socket, whose folder is closed to all but us.
	if err := os.WriteFile(filepath.Join(making, "pg_hba.conf"), []byte("local all all trust\n"), 0o600); err != nil {
		return false, fmt.Errorf("configuring the cluster: %w", err)
	}
	return true, os.Rename(making, c.data)
}

// configuration fits a small server that is shared with other programs.
func configuration() string {
	shared := uint64(256)
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		shared = min(max(uint64(info.Totalram)*uint64(info.Unit)>>20/4, 128), 1024)
	}
	return fmt.Sprintf(`
# Arpent
listen_addresses = ''
shared_buffers = %dMB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
`, shared)
}

// start has PostgreSQL run and answer; one that runs already is kept.
func (c *Cluster) start(ctx context.Context) error {
	for {
		_, alive := c.postmaster()
		if alive && ping(ctx, c.AdminURL()) == nil {
			return nil
		}
		if !alive {
			if err := c.launch(ctx); err != nil {
				return err
			}
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return fmt.Errorf("PostgreSQL does not start, look at %s: %w", c.logFile(), err)
		}
	}
}

// launch starts the postmaster and returns when it answers or has given up.
func (c *Cluster) launch(ctx context.Context) error {
	log, err := os.OpenFile(c.logFile(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("opening PostgreSQL's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(c.bin.path("postgres"), "-D", c.data, "-k", c.socket)
	cmd.Dir, cmd.SysProcAttr, cmd.Stdout, cmd.Stderr = "/", c.process(), log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
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
			// It gives up while processes of one that was killed hold the shared
			// memory; start tries again until ctx ends.
			return nil
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer, look at %s: %w", c.logFile(), ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends PostgreSQL: sessions are cut, what was committed is written.
func (c *Cluster) stop() error {
	pid, alive := c.postmaster()
	if !alive {
		return nil
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return nil // ended meanwhile
	}
	if err := process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stopping PostgreSQL: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, alive := c.postmaster(); !alive {
			return nil
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("PostgreSQL (process %d) does not stop: %w", pid, err)
		}
	}
}
