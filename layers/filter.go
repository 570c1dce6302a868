package layers

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"arpent/layers/cql2"
)

// maxReferences is through how many references a property of a filter may lead.
const maxReferences = 3

// Lead follows a property of a filter from a layer through references, as in
// "section.commune.name", to the field that is compared, of the last layer.
func (v Viewer) Lead(l *Layer, property string) (through []*Field, field *Field, of *Layer, err error) {
	names := strings.Split(property, ".")
	if len(names)-1 > maxReferences {
		return nil, nil, nil, BadParameter("filter", property, "leads through more than %d references", maxReferences)
	}
	for i, name := range names {
		f := l.Field(name)
		if f == nil || !v.MaySee(l, f) {
			return nil, nil, nil, BadParameter("filter", property, "layer %s has no field %q", l.ID, name)
		}
		if i == len(names)-1 {
			return through, f, l, nil
		}
		if f.Reference == nil || !v.May(Read, f.Reference.Target, "") {
			return nil, nil, nil, BadParameter("filter", property, "field %q of layer %s refers to no record that you may read", name, l.ID)
		}
		through, l = append(through, f), f.Reference.Target
	}
	panic("strings.Split gives at least one part")
}

// Child finds the layer whose records refer to those of l by a property
// "layer.field" of a filter.
func (v Viewer) Child(l *Layer, property string) (*Child, error) {
	for i := range l.Children {
		c := &l.Children[i]
		if c.Layer.ID+"."+c.Field.Name == property && v.May(Read, c.Layer, "") && v.MaySee(c.Layer, c.Field) {
			return c, nil
		}
	}
	return nil, BadParameter("filter", property, "names no field of a layer that refers to records of layer %s", l.ID)
}

// checkFilter reports what in a filter does not fit the layer.
func (v Viewer) checkFilter(l *Layer, e cql2.Expr) error {
	switch e.Op {
	case "and", "or", "not":
		for _, arg := range e.Args {
			if err := v.checkFilter(l, arg); err != nil {
				return err
			}
		}
		return nil
	case cql2.Related:
		child, err := v.Child(l, e.Args[0].Property)
		if err != nil || len(e.Args) == 1 {
			return err
		}
		return v.checkFilter(child.Layer, e.Args[1])
	}
	if e.IsSpatial() {
		return l.checkSpatial(e)
	}
	return v.checkPredicate(l, e)
}

// checkSpatial reports where a layer has no such shape to compare.
func (l *Layer) checkSpatial(e cql2.Expr) error {
	switch name := e.Args[0].Property; {
	case l.Source.Geometry == "":
		return BadParameter("filter", e.Op, "the records of layer %s have no shape", l.ID)
	case name != "geometry" && name != l.Source.Geometry:
		return BadParameter("filter", name, "is no shape of layer %s: the property is \"geometry\"", l.ID)
	}
	return nil
}

// withOthers finds the layers with whose features the filter compares.
func (q *Query) withOthers(c *Catalog, v Viewer) error {
	if q.Filter == nil {
		return nil
	}
	for e := range q.Filter.All() {
		if e.Features == nil {
			continue
		}
		l, err := c.Get(v, e.Features.Layer)
		if err != nil {
			return BadParameter("filter", e.Features.Layer, "there is no layer of this name that you may read")
		}
		if l.Source.Geometry == "" {
			return BadParameter("filter", l.ID, "the records of this layer have no shape to compare with")
		}
		if q.Others == nil {
			q.Others = map[string]*Layer{}
		}
		q.Others[l.ID] = l
	}
	return nil
}

// checkPredicate holds the values of a predicate against the field that they
// are compared with.
func (v Viewer) checkPredicate(l *Layer, e cql2.Expr) error {
	first, folded := operandOf(e.Args[0])
	if first.Property == "" {
		return BadParameter("filter", nil, "%q compares a property with values: name the property first", e.Op)
	}
	through, field, _, err := v.Lead(l, first.Property)
	if err != nil {
		return err
	}
	if (folded || e.Op == "like") && field.Type != string(TypeText) {
		return BadParameter("filter", first.Property, "is no text, which %q needs", e.Op)
	}
	for _, arg := range e.Args[1:] {
		for _, value := range append(arg.List, arg) {
			operand, _ := operandOf(value)
			switch {
			case value.List != nil:
			case operand.Property != "":
				_, other, _, err := v.Lead(l, operand.Property)
				if err != nil {
					return err
				}
				if len(through) > 0 || strings.Contains(operand.Property, ".") {
					return BadParameter("filter", operand.Property, "a field of another record is compared with values only")
				}
				if other.Type != field.Type && !(other.numeric() && field.numeric()) {
					return BadParameter("filter", operand.Property, "is of type %s, %q of type %s", other.Type, field.Name, field.Type)
				}
			case !field.takes(operand.Literal):
				return BadParameter("filter", operand.Literal, "is no value of field %q, which is of type %s", first.Property, field.Type)
			}
		}
	}
	return nil
}

