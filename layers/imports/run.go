package imports

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/twpayne/go-geom"

	"arpent/layers"
	"arpent/layers/exchange"
)

// Outcome is what became of an import.
type Outcome struct {
	Import     int64    `json:"import"`
	DryRun     bool     `json:"dryRun"`
	Written    bool     `json:"written" doc:"false after a dry run, and where a rejected record kept all from being written"`
	Created    int      `json:"created"`
	Updated    int      `json:"updated"`
	Unchanged  int      `json:"unchanged"`
	Skipped    int      `json:"skipped"`
	Rejected   int      `json:"rejected"`
	References int      `json:"references" doc:"Records that were created for others to refer to"`
	Rejects    []Reject `json:"rejects" nullable:"false" doc:"The first of the rejected records; all are in the file of rejects"`
	Columns    []string `json:"columns" nullable:"false"`
	Cause      string   `json:"cause" doc:"By which the import is found in history and undone"`
}

// Reject is a record that cannot be imported.
type Reject struct {
	Row    int      `json:"row" doc:"Its number in the file, from 1"`
	Reason string   `json:"reason"`
	Values []string `json:"values" nullable:"false"`
}

// shownRejects is how many rejected records an outcome lists.
const shownRejects = 200

// batch is how many records are looked up at once.
const batch = 500

// Run imports a file, or with dryRun checks all of it and writes nothing. It
// is done once for a cause, by which history knows it.
func (s *Service) Run(ctx context.Context, v layers.Viewer, i *Import, p Plan, cause string, dryRun bool, report func(done, total int64)) (*Outcome, error) {
	l, err := s.writable(v, i.Layer)
	if err != nil {
		return nil, err
	}
	if err := p.check(v, l); err != nil {
		return nil, err
	}
	f, err := s.open(i)
	if err != nil {
		return nil, err
	}
	c, err := s.converter(ctx, v, l, f, p)
	if err != nil {
		return nil, err
	}
	r := &running{converter: c, now: i.viewer, report: report, outcome: &Outcome{Import: i.ID, DryRun: dryRun, Rejects: []Reject{}, Columns: c.columns(), Cause: cause}}
	r.rejects, err = newRejects(s.rejectsPath(i), r.outcome.Columns, c.table.Shape != "", c.plan.Shape.SRID, p.Reading.Separator, v.Language)
	if err != nil {
		return nil, err
	}
	defer r.rejects.drop()
	tally, err := s.layers.TransactAll(ctx, v, r.edits(ctx), layers.Bulk{
		Cause: r.outcome.Cause, DryRun: dryRun, Whole: p.Whole,
		Rejected: r.rejected, Created: r.created, Progress: r.progress,
	})
	if err != nil {
		return nil, err
	}
	o := r.outcome
	o.Created, o.Updated, o.Unchanged, o.Rejected, o.Written = tally.Created-o.References, tally.Updated, tally.Unchanged, tally.Rejected, tally.Written
	if tally.Before {
		o.Created = tally.Created
		return o, nil
	}
	if err := r.rejects.keep(); err != nil {
		return nil, err
	}
	if v.System() { // the command line has no account that could remember
		return o, nil
	}
	return o, s.remember(ctx, v, l.ID, c.table.Columns, &p)
}

// running is an import at work.
type running struct {
	*converter
	now     func(ctx context.Context) (layers.Viewer, error) // who imports, with the rights of now; nil where they stay
	outcome *Outcome
	rejects *rejects
	report  func(done, total int64)

	first  int                  // place of the first record in the stream: others are created before
	window map[int]exchange.Row // by place in the stream: records that may still be rejected
	making map[int]made         // by place in the stream: records created for others to refer to
	seen   map[string]int       // by key: the number of the record that has it
	read   int64
}

type made struct {
	matcher *matcher
	value   string
}

