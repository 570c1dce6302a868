package imports

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/twpayne/go-geom/encoding/wkt"

	"arpent/layers"
	"arpent/layers/exchange"
)

// Inspection is what a file looks like, and a proposal how it fills the layer.
type Inspection struct {
	Format     exchange.Format
	Tables     []exchange.Table
	Rows       [][]string // the first of the table
	Shapes     []string   // theirs, as WKT cut short; "" for none
	Plan       *Plan
	Remembered bool // the plan is the one last used for such columns
}

// shownRows is how many records an inspection shows.
const shownRows = 20

// guessedRows is how many records are looked at to guess.
const guessedRows = 200

// Inspect looks into a file. With nil for reading it is read as it looks; with
// "" for table the first one is taken.
func (s *Service) Inspect(ctx context.Context, v layers.Viewer, id int64, reading *exchange.Reading, table string) (*Inspection, error) {
	i, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, err
	}
	l, err := s.writable(v, i.Layer)
	if err != nil {
		return nil, err
	}
	f, err := s.open(i)
	if err != nil {
		return nil, err
	}
	return s.inspect(ctx, v, l, f, reading, table)
}

func (s *Service) inspect(ctx context.Context, v layers.Viewer, l *layers.Layer, f *exchange.File, reading *exchange.Reading, table string) (*Inspection, error) {
	r, err := f.Guess()
	if err != nil {
		return nil, err
	}
	if reading != nil {
		r = *reading
	}
	in := &Inspection{Format: f.Format, Rows: [][]string{}, Shapes: []string{}}
	if in.Tables, err = f.Tables(ctx, r); err != nil {
		return nil, err
	}
	t, err := tableOf(in.Tables, table)
	if err != nil {
		return nil, err
	}
	var looked []exchange.Row
	for row, err := range f.Rows(ctx, t, r, true) {
		if err != nil {
			return nil, err
		}
		looked = append(looked, row)
		if len(looked) <= shownRows {
			in.Rows = append(in.Rows, row.Values)
			in.Shapes = append(in.Shapes, shapeText(row))
		}
		if len(looked) == guessedRows {
			break
		}
	}
	if in.Plan, err = s.remembered(ctx, v, l.ID, t.Columns); err != nil {
		return nil, err
	}
	if in.Plan != nil && in.Plan.check(v, l) == nil {
		in.Remembered = true
		in.Plan.Table, in.Plan.Reading = t.Name, r
		if slices.Contains(t.Columns, shapeColumn) { // records that were rejected, mended
			in.Plan.Shape = guessShape(l, t, looked)
		}
		return in, nil
	}
	in.Plan = guess(v, l, t, looked)
	in.Plan.Reading = r
	return in, nil
}

func tableOf(all []exchange.Table, name string) (exchange.Table, error) {
	if name == "" {
		return all[0], nil
	}
	i := slices.IndexFunc(all, func(t exchange.Table) bool { return t.Name == name })
	if i < 0 {
		return exchange.Table{}, layers.BadParameter("table", name, "the file has no table of this name")
	}
	return all[i], nil
}

func shapeText(row exchange.Row) string {
	if row.Shape == nil {
		return ""
	}
	text, err := wkt.Marshal(row.Shape, wkt.EncodeOptionWithMaxDecimalDigits(2))
	if err != nil {
		return fmt.Sprintf("%T", row.Shape)
	}
	return text[:min(len(text), 80)]
}

// guess proposes how a table fills a layer.
func guess(v layers.Viewer, l *layers.Layer, t exchange.Table, rows []exchange.Row) *Plan {
	p := &Plan{Table: t.Name, Columns: map[string]string{}, DecimalComma: hasDecimalCommas(rows), Existing: "update", Missing: "create", Repeated: "reject"}
	taken := map[string]bool{}
	for _, want := range []int{exact, part} {
		for i := range l.Fields {
			f := &l.Fields[i]
			if !fillable(v, l, f) || p.Columns[f.Name] != "" || f.Column == l.Source.Collectivity || f.Column == l.Source.ID && !l.Source.IDGiven {
				continue
			}
			for _, column := range t.Columns {
				if !taken[column] && !ours(column) && likeness(f, column) >= want {
					p.Columns[f.Name], taken[column] = column, true
					break
				}
			}
		}
	}
	if l.Source.IDGiven {
		if f := l.IDField(); f != nil && p.Columns[f.Name] != "" {
			p.Key = []string{f.Name}
		}
	}
	if slices.Contains(t.Columns, layers.HiddenID) && l.IDField() == nil { // an export, mended
		p.Columns[layers.HiddenID], p.Key = layers.HiddenID, []string{layers.HiddenID}
	}
	for _, rule := range l.Rules { // what may not come twice knows a record
		if len(p.Key) > 0 || len(rule.Unique) == 0 {
			continue
		}
		key := slices.DeleteFunc(slices.Clone(rule.Unique), func(name string) bool {
			f := l.Field(name)
			return f == nil || f.Column == l.Source.Collectivity
		})
		if len(key) > 0 && !slices.ContainsFunc(key, func(name string) bool { return p.Columns[name] == "" }) {
			p.Key = key
		}
	}
	p.Shape = guessShape(l, t, rows)
	if l.Source.Collectivity != "" {
		if codes, _ := v.MayIn(layers.Import, l); len(codes) == 1 {
			p.Collectivity = codes[0]
		}
	}
	return p
}

