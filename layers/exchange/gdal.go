package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"arpent/layers"
)

// shut are the drivers of GDAL that read something else than the file they
// are given: services, databases, files that the file names.
const shut = "OGR_VRT,HTTP,WFS,OAPIF,CSW,OGCAPI,EEDA,PLSCENES,NGW,Carto,AmigoCloud,Elasticsearch,GMLAS,GPSBabel,OGR_OGDI," +
	"PostgreSQL,MySQL,MSSQLSpatial,ODBC,PGeo"

// environment is all that GDAL sees of ours. The proxy leads nowhere, so that
// no file can make it read from the network.
func environment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "CPL_DEBUG=OFF", "OGR_SKIP=" + shut,
		"GDAL_HTTP_PROXY=127.0.0.1:9", "GDAL_HTTP_MAX_RETRY=0", "PROJ_NETWORK=OFF", "GML_SKIP_RESOLVE_ELEMS=ALL", "GML_DOWNLOAD_SCHEMA=NO",
	}
}

// plainFile completes the path of a file that GDAL may be given. It would open
// addresses and databases as well, if they stood in the place of a path.
func plainFile(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("completing %s: %w", path, err)
	}
	info, err := os.Stat(abs)
	if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(abs, "/vsi") {
		return "", layers.Errorf(layers.BadRequest, "%.100q is no file that can be read: give the path of a plain file on this machine", path)
	}
	return abs, nil
}

// running is a program of GDAL at work.
type running struct {
	ctx     context.Context
	program string
	cmd     *exec.Cmd
	stdout  io.Reader
	stderr  *beginning
}

func start(ctx context.Context, program string, args ...string) (*running, error) {
	r := &running{ctx: ctx, program: program, cmd: exec.CommandContext(ctx, program, args...), stderr: &beginning{}}
	r.cmd.Env = environment()
	r.cmd.Stderr = r.stderr
	r.cmd.WaitDelay = time.Second
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", program, err)
	}
	r.stdout = stdout
	err = r.cmd.Start()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, layers.Errorf(layers.Unavailable, "%s is not installed: install the package gdal-bin", program)
	}
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", program, err)
	}
	return r, nil
}

// end waits for the program and says what it complained of. What it could not
// read would be missing, so that any error of GDAL is one of ours.
func (r *running) end(path string) error {
	err := r.cmd.Wait()
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	for line := range strings.Lines(r.stderr.String()) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "ERROR") {
			_, why, _ := strings.Cut(line, ": ")
			return unreadable(path, why)
		}
	}
	if err != nil {
		return unreadable(path, strings.Join(strings.Fields(r.stderr.String()), " "))
	}
	return nil
}

// abandon ends the program before it is done.
func (r *running) abandon() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// beginning keeps the first 16 KB of what is written to it.
type beginning struct{ bytes.Buffer }

func (b *beginning) Write(p []byte) (int, error) {
	if room := 16<<10 - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
