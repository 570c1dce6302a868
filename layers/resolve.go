package layers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"arpent/layers/yamlfile"
)

// Misfits are layers that do not fit together, with all that is wrong: file,
// line and a suggestion.
type Misfits struct {
	ByLayer map[*Layer][]string
	order   []*Layer
}

func (m *Misfits) fault(l *Layer, at []string, format string, args ...any) {
	if m.ByLayer == nil {
		m.ByLayer = map[*Layer][]string{}
	}
	if m.ByLayer[l] == nil {
		m.order = append(m.order, l)
	}
	m.ByLayer[l] = append(m.ByLayer[l], l.placeOf(at)+fmt.Sprintf(format, args...))
}

func (m *Misfits) Error() string {
	var lines []string
	for _, l := range m.order {
		lines = append(lines, m.ByLayer[l]...)
	}
	return strings.Join(lines, "\n")
}

// resolve joins the layers of a catalog to one another: references, children,
// expressions that reach other layers.
func (c *Catalog) resolve(faults *Misfits) error {
	for _, l := range c.layers {
		l.Children = nil
	}
	for _, l := range c.layers {
		fault := func(at []string, format string, args ...any) { faults.fault(l, at, format, args...) }
		for i := range l.Fields {
			if l.Fields[i].Reference != nil {
				c.refer(l, i, fault)
			}
		}
		l.overviewMisfits(fault)
	}
	c.joinNetworks(faults)
	for _, l := range c.layers {
		for _, e := range l.expressions() {
			if err := e.check(l, c, e.want); err != nil {
				faults.fault(l, e.at, "%v", err)
			}
		}
	}
	if len(faults.order) == 0 {
		c.loops(faults)
	}
	if len(faults.order) > 0 {
		return faults
	}
	c.sharePersonal()
	c.hide()
	c.depend()
	return nil
}

// placeOf is where something stands in the file of the layer, for messages.
func (l *Layer) placeOf(at []string) string {
	if l.reader == nil {
		return l.ID + ": " + yamlfile.Key(at)
	}
	return l.reader.Place(at)
}

// refer resolves the reference of a field.
func (c *Catalog) refer(l *Layer, i int, fault func([]string, string, ...any)) {
	f := &l.Fields[i]
	at := []string{"fields", strconv.Itoa(i), "reference"}
	target, ok := c.byID[f.Reference.Layer]
	if !ok {
		fault(append(at, "layer"), "there is no layer %s%s", f.Reference.Layer, yamlfile.Suggest(f.Reference.Layer, slices.Collect(maps.Keys(c.byID))))
		return
	}
	f.Reference.Target = target
	for there := range f.Reference.Where {
		if target.Field(there) == nil {
			fault(append(at, "where", there), "layer %s has no field %s", target.ID, there)
		}
	}
	if f.ColumnType != "" && !sameIDType(f.ColumnType, target.Source.IDType) {
		fault(at, "column %s is of type %s, but the records of %s are identified by %s", f.Column, f.ColumnType, target.ID, target.Source.IDType)
	}
	target.Children = append(target.Children, Child{l, f})
}

// sameIDType reports whether a column can hold identifiers of a type. Whole
// numbers of any length can be compared, and texts.
func sameIDType(column, id string) bool {
	class := func(t string) string {
		switch t {
		case "bigint", "integer", "smallint":
			return "integer"
		case "text", "character varying", "character", "citext":
			return "text"
		}
		return t
	}
	return class(column) == class(id)
}

// computed is a field whose value is computed.
type computed struct {
	layer *Layer
	field *Field
}

// loops tells of computed fields that need themselves.
func (c *Catalog) loops(faults *Misfits) {
	const (
		entered = 1
		left    = 2
	)
	state := map[*Field]int{}
	var path []string
	var visit func(computed)
	visit = func(n computed) {
		name := n.layer.ID + "." + n.field.Name
		switch state[n.field] {
		case left:
			return
		case entered:
			start := slices.Index(path, name)
			i := slices.IndexFunc(n.layer.Fields, func(f Field) bool { return f.Name == n.field.Name })
			faults.fault(n.layer, []string{"fields", strconv.Itoa(i), "compute"},
				"is computed from itself: %s", strings.Join(append(slices.Clone(path[start:]), name), " → "))
			return
		}
		state[n.field] = entered
		path = append(path, name)
		for _, need := range c.needs(n) {
			visit(need)
		}
		path = path[:len(path)-1]
		state[n.field] = left
	}
	for _, l := range c.layers {
		for i := range l.Fields {
			if l.Fields[i].Compute != nil {
				visit(computed{l, &l.Fields[i]})
			}
		}
	}
}

