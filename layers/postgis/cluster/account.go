package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// account is the account of the operating system that PostgreSQL runs as.
type account struct {
	uid, gid int
	groups   []uint32
	drop     bool // we are root and must become that account
}

// runAs is our own account; PostgreSQL refuses to run as root, so root runs it
// as postgres.
func runAs() (account, error) {
	if os.Getuid() != 0 {
		return account{uid: os.Getuid(), gid: os.Getgid()}, nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL does not run as root and there is no account postgres: install the package postgresql: %w", err)
	}
	groups, err := postgres.GroupIds()
	if err != nil {
		return account{}, fmt.Errorf("finding the groups of the account postgres: %w", err)
	}
	a := account{drop: true}
	a.uid, _ = strconv.Atoi(postgres.Uid)
	a.gid, _ = strconv.Atoi(postgres.Gid)
	for _, group := range groups {
		id, _ := strconv.ParseUint(group, 10, 32)
		a.groups = append(a.groups, uint32(id))
	}
	return a, nil
}

// accountName is the name of an account, or its number when it has none.
func accountName(uid int) string {
	if found, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return found.Username
	}
	return strconv.Itoa(uid)
}

// command is a program of PostgreSQL run as its account, apart from our
// terminal, and able to pass closed folders above the data folder.
func (c *Cluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(c.bin.path(program), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if c.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(c.uid), Gid: uint32(c.gid), Groups: c.groups}
		if len(c.closed) > 0 {
			cmd.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_DAC_READ_SEARCH}
		}
	}
	return cmd
}

// explain says what to change when a command could not be started for want of
// the capability to pass a closed folder, as in most containers.
func (l layout) explain(err error) error {
	if len(l.closed) > 0 && errors.Is(err, unix.EPERM) {
		folders := strings.Join(l.closed, " ")
		return fmt.Errorf("closed to the account %s: %s, and we lack the capability CAP_DAC_READ_SEARCH to let it pass: set ARPENT_DATA to a folder elsewhere, such as /var/lib/arpent, or run chmod o+x %s: %w", accountName(l.uid), folders, folders, err)
	}
	return err
}
