package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// File is a file that is read as tables of text: what people gave, unpacked.
type File struct {
	Name   string // as people call it
	Format Format
	parts  []string // paths of what can be opened
}

// Table is a layer or a sheet of a file.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns" nullable:"false"`
	Shape   string   `json:"shape" doc:"Type of the shapes, Geometry where it has several; empty for none"`
	SRID    int      `json:"srid" doc:"EPSG code of the CRS of the shapes; 0 when the file does not say"`
	Rows    int64    `json:"rows" doc:"-1 when the file does not say"`

	path  string
	layer string // as GDAL calls it
}

// Row is a record of a table. Values are as the file has them, written as text.
type Row struct {
	Number int // from 1, as a person counts the records of the file
	Values []string
	Shape  geom.T
	Cells  int // how many values a line of text has, where the table has another number of columns; else 0
}

// Reading says how a file is to be read.
type Reading struct {
	Encoding  string `json:"encoding" enum:",utf-8,windows-1252,iso-8859-1,utf-16" doc:"Empty: as the file looks"`
	Separator string `json:"separator" maxLength:"1" doc:"Of CSV"`
	NoHeader  bool   `json:"noHeader" doc:"The first line holds values"`
}

// Open finds in a folder, in which nothing but the files of one sender is, what
// can be read. Archives are unpacked there. name is how people call it all.
func Open(folder, name string) (*File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	f := &File{Name: name}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	if len(names) == 1 {
		return f, f.openOne(folder, names[0])
	}
	return f, f.openAll(folder, names)
}

