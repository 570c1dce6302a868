package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ShapeColumn is the column of a table that GDAL reads shapes from, as WKT.
const ShapeColumn = "arpent_shape"

// Output is a file that GDAL writes.
type Output struct {
	Driver  string   // as GDAL calls it
	Options []string // of ogr2ogr
	Path    string
	Source  string // a table (.csv) with the types of its columns beside it (.csvt)
	Layer   string // its name in the file
	Shape   string // type of the shapes; "" for none
	Z       bool
	SRID    int
}

// Write lets GDAL write a file from a table, record by record.
func Write(ctx context.Context, o Output) error {
	args := []string{"-f", o.Driver, "-nln", o.Layer, "-oo", "EMPTY_STRING_AS_NULL=YES"}
	if o.Shape == "" {
		args = append(args, "-nlt", "NONE")
	} else {
		shape := o.Shape
		if o.Z {
			shape += "25D"
		}
		args = append(args, "-oo", "GEOM_POSSIBLE_NAMES="+ShapeColumn, "-oo", "KEEP_GEOM_COLUMNS=NO",
			"-a_srs", "EPSG:"+strconv.Itoa(o.SRID), "-nlt", shape)
	}
	run, err := start(ctx, "ogr2ogr", append(append(args, o.Options...), o.Path, "CSV:"+o.Source)...)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, run.stdout); err != nil {
		run.abandon()
		return err
	}
	return written(run)
}

// written waits for GDAL to end and says why the file is not whole.
func written(r *running) error {
	err := r.cmd.Wait()
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	why := strings.Join(strings.Fields(r.stderr.String()), " ")
	switch {
	case strings.Contains(why, "No space left") || strings.Contains(why, "disk is full"):
		return syscall.ENOSPC
	case strings.Contains(why, "ERROR"):
		return fmt.Errorf("writing a file: %s says %s", r.program, why)
	case err != nil:
		return fmt.Errorf("writing a file: %s: %w: %s", r.program, err, why)
	}
	return nil
}

// Whole tells when a file has not as many records as were written into it: not
// all of GDAL's drivers notice that a disk is full.
func Whole(ctx context.Context, path string, records int64) error {
	var options []Option
	if strings.HasSuffix(path, ".xlsx") {
		options = append(options, "--config", "OGR_XLSX_HEADERS", "FORCE")
	}
	found, err := Layers(ctx, path, options...)
	var count int64
	for _, l := range found {
		count += l.Count
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && count == records {
		return nil
	}
	if errors.Is(room(filepath.Dir(path)), syscall.ENOSPC) {
		return syscall.ENOSPC
	}
	if err != nil {
		return fmt.Errorf("looking at a file that was written: %w", err)
	}
	return fmt.Errorf("writing a file: it has %d records of %d", count, records)
}

// room tries to write a little into a folder.
func room(folder string) error {
	f, err := os.CreateTemp(folder, "room-")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
