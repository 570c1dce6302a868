package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// patience is how long PostgreSQL may take to start, recovery included.
const patience = 2 * time.Minute

// Cluster is a running private cluster.
type Cluster struct {
	layout
	log   *slog.Logger
	bin   binaries
	owner *os.File // the owner's lock; nil for one that only uses the cluster

	stopWatch context.CancelFunc
	watched   chan struct{}
}

// Open makes the cluster under dir (the data folder) if there is none, and
// has it run. Close ends it if this process is its owner.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	l, err := layoutOf(dir)
	if err != nil {
		return nil, err
	}
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	if err := l.prepare(); err != nil {
		return nil, err
	}
	if err := checkVersion(l, bin); err != nil {
		return nil, err
	}
	c := &Cluster{layout: l, log: log, bin: bin}
	for {
		owner, err := tryLock(filepath.Join(l.root, "owner.lock"))
		if err != nil {
			return nil, err
		}
		if owner != nil {
			c.owner = owner
			if err := c.own(ctx); err != nil {
				_ = owner.Close()
				return nil, err
			}
			return c, nil
		}
		if ping(ctx, l.url("arpent", "arpent")) == nil {
			return c, nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return nil, fmt.Errorf("the process that owns the cluster in %s does not get it to run: look at %s: %w", l.root, l.logFile(), err)
		}
	}
}

// own starts the cluster, or adopts one whose owner died, and watches it.
func (c *Cluster) own(ctx context.Context) error {
	fresh, err := c.initialise(ctx)
	if err != nil {
		return err
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	if err := c.bootstrap(ctx); err != nil {
		return errors.Join(err, c.stop())
	}
	if fresh {
		c.log.Info("made a private PostGIS cluster", "folder", c.data)
	}
	watching, cancel := context.WithCancel(context.Background())
	c.stopWatch, c.watched = cancel, make(chan struct{})
	go func() {
		defer close(c.watched)
		c.watch(watching)
	}()
	return nil
}

// URL is the address of the database for the server's role, which is no
// superuser, in a form that psql, libpq, GDAL and pgx take.
func (c *Cluster) URL() string { return c.url("arpent", "arpent") }

// AdminURL is the address for the superuser.
func (c *Cluster) AdminURL() string { return c.url("postgres", "postgres") }

// URL is what the URL of the cluster under dir is while it runs.
func URL(dir string) (string, error) {
	l, err := layoutOf(dir)
	if err != nil {
		return "", err
	}
	return l.url("arpent", "arpent"), nil
}

// Running reports whether the cluster under dir answers.
func Running(ctx context.Context, dir string) bool {
	url, err := URL(dir)
	return err == nil && ping(ctx, url) == nil
}

// Close stops the cluster if this process owns it. Once is enough.
func (c *Cluster) Close() error {
	if c.owner == nil {
		return nil
	}
	c.stopWatch()
	<-c.watched
	err := errors.Join(c.stop(), c.owner.Close())
	c.owner = nil
	return err
}

// watch starts PostgreSQL again when it died.
func (c *Cluster) watch(ctx context.Context) {
	for {
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return
		}
		if _, alive := c.postmaster(); alive {
			continue
		}
		c.log.Warn("PostgreSQL has died, starting it again", "log", c.logFile())
		starting, cancel := context.WithTimeout(ctx, patience)
		if err := c.start(starting); err != nil && ctx.Err() == nil {
			c.log.Error("PostgreSQL does not start", "error", err)
		}
		cancel()
	}
}

// Lock keeps a second server from using the data folder. The error names the
// process that has it.
func Lock(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	path := filepath.Join(dir, "server.lock")
	file, err := tryLock(path)
	if err != nil {
		return nil, err
	}
	if file == nil {
		pid, _ := os.ReadFile(path)
		return nil, fmt.Errorf("another server (process %s) uses the data folder %s: stop it, or set ARPENT_DATA to another folder", pid, dir)
	}
	return file.Close, nil
}

// tryLock locks the file and writes our process into it; nil when another
// process has it. Closing the file, or dying, gives the lock back.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a lock: %w", err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	if err := file.Truncate(0); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := fmt.Fprint(file, os.Getpid()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func ping(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