// edits are what is to be done, a stream as long as the file.
func (r *running) edits(ctx context.Context) iter.Seq2[layers.Edit, error] {
	return func(yield func(layers.Edit, error) bool) {
		r.window, r.making, r.seen = map[int]exchange.Row{}, map[int]made{}, map[string]int{}
		n, err := r.createReferences(ctx, yield)
		if err != nil {
			if !errors.Is(err, errStopped) {
				yield(layers.Edit{}, err)
			}
			return
		}
		r.first = n
		rows := make([]exchange.Row, 0, batch)
		flush := func() bool {
			for _, e := range r.convert(ctx, rows) {
				if errors.Is(e.err, errSkip) {
					r.outcome.Skipped++
					continue
				}
				r.window[n] = e.row
				n++
				if !yield(e.edit, e.err) {
					return false
				}
			}
			rows = rows[:0]
			return true
		}
		for row, err := range r.file.Rows(ctx, r.table, r.plan.Reading, !r.layer.Geometry.Z) {
			if err != nil {
				yield(layers.Edit{}, err)
				return
			}
			r.read++
			if rows = append(rows, row); len(rows) == batch && !flush() {
				return
			}
		}
		if !flush() || !yield(layers.Edit{}, layers.ErrFlush) {
			return
		}
		if err := r.stillMay(ctx); err != nil {
			yield(layers.Edit{}, err)
		}
	}
}

// stillMay holds that the rights are those that the import began with. The
// database refuses records from the moment that a right is gone; those before
// would be half an import.
func (r *running) stillMay(ctx context.Context) error {
	if r.now == nil {
		return nil
	}
	now, err := r.now(ctx)
	if err != nil {
		return err
	}
	if now.Admin != r.viewer.Admin || !reflect.DeepEqual(now.Profiles, r.viewer.Profiles) {
		return layers.Errorf(layers.Forbidden, "%s", r.words("vos droits ont changé pendant l'import : rien n'a été écrit ; voyez avec un administrateur, puis recommencez",
			"your rights changed during the import: nothing was written; ask an administrator, then import again"))
	}
	return nil
}

var errStopped = errors.New("no more edits are wanted")

// maxMade is how many records an import creates for others to refer to.
const maxMade = 10_000

// createReferences creates the records that others will refer to, and returns
// how many edits that took.
func (r *running) createReferences(ctx context.Context, yield func(layers.Edit, error) bool) (int, error) {
	if len(r.plan.Create) == 0 {
		return 0, nil
	}
	type wish struct {
		matcher             *matcher
		value, collectivity string
	}
	var wishes []wish
	asked := map[wish]bool{}
	for row, err := range r.file.Rows(ctx, r.table, r.plan.Reading, true) {
		if err != nil {
			return 0, err
		}
		for _, name := range r.plan.Create {
			m := r.matchers[name]
			text := strings.TrimSpace(r.text(row, name))
			if m == nil || text == "" {
				continue
			}
			w := wish{m, fold(text), ""}
			if asked[w] {
				continue
			}
			asked[w] = true
			if _, err := m.find(text, r.plan.Collectivity, nil); errors.Is(err, errNone) {
				wishes = append(wishes, wish{m, text, r.plan.Collectivity})
			} else if err != nil && !errors.Is(err, errSeveral) {
				return 0, err
			}
			if len(wishes) > maxMade {
				return 0, layers.Errorf(layers.Invalid, "more than %d records would be created for others to refer to: check the column of %s, or import these records first", maxMade, name)
			}
		}
	}
	for n, w := range wishes {
		f := naming(w.matcher.target)
		if f == nil {
			return 0, layers.Errorf(layers.Invalid, "records of layer %s cannot be created by their name alone: import them first", w.matcher.target.ID)
		}
		r.making[n] = made{w.matcher, w.value}
		if !yield(layers.Edit{Op: layers.Create, Layer: w.matcher.target.ID, Collectivity: w.collectivity, Properties: map[string]any{f.Name: w.value}}, nil) {
			return 0, errStopped
		}
	}
	if !yield(layers.Edit{}, layers.ErrFlush) {
		return 0, errStopped
	}
	return len(wishes), nil
}

