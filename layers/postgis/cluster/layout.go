package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// layout is where the parts of a cluster are, and as whom it runs.
type layout struct {
	root   string // data folder/postgres
	data   string
	socket string

	uid, gid int  // the account PostgreSQL runs as
	drop     bool // we are root and must become that account
	closed   bool // some folder above is closed to that account
}

// maxSocketPath is what fits sockaddr_un with its terminating zero.
const maxSocketPath = 107

func layoutOf(dir string) (layout, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return layout{}, fmt.Errorf("finding the data folder: %w", err)
	}
	l := layout{root: filepath.Join(abs, "postgres"), uid: os.Getuid(), gid: os.Getgid()}
	l.data, l.socket = filepath.Join(l.root, "data"), filepath.Join(l.root, "socket")
	if len(l.socket)+len("/.s.PGSQL.5432") > maxSocketPath {
		sum := sha256.Sum256([]byte(abs))
		l.socket = filepath.Join(os.TempDir(), "arpent-"+hex.EncodeToString(sum[:8]))
	}
	if l.uid == 0 { // PostgreSQL refuses to run as root
		account, err := user.Lookup("postgres")
		if err != nil {
			return layout{}, fmt.Errorf("PostgreSQL does not run as root and there is no account postgres: install the package postgresql: %w", err)
		}
		l.uid, _ = strconv.Atoi(account.Uid)
		l.gid, _ = strconv.Atoi(account.Gid)
		l.drop = true
	}
	return l, nil
}

func (l layout) logFile() string { return filepath.Join(l.root, "log") }

func (l layout) url(role, database string) string {
	return fmt.Sprintf("postgresql://%s@/%s?host=%s", role, database, url.QueryEscape(l.socket))
}

// prepare makes the folders and sees that PostgreSQL's account reaches them.
func (l *layout) prepare() error {
	base := filepath.Dir(l.root)
	if err := os.MkdirAll(base, 0o755); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	for _, dir := range []string{l.root, l.socket} {
		if err := l.own(dir); err != nil {
			return err
		}
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
	for dir := filepath.Dir(base); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o001 == 0 {
			l.closed = true
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// own makes a folder that only PostgreSQL's account may use. One that belongs
// to anybody else is refused: the folder for sockets may be in a public place.
func (l layout) own(dir string) error {
	if err := os.Mkdir(dir, 0o700); err == nil {
		return os.Chown(dir, l.uid, l.gid)
	} else if !os.IsExist(err) {
		return fmt.Errorf("making a folder for PostgreSQL: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("looking at a folder for PostgreSQL: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(stat.Uid) != l.uid || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("the folder %s is not PostgreSQL's own: remove it, or set ARPENT_DATA to another folder", dir)
	}
	return nil
}

// process is how PostgreSQL's programs are run: as their account, apart from
// our terminal, and able to pass closed folders above the data folder.
func (l layout) process() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if l.drop {
		attr.Credential = &syscall.Credential{Uid: uint32(l.uid), Gid: uint32(l.gid), Groups: []uint32{uint32(l.gid)}}
		if l.closed {
			attr.AmbientCaps = []uintptr{unix.CAP_DAC_READ_SEARCH}
		}
	}
	return attr
}

// postmaster reads the process of the running PostgreSQL from its own lock
// file and reports whether it lives and serves this folder.
func (l layout) postmaster() (pid int, alive bool) {
	content, err := os.ReadFile(filepath.Join(l.data, "postmaster.pid"))
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 0 {
		return 0, false
	}
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return pid, err == nil && strings.Contains(string(command), l.data)
}
