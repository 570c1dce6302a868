package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

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
	if err := c.initdb(ctx, making); err != nil {
		return false, err
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

// initdb runs initdb. When ctx ends first, it ends with its children.
func (c *Cluster) initdb(ctx context.Context, dir string) error {
	cmd := c.command("initdb", "--pgdata", dir, "--username", "postgres",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--auth", "trust", "--no-instructions")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting initdb: %w", c.explain(err))
	}
	unhook := context.AfterFunc(ctx, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer unhook()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("initdb: %w: %s", errors.Join(err, ctx.Err()), bytes.TrimSpace(said.Bytes()))
	}
	return nil
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