func (r *running) created(n int, id string) {
	if m, ok := r.making[n]; ok {
		m.matcher.created[fold(m.value)] = id
		r.outcome.References++
	}
}

func (r *running) progress(int) {
	clear(r.window)
	r.report(r.read, max(r.table.Rows, r.read))
}

func (r *running) rejected(n int, why *layers.Error) error {
	reason := r.explain(why)
	if m, ok := r.making[n]; ok {
		return layers.Errorf(layers.Invalid, "%s", r.words("« %s » ne peut pas être créé dans %s : %s", "“%s” cannot be created in %s: %s",
			m.value, m.matcher.target.Title.In(r.viewer.Language), reason))
	}
	row := r.window[n]
	if len(r.outcome.Rejects) < shownRejects {
		r.outcome.Rejects = append(r.outcome.Rejects, Reject{Row: row.Number, Reason: reason, Values: r.own(row.Values)})
	}
	row.Values = r.own(row.Values)
	return r.rejects.add(row, reason)
}

// converted is a record as an edit, or why there is none.
type converted struct {
	row  exchange.Row
	edit layers.Edit
	err  error
	key  layers.Key
}

var errSkip = errors.New("left out as wanted")

func reject(reason string) error {
	return &layers.RejectedEdit{Why: &layers.Error{Kind: layers.Invalid, Detail: reason}}
}

// convert makes edits of records.
func (r *running) convert(ctx context.Context, rows []exchange.Row) []converted {
	all := make([]converted, len(rows))
	for i, row := range rows {
		all[i] = r.record(row)
	}
	if len(r.plan.Key) == 0 {
		return all
	}
	var keys []layers.Key
	var at []int
	for i := range all {
		if all[i].err == nil {
			if all[i].err = r.key(&all[i]); all[i].err == nil {
				keys, at = append(keys, all[i].key), append(at, i)
			}
		}
	}
	if len(keys) == 0 {
		return all
	}
	found, err := r.service.Identify(ctx, r.viewer, r.layer.ID, r.plan.Key, keys)
	for k, i := range at {
		if err != nil {
			all[i].err = err
			continue
		}
		all[i].decide(r, found[k])
	}
	return all
}

// key reads the key of a record from its properties.
func (r *running) key(c *converted) error {
	c.key.Collectivity = c.edit.Collectivity
	for _, name := range r.plan.Key {
		value := c.edit.Properties[name]
		if value == nil {
			return reject(r.words("%s : la clé est vide", "%s: the key is empty", r.label(name)))
		}
		c.key.Values = append(c.key.Values, keyText(value))
	}
	text := c.key.Collectivity + "\x00" + strings.Join(c.key.Values, "\x00")
	before, again := r.seen[text]
	switch {
	case again && r.plan.Repeated == "first":
		return errSkip
	case again:
		return reject(r.words("a la même clé que la ligne %d", "has the same key as record %d", before))
	}
	r.seen[text] = c.row.Number
	return nil
}

func keyText(value any) string {
	if f, ok := value.(float64); ok {
		return formatNumber(f)
	}
	return fmt.Sprint(value)
}

// decide says what is done with a record whose key is known, or is not.
func (c *converted) decide(r *running, found layers.Identified) {
	p := r.plan
	switch {
	case found.Several:
		c.err = reject(r.words("plusieurs enregistrements ont cette clé", "several records have this key"))
	case found.ID != "" && p.Existing == "skip", found.ID == "" && p.Missing == "skip":
		c.err = errSkip
	case found.ID != "" && p.Existing == "reject":
		c.err = reject(r.words("existe déjà", "exists already"))
	case found.ID == "" && p.Missing == "reject":
		c.err = reject(r.words("n'existe pas encore : aucun enregistrement n'a cette clé", "does not exist yet: no record has this key"))
	case found.ID != "":
		c.edit.Op, c.edit.ID, c.edit.Collectivity = layers.Update, found.ID, ""
		if f := r.layer.IDField(); f != nil {
			delete(c.edit.Properties, f.Name)
		}
	}
	if r.layer.IDField() == nil {
		delete(c.edit.Properties, layers.HiddenID)
	}
	if c.edit.Op == layers.Create {
		c.edit.Properties = withoutNulls(c.edit.Properties)
	}
}

