package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

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
	file, err := lock(path, unix.LOCK_EX)
	if file == nil || err != nil {
		return nil, err
	}
	if err := file.Truncate(0); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := fmt.Fprint(file, os.Getpid()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// shareLock locks the file together with others, as soon as nobody holds it
// for itself.
func shareLock(ctx context.Context, path string) (*os.File, error) {
	for {
		file, err := lock(path, unix.LOCK_SH)
		if file != nil || err != nil {
			return file, err
		}
		if err := pause(ctx, beat/10); err != nil {
			return nil, fmt.Errorf("waiting until the last user of the cluster has stopped it: %w", err)
		}
	}
}

// lock opens and locks the file; nil when a lock of another is in the way. A
// symbolic link is refused: PostgreSQL's account, which is less than ours, may
// write to the folder.
func lock(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a lock: %w", err)
	}
	if err := unix.Flock(int(file.Fd()), how|unix.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return file, nil
}
