package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// patience is how long PostgreSQL may take to start: after a crash it first
// reads what it wrote last, up to max_wal_size.
const patience = 5 * time.Minute

// beat is how often a user looks whether PostgreSQL and its owner are alive.
const beat = 200 * time.Millisecond

// Cluster is a running private cluster.
type Cluster struct {
	layout
	log *slog.Logger
	bin binaries

	user  *os.File // a user's shared lock; nil once closed
	owner *os.File // the owner's lock; nil for one that only uses the cluster

	stopWatch context.CancelFunc
	watched   chan struct{} // closed when the watch, which may set owner, has ended
}

// Open makes the cluster under dir (the data folder) if there is none, and
// has it run. Close gives it up again.
func Open(ctx context.Context, dir string, log *slog.Logger) (*Cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	l, err := layoutOf(dir)
	if err != nil {
		return nil, err
	}
	bin, err := findBinaries(l)
	if err != nil {
		return nil, err
	}
	if err := l.prepare(); err != nil {
		return nil, err
	}
	c := &Cluster{layout: l, log: log, bin: bin}
	if c.user, err = shareLock(ctx, l.usersLock()); err != nil {
		return nil, err
	}
	if err := c.join(ctx); err != nil {
		return nil, errors.Join(err, c.leave())
	}
	watching, stop := context.WithCancel(context.Background())
	c.stopWatch, c.watched = stop, make(chan struct{})
	go func() {
		defer close(c.watched)
		c.watch(watching)
	}()
	return c, nil
}

// join becomes the owner, or waits until the owner has PostgreSQL answer.
func (c *Cluster) join(ctx context.Context) error {
	for {
		owner, err := tryLock(c.ownerLock())
		if err != nil {
			return err
		}
		if owner != nil {
			c.owner = owner
			return c.own(ctx)
		}
		if ping(ctx, c.URL()) == nil {
			return nil
		}
		if err := pause(ctx, beat/4); err != nil {
			return fmt.Errorf("the process that owns the cluster in %s does not get it to run: look at %s: %w", c.root, c.logFile(), err)
		}
	}
}

// own starts the cluster, or adopts one whose owner died.
func (c *Cluster) own(ctx context.Context) error {
	fresh, err := c.initialise(ctx)
	if err != nil {
		return err
	}
	if err := c.start(ctx); err != nil {
		return err
	}
	if err := c.bootstrap(ctx); err != nil {
		return err
	}
	if fresh {
		c.log.Info("made a private PostGIS cluster", "folder", c.data)
	}
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

// Close gives the cluster up; its last user stops it. Closing again does nothing.
func (c *Cluster) Close() error {
	if c.user == nil {
		return nil
	}
	c.stopWatch()
	<-c.watched
	return c.leave()
}

// leave stops PostgreSQL unless another uses it, who will then own it.
func (c *Cluster) leave() error {
	var err error
	// A shared lock that cannot become exclusive is lost, so that of two who
	// leave at once one gets it. Who has it keeps newcomers waiting.
	if unix.Flock(int(c.user.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		err = c.stopAsOwner()
	}
	if c.owner != nil {
		err = errors.Join(err, c.owner.Close())
	}
	err = errors.Join(err, c.user.Close())
	c.owner, c.user = nil, nil
	return err
}

// stopAsOwner stops PostgreSQL. An owner who left just before may not have
// given its lock back yet.
func (c *Cluster) stopAsOwner() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for c.owner == nil {
		var err error
		if c.owner, err = tryLock(c.ownerLock()); err != nil {
			return err
		}
		if c.owner == nil && pause(ctx, beat/20) != nil {
			return fmt.Errorf("nobody uses the cluster in %s, but a process holds on to it", c.root)
		}
	}
	err := c.stop()
	_ = os.Remove(c.socket) // it may be in a public place; only an empty folder goes
	return err
}

// watch starts PostgreSQL again when it died, and takes the place of an owner
// that is gone.
func (c *Cluster) watch(ctx context.Context) {
	wait := beat
	for pause(ctx, wait) == nil {
		wait = beat
		if c.owner == nil {
			owner, err := tryLock(c.ownerLock())
			if err != nil {
				c.log.Error("the PostGIS cluster cannot be taken over", "error", err)
			}
			if owner == nil {
				continue
			}
			c.owner = owner
			c.log.Info("took over the private PostGIS cluster", "folder", c.data)
		}
		if _, alive := c.postmaster(); alive {
			continue
		}
		c.log.Warn("PostgreSQL has died, starting it again", "log", c.logFile())
		starting, cancel := context.WithTimeout(ctx, patience)
		if err := c.start(starting); err != nil && ctx.Err() == nil {
			wait = 50 * beat
			c.log.Error("PostgreSQL does not start, trying again soon", "error", err, "pause", wait)
		}
		cancel()
	}
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