// withoutNulls lets a new record take the first values of its fields where the
// file has none.
func withoutNulls(properties map[string]any) map[string]any {
	for name, value := range properties {
		if value == nil {
			delete(properties, name)
		}
	}
	return properties
}

// converter makes edits of records, one by one.
type converter struct {
	service    *layers.Service
	viewer     layers.Viewer
	layer      *layers.Layer
	file       *exchange.File
	table      exchange.Table
	plan       Plan
	at         map[string]int // by column
	fields     []*layers.Field
	constants  map[string]any
	matchers   map[string]*matcher
	ownerField string
}

func (s *Service) converter(ctx context.Context, v layers.Viewer, l *layers.Layer, f *exchange.File, p Plan) (*converter, error) {
	tables, err := f.Tables(ctx, p.Reading)
	if err != nil {
		return nil, err
	}
	c := &converter{ownerField: ownerField(l), service: s.layers, viewer: v, layer: l, file: f, plan: p, at: map[string]int{}, constants: map[string]any{}, matchers: map[string]*matcher{}}
	if c.table, err = tableOf(tables, p.Table); err != nil {
		return nil, err
	}
	for i, name := range c.table.Columns {
		c.at[name] = i
	}
	for _, name := range []string{p.Shape.X, p.Shape.Y, p.Shape.Text} {
		if _, ok := c.at[name]; name != "" && !ok {
			return nil, noColumn(name)
		}
	}
	for i := range l.Fields {
		field := &l.Fields[i]
		column, mapped := p.Columns[field.Name]
		constant, fixed := p.Constants[field.Name]
		if !mapped && !fixed {
			continue
		}
		if _, ok := c.at[column]; mapped && !ok {
			return nil, noColumn(column)
		}
		if field.Reference != nil {
			if c.matchers[field.Name], err = s.matcher(ctx, v, field); err != nil {
				return nil, err
			}
			_, c.matchers[field.Name].codes = c.at[layers.HiddenID]
		}
		if mapped {
			c.fields = append(c.fields, field)
			continue
		}
		value, err := c.read(field, constant, p.Collectivity, nil)
		if err != nil {
			return nil, &layers.Error{Kind: layers.Invalid, Detail: c.label(field.Name) + ": " + err.Error(),
				Faults: []layers.Fault{{Location: "constants." + field.Name, Message: err.Error()}}}
		}
		c.constants[field.Name] = value
	}
	if column := p.Columns[layers.HiddenID]; column != "" && l.IDField() == nil {
		if _, ok := c.at[column]; !ok {
			return nil, noColumn(column)
		}
		c.fields = append(c.fields, l.KeyField(layers.HiddenID))
	}
	return c, nil
}

func noColumn(name string) error {
	return layers.Errorf(layers.Invalid, "the file has no column %q: look at it again", name)
}

// columns are those of the file, without what an earlier rejection added.
func (c *converter) columns() []string {
	return slices.DeleteFunc(slices.Clone(c.table.Columns), ours)
}

// own are the values of those columns.
func (c *converter) own(values []string) []string {
	var kept []string
	for i, name := range c.table.Columns {
		if !ours(name) {
			kept = append(kept, values[i])
		}
	}
	return kept
}

func (c *converter) text(row exchange.Row, field string) string {
	i, ok := c.at[c.plan.Columns[field]]
	switch {
	case !ok:
		return ""
	case c.file.Format == exchange.CSV || c.file.Format == exchange.XLSX:
		return exchange.Plain(row.Values[i])
	default:
		return row.Values[i]
	}
}

