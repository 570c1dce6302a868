package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"arpent/layers"
)

// sample is how much of a file is looked at to guess how it is written.
const sample = 256 << 10

// maxColumns and maxRecord keep a file that is no table from filling memory.
const (
	maxColumns = 2000
	maxRecord  = 8 << 20 // bytes
)

var encodings = map[string]encoding.Encoding{
	"utf-8":        unicode.UTF8BOM,
	"windows-1252": charmap.Windows1252,
	"iso-8859-1":   charmap.ISO8859_1,
	"utf-16":       unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM),
}

// guessCSV reads all of a file to guess its encoding, and its beginning to
// guess the rest.
func guessCSV(path string) (Reading, error) {
	r := Reading{}
	var err error
	if r.Encoding, err = guessEncoding(path); err != nil {
		return r, err
	}
	text, err := openText(path, r)
	if err != nil {
		return r, err
	}
	defer func() { _ = text.Close() }()
	head := make([]byte, sample)
	n, err := io.ReadFull(text, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return r, err
	}
	head = head[:n]
	if n == sample { // the last line is cut
		head = head[:bytes.LastIndexByte(head, '\n')+1]
	}
	r.Separator = guessSeparator(head)
	r.NoHeader = !hasHeader(head, r.Separator)
	return r, nil
}

func guessEncoding(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReaderSize(f, 1<<20)
	if head, _ := in.Peek(2); utf16(head) {
		return "utf-16", nil
	}
	isUTF8, is1252 := true, false
	var rest []byte
	buffer := make([]byte, 1<<20)
	for {
		n, err := in.Read(buffer)
		part := append(rest, buffer[:n]...)
		if isUTF8 {
			whole := len(part)
			for whole > 0 && len(part)-whole < utf8.UTFMax && !utf8.Valid(part[:whole]) {
				whole-- // a character may be cut in two
			}
			if err != nil {
				whole = len(part)
			}
			isUTF8 = utf8.Valid(part[:whole])
			rest = slices.Clone(part[whole:])
		}
		if !isUTF8 {
			is1252 = is1252 || hasControls(part)
			rest = nil
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	switch {
	case isUTF8:
		return "utf-8", nil
	case is1252:
		return "windows-1252", nil
	default:
		return "iso-8859-1", nil
	}
}

// hasControls: characters such as € and ’ of Windows-1252 stand where
// ISO 8859-1 has controls that nobody uses.
func hasControls(part []byte) bool {
	return slices.ContainsFunc(part, func(b byte) bool { return b >= 0x80 && b < 0xa0 })
}

// guessSeparator takes the one that parts the lines into as many values, and
// most of them.
func guessSeparator(head []byte) string {
	best, most := ",", 0.0
	for _, separator := range []string{";", ",", "\t", "|"} {
		rows := parse(head, separator, 50)
		if len(rows) == 0 || len(rows[0]) < 2 {
			continue
		}
		same := 0
		for _, row := range rows {
			if len(row) == len(rows[0]) {
				same++
			}
		}
		if score := float64(same) / float64(len(rows)) * float64(min(len(rows[0]), 20)); score > most {
			best, most = separator, score
		}
	}
	return best
}

func parse(head []byte, separator string, limit int) [][]string {
	in := newReader(bytes.NewReader(head), separator)
	var rows [][]string
	for len(rows) < limit {
		row, err := in.Read()
		if err != nil {
			break
		}
		rows = append(rows, row)
	}
	return rows
}

var numeric = regexp.MustCompile(`^[-+]?[\d\s\x{a0}\x{202f}]*\d([.,]\d+)?$`)

// hasHeader: names are not numbers, not empty and not twice there. A single
// line is a header.
func hasHeader(head []byte, separator string) bool {
	rows := parse(head, separator, 2)
	if len(rows) == 0 {
		return true
	}
	seen := map[string]bool{}
	for _, name := range rows[0] {
		name = strings.TrimSpace(name)
		if numeric.MatchString(name) || seen[name] && name != "" {
			return false
		}
		seen[name] = true
	}
	return !(len(seen) == 1 && seen[""])
}

func newReader(from io.Reader, separator string) *csv.Reader {
	in := csv.NewReader(from)
	if separator == "" {
		separator = ","
	}
	in.Comma, _ = utf8.DecodeRuneInString(separator)
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	in.ReuseRecord = false
	return in
}

// openText opens a file as text in UTF-8.
func openText(path string, r Reading) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	from, ok := encodings[r.Encoding]
	if !ok {
		from = encodings["utf-8"]
	}
	return struct {
		io.Reader
		io.Closer
	}{transform.NewReader(bufio.NewReaderSize(f, 256<<10), from.NewDecoder()), f}, nil
}

// lines stops reading where a record has no end: a quote that is not closed
// would take all that follows into memory.
type lines struct {
	io.ReadCloser
	since int // bytes since the last record
}

var errEndless = errors.New("a record is longer than 8 MB")

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.since += n; l.since > maxRecord {
		return n, errEndless
	}
	return n, err
}

