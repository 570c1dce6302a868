package imports

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/twpayne/go-geom/encoding/wkt"

	"arpent/layers"
	"arpent/layers/exchange"
)

// Columns that the file of rejected records has beside those of the file that
// was imported.
const shapeColumn = "arpent_shape"

var (
	numberColumns = []string{"n° dans le fichier", "number in the file"}
	reasonColumns = []string{"motif du rejet", "reason for rejection"}
)

// ours reports whether a column is one that rejected records were given.
func ours(column string) bool {
	return column == shapeColumn || slices.Contains(numberColumns, column) || slices.Contains(reasonColumns, column)
}

// rejects writes rejected records to a file that can be mended and imported
// again.
type rejects struct {
	path  string
	file  *os.File
	out   *bufio.Writer
	csv   *csv.Writer
	shape bool
	srid  int
	width int
}

// rejectsPath is where the rejected records of an import are.
func (s *Service) rejectsPath(i *Import) string {
	return filepath.Join(s.folder, i.folder, "rejects.csv")
}

// newRejects opens the file. Columns of an earlier rejection are written anew.
func newRejects(path string, columns []string, shape bool, srid int, separator, language string) (*rejects, error) {
	file, err := os.CreateTemp(filepath.Dir(path), "rejects-*")
	if err != nil {
		return nil, exchange.Full(err)
	}
	r := &rejects{path: path, file: file, out: bufio.NewWriter(file), shape: shape, srid: srid, width: len(columns)}
	r.csv = csv.NewWriter(r.out)
	r.csv.Comma = ';'
	if separator != "" {
		r.csv.Comma = []rune(separator)[0]
	}
	_, _ = r.out.WriteString("\ufeff") // errors of writing stay until the end
	words := 0
	if language == "en" {
		words = 1
	}
	header := append(slices.Clone(columns), numberColumns[words], reasonColumns[words])
	if shape {
		header = append(header, shapeColumn)
	}
	if err := r.write(header); err != nil {
		r.drop()
		return nil, err
	}
	return r, nil
}

// write puts a record on the disk at once: that it is full must be known
// before the good records are stored.
func (r *rejects) write(record []string) error {
	err := r.csv.Write(record)
	r.csv.Flush()
	return exchange.Full(errors.Join(err, r.csv.Error(), r.out.Flush()))
}

func (r *rejects) add(row exchange.Row, reason string) error {
	values := append(slices.Clone(row.Values), strconv.Itoa(row.Number), reason)
	if r.shape {
		text := ""
		if row.Shape != nil {
			written, err := wkt.Marshal(row.Shape)
			if err != nil {
				return fmt.Errorf("writing the shape of a rejected record: %w", err)
			}
			text = fmt.Sprintf("SRID=%d;%s", r.srid, written)
		}
		values = append(values, text)
	}
	return r.write(values)
}

// keep puts the file in its place.
func (r *rejects) keep() error {
	if err := r.file.Close(); err != nil {
		_ = os.Remove(r.file.Name())
		return exchange.Full(err)
	}
	return os.Rename(r.file.Name(), r.path)
}

func (r *rejects) drop() {
	_ = r.file.Close()
	_ = os.Remove(r.file.Name())
}

// Rejects opens the file of the records that were rejected last.
func (s *Service) Rejects(i *Import) (*os.File, error) {
	f, err := os.Open(s.rejectsPath(i))
	if errors.Is(err, os.ErrNotExist) {
		return nil, layers.Errorf(layers.NotFound, "no record of import %d was rejected", i.ID)
	}
	return f, err
}