// record makes an edit that creates a record.
func (c *converter) record(row exchange.Row) converted {
	out := converted{row: row, edit: layers.Edit{Op: layers.Create, Layer: c.layer.ID, Collectivity: c.plan.Collectivity, Properties: map[string]any{}}}
	if row.Cells != 0 {
		out.err = reject(c.words("la ligne a %d valeurs, l'en-tête %d : un séparateur est de trop ou manque", "the line has %d values, the header %d: a separator is too many or missing", row.Cells, len(c.table.Columns)))
		return out
	}
	for name, value := range c.constants {
		out.edit.Properties[name] = value
	}
	if c.ownerField != "" {
		if owner := strings.TrimSpace(c.text(row, c.ownerField)); owner != "" {
			out.edit.Collectivity = owner
		}
	}
	if !c.viewer.May(layers.Import, c.layer, out.edit.Collectivity) {
		out.err = reject(c.words("vous n'avez pas le droit d'importer pour la collectivité %s", "you have no right to import for collectivity %s", out.edit.Collectivity))
		return out
	}
	var wrong []string
	for _, pass := range []bool{false, true} { // references last: they may be bound to other fields
		for _, f := range c.fields {
			if (f.Reference != nil) != pass {
				continue
			}
			text := strings.TrimSpace(c.text(row, f.Name))
			if text == "" {
				if !c.plan.EmptyKeeps {
					out.edit.Properties[f.Name] = nil
				}
				continue
			}
			value, err := c.read(f, text, out.edit.Collectivity, out.edit.Properties)
			if err != nil {
				wrong = append(wrong, c.label(f.Name)+" : "+err.Error())
				continue
			}
			out.edit.Properties[f.Name] = value
		}
	}
	shape, err := c.shape(row)
	if err != nil {
		wrong = append(wrong, err.Error())
	} else if shape == nil && c.plan.Shape.Required {
		wrong = append(wrong, c.words("n'a pas de position", "has no position"))
	}
	out.edit.Geometry = shape
	if len(wrong) > 0 {
		out.err = reject(strings.Join(wrong, " ; "))
	} else if len(c.plan.Key) == 0 {
		out.edit.Properties = withoutNulls(out.edit.Properties)
	}
	return out
}

// read reads the text of any field.
func (c *converter) read(f *layers.Field, text, collectivity string, properties map[string]any) (any, error) {
	m := c.matchers[f.Name]
	if m == nil {
		return c.value(f, text)
	}
	var bound []string
	for _, there := range m.where {
		value := ""
		if v := properties[f.Reference.Where[there]]; v != nil {
			value = keyText(v)
		}
		bound = append(bound, value)
	}
	id, err := m.find(text, collectivity, bound)
	title := m.target.Title.In(c.viewer.Language)
	switch {
	case errors.Is(err, errSeveral):
		return nil, c.say("« %s » désigne plusieurs enregistrements de %s", "“%s” means several records of %s", short(text), title)
	case errors.Is(err, errNone):
		return nil, c.say("« %s » n'existe pas dans %s", "“%s” does not exist in %s", short(text), title)
	case err != nil:
		return nil, err
	case f.Type == "integer":
		n, err := parseNumber(id, false)
		return int64(n), err
	}
	return id, nil
}