// csvTable reads the header of a file and counts its lines.
func csvTable(path string, r Reading) (*Table, error) {
	t := &Table{Columns: []string{}, Rows: -1}
	in, err := openText(path, r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	first, err := newReader(in, r.Separator).Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, layers.Errorf(layers.Invalid, "%s is no table of text: %v", path, err)
	}
	if len(first) > maxColumns {
		return nil, layers.Errorf(layers.Invalid, "%s has more than %d columns: check the separator", path, maxColumns)
	}
	t.Columns = columnsOf(first, r.NoHeader)
	if t.Rows, err = countLines(path); err != nil {
		return nil, err
	}
	if !r.NoHeader && t.Rows > 0 {
		t.Rows--
	}
	return t, nil
}

// columnsOf names the columns of a table, each differently.
func columnsOf(first []string, noHeader bool) []string {
	names := make([]string, len(first))
	seen := map[string]bool{}
	for i, name := range first {
		if name = strings.TrimSpace(name); noHeader || name == "" {
			name = "column " + strconv.Itoa(i+1)
		}
		for n, base := 2, name; seen[name]; n++ {
			name = base + " " + strconv.Itoa(n)
		}
		names[i], seen[name] = name, true
	}
	return names
}

// countLines counts the lines of a file; values that go over several make it
// a little more than its rows.
func countLines(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	buffer := make([]byte, 1<<20)
	var n int64
	last := byte('\n')
	for {
		k, err := f.Read(buffer)
		n += int64(bytes.Count(buffer[:k], []byte("\n")))
		if k > 0 {
			last = buffer[k-1]
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	if last != '\n' && last != 0 {
		n++
	}
	return n, nil
}

func csvRows(path string, r Reading) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		text, err := openText(path, r)
		if err != nil {
			yield(Row{}, fmt.Errorf("reading a table: %w", err))
			return
		}
		defer func() { _ = text.Close() }()
		bounded := &lines{ReadCloser: text}
		in := newReader(bounded, r.Separator)
		width := -1
		for n := 0; ; {
			values, err := in.Read()
			bounded.since = 0
			if errors.Is(err, io.EOF) {
				return
			}
			if errors.Is(err, errEndless) || errors.Is(err, csv.ErrQuote) {
				yield(Row{}, layers.Errorf(layers.Invalid, "the table cannot be read after its record %d: a quote is perhaps not closed there, or the separator is another", n))
				return
			}
			if err != nil {
				yield(Row{}, fmt.Errorf("reading a table: %w", err))
				return
			}
			if width < 0 {
				if width = len(values); !r.NoHeader {
					continue
				}
			}
			n++
			row := Row{Number: n, Values: values}
			if !strings.ContainsFunc(strings.Join(values, ""), func(r rune) bool { return r > ' ' }) {
				continue // an empty line
			}
			switch {
			case len(values) > width && strings.TrimSpace(strings.Join(values[width:], "")) != "":
				row.Cells, row.Values = len(values), values[:width]
			case len(values) > width:
				row.Values = values[:width]
			case len(values) < width:
				row.Cells = len(values)
				row.Values = append(values, make([]string, width-len(values))...)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}