// openOne opens a single file, which may be an archive.
func (f *File) openOne(folder, stored string) error {
	path := filepath.Join(folder, stored)
	format, err := Sniff(path, f.Name)
	if err != nil {
		return err
	}
	unpacked := filepath.Join(folder, "unpacked")
	switch format {
	case Shapefile:
		return layers.Errorf(layers.Invalid, "%s is one part of a shapefile: give the .dbf, .shx and .prj beside it as well, or all of them in a zip", f.Name)
	case EDIGEO:
		return layers.Errorf(layers.Invalid, "%s is one part of an EDIGEO exchange: give the whole archive (tar.bz2 or zip)", f.Name)
	case XLSX:
		if err := checkWorkbook(path, f.Name); err != nil {
			return err
		}
	case packedZip, packedTar:
		if err := os.Mkdir(unpacked, 0o700); errors.Is(err, os.ErrExist) {
			err = os.RemoveAll(unpacked) // an earlier attempt may have ended in the middle
			if err == nil {
				err = os.Mkdir(unpacked, 0o700)
			}
			if err != nil {
				return fmt.Errorf("unpacking %s: %w", f.Name, err)
			}
		} else if err != nil {
			return Full(err)
		}
		unpack := unpackZip
		if format == packedTar {
			unpack = func(path, name, into string) error { return renamed(Unpack(path, into), path, name) }
		}
		if err := unpack(path, f.Name, unpacked); err != nil {
			return err
		}
		entries, err := os.ReadDir(unpacked)
		if err != nil {
			return fmt.Errorf("unpacking %s: %w", f.Name, err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return f.openAll(unpacked, names)
	}
	f.Format, f.parts = format, []string{path}
	return nil
}

// renamed says of which file an error speaks, as people call it.
func renamed(err error, path, name string) error {
	if problem, ok := errors.AsType[*layers.Error](err); ok {
		return layers.Errorf(problem.Kind, "%s", strings.ReplaceAll(strings.ReplaceAll(problem.Detail, path, name), filepath.Base(path), name))
	}
	return err
}

// openAll opens all files of one format among many: the first of these formats
// that is there.
func (f *File) openAll(folder string, names []string) error {
	for _, format := range []Format{Shapefile, EDIGEO, GeoPackage, XLSX, GeoJSON, KML, DXF, CSV, DBase} {
		for _, name := range names {
			if !slices.Contains(endings[format], ending(name)) || format == CSV && ending(name) == "txt" && len(f.parts) > 0 {
				continue
			}
			path := filepath.Join(folder, name)
			is, err := Sniff(path, name)
			if err != nil {
				return err
			}
			if is == XLSX {
				if err := checkWorkbook(path, name); err != nil {
					return err
				}
			}
			f.parts = append(f.parts, path)
		}
		if len(f.parts) > 0 {
			f.Format = format
			if format == Shapefile { // tables without shapes that lie beside
				for _, name := range names {
					base := strings.TrimSuffix(name, filepath.Ext(name))
					if ending(name) == "dbf" && !slices.ContainsFunc(f.parts, func(p string) bool {
						return strings.EqualFold(strings.TrimSuffix(filepath.Base(p), filepath.Ext(p)), base)
					}) {
						f.parts = append(f.parts, filepath.Join(folder, name))
					}
				}
			}
			slices.Sort(f.parts)
			return nil
		}
	}
	return layers.Errorf(layers.WrongType, "%s holds nothing that can be read: give CSV, XLSX, GeoJSON, GeoPackage, KML, DXF, shapefiles or EDIGEO", f.Name)
}

// Guess says how the file looks as if it were to be read.
func (f *File) Guess() (Reading, error) {
	if f.Format != CSV {
		return Reading{}, nil
	}
	return guessCSV(f.parts[0])
}

// gdal are the options of GDAL that the reading means for the format.
func (f *File) gdal(r Reading) []Option {
	switch {
	case f.Format == XLSX && r.NoHeader:
		return []Option{"--config", "OGR_XLSX_HEADERS", "DISABLE"} // the open option came after GDAL 3.6
	case f.Format == XLSX:
		return []Option{"--config", "OGR_XLSX_HEADERS", "FORCE"}
	case (f.Format == Shapefile || f.Format == DBase) && r.Encoding != "":
		return []Option{"-oo", Option("ENCODING=" + map[string]string{"windows-1252": "CP1252"}[r.Encoding])}
	}
	return nil
}

// Tables lists the tables of the file.
func (f *File) Tables(ctx context.Context, r Reading) ([]Table, error) {
	var all []Table
	for _, path := range f.parts {
		base := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		if f.Format == CSV {
			t, err := csvTable(path, r)
			if err != nil {
				return nil, renamed(err, path, f.Name)
			}
			t.Name, t.path = cmp.Or(map[bool]string{true: strings.TrimSuffix(f.Name, filepath.Ext(f.Name))}[len(f.parts) == 1], base), path
			all = append(all, *t)
			continue
		}
		found, err := Layers(ctx, path, f.gdal(r)...)
		if err != nil {
			return nil, renamed(err, path, f.Name)
		}
		for _, l := range found {
			if l.Count == 0 && len(found) > 1 {
				continue
			}
			all = append(all, Table{Name: l.Name, Columns: append([]string{}, l.Fields...), Shape: l.Shape, SRID: l.SRID, Rows: l.Count, path: path, layer: l.Name})
		}
	}
	if len(all) == 0 {
		return nil, layers.Errorf(layers.Invalid, "%s holds no record", f.Name)
	}
	return all, nil
}

// Rows reads the records of a table as one asks for them. flat leaves out
// third coordinates.
func (f *File) Rows(ctx context.Context, t Table, r Reading, flat bool) iter.Seq2[Row, error] {
	if f.Format == CSV {
		return csvRows(t.path, r)
	}
	options := append([]Option{"-nlt", "CONVERT_TO_LINEAR"}, f.gdal(r)...)
	if flat {
		options = append(options, "-dim", "XY")
	}
	return func(yield func(Row, error) bool) {
		n := 0
		for record, err := range Records(ctx, t.path, t.layer, options...) {
			if err != nil {
				yield(Row{}, renamed(err, t.path, f.Name))
				return
			}
			n++
			row := Row{Number: n, Values: make([]string, len(t.Columns)), Shape: record.Geometry}
			for i, name := range t.Columns {
				row.Values[i] = textOf(record.Properties[name])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// textOf writes a value as text; what GDAL writes of dates becomes ISO 8601.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		if len(v) >= 10 && v[4] == '/' && v[7] == '/' && strings.Trim(v[:10], "0123456789/") == "" {
			return strings.ReplaceAll(v[:10], "/", "-") + strings.Replace(v[10:], " ", "T", 1)
		}
		return v
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return strconv.FormatInt(int64(v), 10)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// Full says of an error of writing that the disk is full, where that is so.
func Full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return layers.Errorf(layers.Unavailable, "the disk of the server is full: nothing was done; ask the administrator for room")
	}
	return err
}