// shape is the shape of a record; nil for none.
func (c *converter) shape(row exchange.Row) (geom.T, error) {
	p := c.plan.Shape
	var g geom.T
	switch p.From {
	case "":
		return nil, nil
	case "file":
		g = row.Shape
	case "columns":
		x, y := strings.TrimSpace(row.Values[c.at[p.X]]), strings.TrimSpace(row.Values[c.at[p.Y]])
		if x == "" && y == "" {
			return nil, nil
		}
		easting, err := parseNumber(x, true)
		if err != nil {
			return nil, c.say("%s : « %s » n'est pas une coordonnée", "%s: “%s” is no coordinate", p.X, short(x))
		}
		northing, err := parseNumber(y, true)
		if err != nil {
			return nil, c.say("%s : « %s » n'est pas une coordonnée", "%s: “%s” is no coordinate", p.Y, short(y))
		}
		g = geom.NewPointFlat(geom.XY, []float64{easting, northing})
	case "text":
		text := strings.TrimSpace(row.Values[c.at[p.Text]])
		read, srid, err := parseShape(text)
		if err != nil {
			return nil, c.say("%s : « %s » n'est pas une géométrie WKT", "%s: “%s” is no geometry in WKT", p.Text, short(text))
		}
		if g = read; g != nil && srid != 0 {
			layers.SetSRID(g, srid)
		}
	}
	if g == nil || g.Empty() {
		return nil, nil
	}
	if g.SRID() == 0 {
		layers.SetSRID(g, p.SRID)
	}
	return single(g, c.layer.Geometry.Type), nil
}

// single takes the only part of a collection where the layer wants no
// collections.
func single(g geom.T, want string) geom.T {
	var one geom.T
	switch g := g.(type) {
	case *geom.MultiPoint:
		if want == "Point" && g.NumPoints() == 1 {
			one = g.Point(0)
		}
	case *geom.MultiLineString:
		if want == "LineString" && g.NumLineStrings() == 1 {
			one = g.LineString(0)
		}
	case *geom.MultiPolygon:
		if want == "Polygon" && g.NumPolygons() == 1 {
			one = g.Polygon(0)
		}
	}
	if one == nil {
		return g
	}
	layers.SetSRID(one, g.SRID())
	return one
}

func (c *converter) label(name string) string {
	if f := c.layer.Field(name); f != nil && f.Label.In(c.viewer.Language) != "" {
		return f.Label.In(c.viewer.Language)
	}
	return name
}

// explain puts an error of the layer into words for who mends the file.
func (c *converter) explain(why *layers.Error) string {
	if len(why.Faults) == 0 {
		return c.translated(why.Detail)
	}
	var all []string
	for _, f := range why.Faults {
		where := strings.TrimPrefix(f.Location, "properties.")
		switch {
		case where == "geometry":
			where = c.words("géométrie", "shape")
		case where != "":
			where = c.label(where)
		}
		if where != "" {
			where += c.words(" : ", ": ")
		}
		all = append(all, where+c.translated(f.Message))
	}
	return strings.Join(all, " ; ")
}

// french are the words of what the form of a layer says most often.
var french = []struct{ en, fr string }{
	{"is required here", "est obligatoire ici"},
	{"is required", "est obligatoire"},
	{"a value is required", "est obligatoire"},
	{"may not be null: a value is required", "est obligatoire"},
	{"may not be empty", "ne peut pas être vide"},
	{"another feature already has this value", "un autre enregistrement a déjà cette valeur"},
	{"refers to a record that does not exist", "désigne un enregistrement qui n'existe pas"},
	{"does not have the form ", "n'a pas la forme "},
	{"is not valid: ", "n'est pas valide : "},
	{"is not one of ", "n'est pas l'une de "},
	{"is read-only: leave it out", "ne se modifie pas : retirer cette colonne"},
	{"needs a third coordinate (height in metres) in every position", "doit avoir une altitude en chaque point"},
	{"you have no right to edit layer", "vous n'avez pas le droit de modifier la couche"},
	{"maximum: got ", "au plus permis dépassé : "},
	{"minimum: got ", "au moins permis non atteint : "},
	{"maxLength: got ", "trop long : "},
	{"lies where ", "se trouve où n'est pas défini "},
}

func (c *converter) translated(message string) string {
	if c.viewer.Language == "en" {
		return message
	}
	for _, w := range french {
		if rest, ok := strings.CutPrefix(message, w.en); ok {
			return w.fr + rest
		}
	}
	return message
}