// How much a column is like a field.
const (
	unlike = iota
	part
	exact
)

func likeness(f *layers.Field, column string) int {
	c := fold(column)
	best := unlike
	for _, name := range append([]string{f.Name, f.Label.In("fr"), f.Label.In("en")}, f.Aliases...) {
		n := fold(name)
		switch {
		case n == "" || c == "":
		case c == n, strings.ReplaceAll(c, " ", "") == strings.ReplaceAll(n, " ", ""):
			return exact
		// DBF cuts names after ten characters.
		case len(n) > 3 && len(c) > 3 && (strings.HasPrefix(" "+c+" ", " "+n+" ") || strings.HasSuffix(" "+c+" ", " "+n+" ") || len(c) >= 8 && strings.HasPrefix(n, c)):
			best = part
		}
	}
	return best
}

var decimalComma = regexp.MustCompile(`^-?\d+,\d+$`)

// hasDecimalCommas reports whether numbers are written 3,14.
func hasDecimalCommas(rows []exchange.Row) bool {
	commas, points := 0, 0
	for _, row := range rows {
		for _, value := range row.Values {
			value = strings.TrimSpace(value)
			if decimalComma.MatchString(value) {
				commas++
			} else if strings.Contains(value, ".") && decimalComma.MatchString(strings.Replace(value, ".", ",", 1)) {
				points++
			}
		}
	}
	return commas > points
}

var (
	xNames    = []string{"longitude", "lon", "lng", "long", "x", "coord x", "coordx", "x l93", "x lambert93", "easting", "est"}
	yNames    = []string{"latitude", "lat", "y", "coord y", "coordy", "y l93", "y lambert93", "northing", "nord"}
	textNames = []string{"wkt", "geom", "geometry", "geometrie", "the geom", "shape", shapeColumn}
)

// guessShape says where the shapes of a table may come from.
func guessShape(l *layers.Layer, t exchange.Table, rows []exchange.Row) ShapePlan {
	if l.Source.Geometry == "" {
		return ShapePlan{}
	}
	if t.Shape != "" {
		p := ShapePlan{From: "file", SRID: t.SRID}
		for _, row := range rows {
			if p.SRID == 0 && row.Shape != nil && !row.Shape.Empty() {
				b := row.Shape.Bounds()
				p.SRID = guessSRID(b.Min(0), b.Min(1))
				break
			}
		}
		return p
	}
	if column := named(t.Columns, textNames); column != "" {
		at := slices.Index(t.Columns, column)
		for _, row := range rows {
			if g, srid, err := parseShape(row.Values[at]); err == nil && g != nil {
				b := g.Bounds()
				return ShapePlan{From: "text", Text: column, SRID: cmp.Or(srid, guessSRID(b.Min(0), b.Min(1)))}
			}
		}
	}
	x, y := named(t.Columns, xNames), named(t.Columns, yNames)
	if x == "" || y == "" || l.Geometry.Type != "Point" && l.Geometry.Type != "MultiPoint" && l.Geometry.Type != "Geometry" {
		return ShapePlan{}
	}
	p := ShapePlan{From: "columns", X: x, Y: y}
	atX, atY := slices.Index(t.Columns, x), slices.Index(t.Columns, y)
	for _, row := range rows {
		easting, errX := parseNumber(row.Values[atX], true)
		northing, errY := parseNumber(row.Values[atY], true)
		if errX == nil && errY == nil {
			p.SRID = guessSRID(easting, northing)
			break
		}
	}
	return p
}

func named(columns, names []string) string {
	for _, name := range names {
		for _, column := range columns {
			if fold(column) == fold(name) {
				return column
			}
		}
	}
	return ""
}

// guessSRID tells the CRS of a place in France by its coordinates; 0 when they
// could be in several, or in none that is known here.
func guessSRID(x, y float64) int {
	in := func(v, low, high float64) bool { return v >= low && v <= high }
	switch {
	case math.Abs(x) <= 180 && math.Abs(y) <= 90 && (math.Abs(x) > 1e-9 || math.Abs(y) > 1e-9):
		return 4326
	case in(x, 0, 1_300_000) && in(y, 6_000_000, 7_200_000):
		return 2154 // Lambert-93
	case in(x, 1_000_000, 2_400_000) && in(y, 1_000_000, 9_400_000): // conformal conic of nine zones
		if zone := int(math.Floor(y/1e6)) + 3941; zone >= 3942 && zone <= 3950 {
			return zone
		}
	}
	return 0
}