func operandOf(e cql2.Expr) (cql2.Expr, bool) {
	operand, casei, accenti := e.Operand()
	return operand, casei || accenti
}

func (f *Field) numeric() bool {
	return f.Type == string(TypeInteger) || f.Type == string(TypeNumber)
}

// takes reports whether a literal of a filter can be compared with the field.
func (f *Field) takes(literal any) bool {
	switch value := literal.(type) {
	case string:
		return f.Type == string(TypeText) && !strings.ContainsRune(value, 0)
	case float64:
		return f.numeric() && math.Abs(value) < 1e18
	case bool:
		return f.Type == string(TypeBoolean)
	case cql2.Date:
		return f.Type == string(TypeDate) || f.Type == string(TypeDatetime)
	case cql2.Timestamp:
		return f.Type == string(TypeDatetime)
	}
	return false
}

// LeadsAway reports whether the filter looks at records of other layers.
func (q *Query) LeadsAway() bool {
	if q.Filter == nil {
		return false
	}
	for e := range q.Filter.All() {
		if e.Op == cql2.Related || strings.Contains(e.Property, ".") || e.Features != nil {
			return true
		}
	}
	return false
}

// selectedBy are the reads of personal data that an answer amounts to by what
// it was selected by, which it tells of even where it only counts. What lists
// show of their own layer is noted with its records, unless it is counted.
func (s *Service) selectedBy(v Viewer, l *Layer, q Query, counted bool) []PersonalRead {
	if v.System() || v.Purpose == "" {
		return nil
	}
	used := map[*Layer][]string{}
	use := func(of *Layer, f *Field) {
		if f != nil && f.Personal && (counted || of != l) && !slices.Contains(used[of], f.Name) {
			used[of] = append(used[of], f.Name)
		}
	}
	for name := range q.Equal {
		use(l, l.Field(name))
	}
	if q.Text != "" {
		for _, name := range l.Search {
			use(l, l.Field(name))
		}
	}
	if q.Filter != nil {
		v.fieldsOf(l, *q.Filter, use)
	}
	var reads []PersonalRead
	for of, fields := range used {
		slices.Sort(fields)
		reads = append(reads, s.personalRead(v, of, "", []string{}, fields))
	}
	slices.SortFunc(reads, func(a, b PersonalRead) int { return strings.Compare(a.Layer, b.Layer) })
	return reads
}

// fieldsOf tells use of each field that a filter compares.
func (v Viewer) fieldsOf(l *Layer, e cql2.Expr, use func(*Layer, *Field)) {
	if e.Op == cql2.Related {
		child, err := v.Child(l, e.Args[0].Property)
		if err == nil && len(e.Args) == 2 {
			v.fieldsOf(child.Layer, e.Args[1], use)
		}
		return
	}
	if e.Property != "" {
		if _, f, of, err := v.Lead(l, e.Property); err == nil {
			use(of, f)
		}
	}
	for _, arg := range slices.Concat(e.Args, e.List) {
		v.fieldsOf(l, arg, use)
	}
}

// literal is the value of a layer file for a filter.
func (f *Field) literal(text string) cql2.Expr {
	switch Type(f.Type) {
	case TypeInteger, TypeNumber:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return cql2.Expr{Literal: n}
		}
	case TypeBoolean:
		return cql2.Expr{Literal: text == "true"}
	case TypeDate:
		return cql2.Expr{Literal: cql2.Date(text)}
	case TypeDatetime:
		return cql2.Expr{Literal: cql2.Timestamp(text)}
	}
	return cql2.Expr{Literal: text}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