// needs are the computed fields that the value of a computed field is made of.
func (c *Catalog) needs(n computed) []computed {
	var found []computed
	add := func(l *Layer, name string) {
		if f := l.Field(name); f != nil && f.Compute != nil {
			found = append(found, computed{l, f})
		}
	}
	for _, name := range n.field.Compute.Fields() {
		add(n.layer, name)
	}
	for _, call := range n.field.Compute.calls() {
		name, texts := Called(call)
		switch name {
		case "parent":
			add(n.layer.Field(texts[0]).Reference.Target, texts[1])
		case "sum":
			add(c.byID[texts[0]], texts[2])
		}
	}
	return found
}

// reads are the plain fields of other layers that a computed field shows
// something of.
func (c *Catalog) reads(n computed) []*Field {
	var found []*Field
	for _, call := range n.field.Compute.calls() {
		var f *Field
		switch name, texts := Called(call); name {
		case "parent":
			f = n.layer.Field(texts[0]).Reference.Target.Field(texts[1])
		case "sum":
			f = c.byID[texts[0]].Field(texts[2])
		}
		if f != nil && f.Compute == nil {
			found = append(found, f)
		}
	}
	return found
}

// sharePersonal makes a column that one layer calls personal data so in every
// layer of its table.
func (c *Catalog) sharePersonal() {
	personal := map[string]bool{} // by table and column
	for _, l := range c.layers {
		for _, f := range l.Fields {
			personal[l.Source.Table+" "+f.Column] = personal[l.Source.Table+" "+f.Column] || f.Personal && f.Column != ""
		}
	}
	for _, l := range c.layers {
		for i := range l.Fields {
			if f := &l.Fields[i]; f.Column != "" {
				f.Personal = personal[l.Source.Table+" "+f.Column]
			}
		}
	}
}

// hide makes computed fields as private and as personal as what they are
// computed from.
func (c *Catalog) hide() {
	done := map[*Field]bool{}
	var visit func(computed)
	visit = func(n computed) {
		f := n.field
		if done[f] {
			return
		}
		done[f] = true
		for _, need := range c.needs(n) {
			visit(need)
			f.Private, f.Personal = f.Private || need.field.Private, f.Personal || need.field.Personal
		}
		for _, name := range f.Compute.Fields() {
			of := n.layer.Field(name)
			f.Private, f.Personal = f.Private || of.Private, f.Personal || of.Personal
		}
		for _, l := range f.Compute.related {
			f.Private = f.Private || !l.Public
		}
		for _, other := range c.reads(n) {
			f.Personal = f.Personal || other.Personal
		}
	}
	for _, l := range c.layers {
		for i := range l.Fields {
			if l.Fields[i].Compute != nil {
				visit(computed{l, &l.Fields[i]})
			}
		}
	}
}

// RefersToPublic reports whether all records that those of the layer refer to
// may be read by anybody.
func (l *Layer) RefersToPublic() bool {
	return !slices.ContainsFunc(l.Fields, func(f Field) bool {
		return f.Reference != nil && f.Reference.Target != nil && !f.Reference.Target.Public
	})
}

// depend notes which layers show something of other tables in their computed
// fields, which of them change from day to day, and whose labels refer.
func (c *Catalog) depend() {
	c.dependents = map[string][]*Layer{}
	for _, l := range c.layers {
		l.Daily, l.labelRefers = false, l.refersInLabel()
		tables := map[string]bool{}
		seen := map[*Field]bool{}
		var visit func(computed)
		visit = func(n computed) {
			if seen[n.field] {
				return
			}
			seen[n.field] = true
			for _, other := range n.field.Compute.related {
				tables[other.Source.Table] = true
			}
			for _, call := range n.field.Compute.calls() {
				if name, _ := Called(call); name == "today" || name == "now" {
					l.Daily = true
				}
			}
			for _, need := range c.needs(n) {
				visit(need)
			}
		}
		for i := range l.Fields {
			if l.Fields[i].Compute != nil {
				visit(computed{l, &l.Fields[i]})
			}
		}
		delete(tables, l.Source.Table)
		for table := range tables {
			c.dependents[table] = append(c.dependents[table], l)
		}
	}
}
