package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
)

// layout is where the parts of a cluster are, and as whom it runs.
type layout struct {
	root   string // data folder/postgres
	data   string
	socket string
	account
	closed []string // folders above that are closed to the account
}

// maxSocketPath is what fits sockaddr_un with its terminating zero.
const maxSocketPath = 107

func layoutOf(dir string) (layout, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return layout{}, fmt.Errorf("finding the data folder: %w", err)
	}
	l := layout{root: filepath.Join(abs, "postgres")}
	l.data, l.socket = filepath.Join(l.root, "data"), filepath.Join(l.root, "socket")
	if len(l.socket)+len("/.s.PGSQL.5432") > maxSocketPath {
		// Not os.TempDir: a server and a command may differ in TMPDIR.
		l.socket = "/tmp/" + l.name()
	}
	l.account, err = runAs()
	return l, err
}

// name tells the processes of this cluster from those of others.
func (l layout) name() string {
	sum := sha256.Sum256([]byte(filepath.Dir(l.root)))
	return "arpent-" + hex.EncodeToString(sum[:8])
}

func (l layout) logFile() string   { return filepath.Join(l.root, "log") }
func (l layout) ownerLock() string { return filepath.Join(l.root, "owner.lock") }
func (l layout) usersLock() string { return filepath.Join(l.root, "users.lock") }

func (l layout) url(role, database string) string {
	// The port names the socket's file; without it PGPORT would.
	return fmt.Sprintf("postgresql://%s@/%s?host=%s&port=5432", role, database, url.QueryEscape(l.socket))
}

// prepare makes the folder and sees that PostgreSQL's account reaches it.
func (l *layout) prepare() error {
	base := filepath.Dir(l.root)
	if err := os.MkdirAll(base, 0o755); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	if err := l.claim(l.root); err != nil {
		return err
	}
	if !l.drop {
		return nil
	}
	info, err := os.Stat(base)
	if err != nil {
		return fmt.Errorf("looking at the data folder: %w", err)
	}
	if info.Mode().Perm()&0o001 == 0 {
		if err := os.Chmod(base, info.Mode().Perm()|0o011); err != nil {
			return fmt.Errorf("opening the data folder to PostgreSQL's account: %w", err)
		}
	}
	for dir := base; dir != filepath.Dir(dir); {
		dir = filepath.Dir(dir)
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o001 == 0 {
			l.closed = append(l.closed, dir)
		}
	}
	return nil
}

// claim makes a folder that only PostgreSQL's account may use. One that belongs
// to anybody else is refused: the folder for sockets may be in a public place.
func (l layout) claim(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making a folder for PostgreSQL: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("looking at a folder for PostgreSQL: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is not a folder that is closed to other accounts (mode 0700): correct that, or set ARPENT_DATA to another folder", dir)
	}
	switch int(stat.Uid) {
	case l.uid:
		return nil
	case os.Getuid(): // made just now, by us or by another that starts
		return os.Lchown(dir, l.uid, l.gid)
	}
	return fmt.Errorf("the folder %s belongs to the account %s, and PostgreSQL would run as %s: start arpent as it was started before, or set ARPENT_DATA to another folder", dir, accountName(int(stat.Uid)), accountName(l.uid))
}
