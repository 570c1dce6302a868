package postgis

import (
	"fmt"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"arpent/layers"
)

// scope is where an expression is read: the rows of a layer under an alias,
// with what the viewer may see there. It writes SQL whose literal values are
// parameters of the statement.
type scope struct {
	st     *statement
	viewer layers.Viewer
	layer  *layers.Layer
	alias  string
	depth  *int // makes the aliases of inner rows unique
}

// scopeOf is the scope of the rows t of a layer.
func scopeOf(st *statement, v layers.Viewer, l *layers.Layer, at time.Time) scope {
	if st.role == rolePublic || st.role == "" && readingRole(v, l, at) == rolePublic {
		v = layers.Viewer{Language: v.Language} // the role sees no more than anybody
	}
	return scope{st, v, l, "t", new(int)}
}

// inner is the scope of rows of another layer within an expression.
func (s scope) inner(l *layers.Layer) scope {
	*s.depth++
	s.layer, s.alias = l, fmt.Sprintf("t%d", *s.depth)
	return s
}

// column is a column of the rows.
func (s scope) column(name string) string {
	if s.alias == "" {
		return column(name)
	}
	return s.alias + "." + column(name)
}

// sqlTypes are the types of PostgreSQL in which values of expressions are.
var sqlTypes = map[layers.Type]string{
	layers.TypeText: "text", layers.TypeInteger: "int8", layers.TypeNumber: "float8",
	layers.TypeBoolean: "bool", layers.TypeDate: "date", layers.TypeDatetime: "timestamptz",
}

// value is the value of a field: its column, or what computes it. Nothing
// where the viewer may not see it, or not in rows of that collectivity.
func (s scope) value(f *layers.Field) string {
	kind := sqlTypes[layers.Type(f.Type)]
	codes, all := s.sees(f)
	switch {
	case all:
		return s.whole(f)
	case len(codes) == 0:
		return "null::" + kind
	}
	return fmt.Sprintf("(case when %s = any (%s::text[]) then %s end)", s.column(s.layer.Source.Collectivity), s.st.arg(codes), s.whole(f))
}

// whole is the value of a field in every row.
func (s scope) whole(f *layers.Field) string {
	kind := sqlTypes[layers.Type(f.Type)]
	switch {
	case f.Compute != nil:
		return fmt.Sprintf("(%s)::%s", s.expression(f.Compute), kind)
	case f.ColumnType == "text" && f.Type == "text", f.ColumnType == kind:
		return s.column(f.Column)
	default:
		return s.column(f.Column) + "::" + kind
	}
}

// expression is the SQL of an expression over the rows.
func (s scope) expression(e *layers.Expression) string { return s.node(e, e.Root()) }

// condition is an expression that is met only when it is true.
func (s scope) condition(e *layers.Expression) string {
	return fmt.Sprintf("coalesce(%s, false)", s.expression(e))
}

func (s scope) node(e *layers.Expression, n ast.Node) string {
	switch n := n.(type) {
	case *ast.NilNode:
		return "null"
	case *ast.BoolNode:
		return fmt.Sprint(n.Value)
	case *ast.IntegerNode:
		return s.st.arg(n.Value) + "::int8"
	case *ast.FloatNode:
		return s.st.arg(n.Value) + "::float8"
	case *ast.StringNode:
		return s.st.arg(n.Value) + "::text"
	case *ast.IdentifierNode:
		return s.value(s.layer.Field(n.Value))
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return fmt.Sprintf("(not %s)", s.node(e, n.Node))
		}
		return fmt.Sprintf("(%s %s)", n.Operator, s.node(e, n.Node))
	case *ast.BinaryNode:
		return s.binary(e, n)
	case *ast.ConditionalNode:
		return fmt.Sprintf("(case when %s then %s else %s end)", s.node(e, n.Cond), s.node(e, n.Exp1), s.node(e, n.Exp2))
	case *ast.CallNode:
		return s.call(e, n)
	}
	panic(fmt.Sprintf("expression %q was not checked: it has a %T", e.Text, n))
}

// operators of expressions, with the values a and b.
var operators = map[string]string{
	"and": "(%s and %s)", "&&": "(%s and %s)", "or": "(%s or %s)", "||": "(%s or %s)",
	"==": "(%s = %s)", "!=": "(%s <> %s)", "<": "(%s < %s)", "<=": "(%s <= %s)", ">": "(%s > %s)", ">=": "(%s >= %s)",
	"+": "(%s + %s)", "-": "(%s - %s)", "*": "(%s * %s)", "/": "(%s::float8 / nullif(%s, 0))", "%": "(%s %% nullif(%s, 0))",
	"**": "power(%s::float8, %s::float8)", "^": "power(%s::float8, %s::float8)", "??": "coalesce(%s, %s)",
	"contains": "(position(%[2]s in %[1]s) > 0)", "startsWith": "starts_with(%s, %s)",
	"endsWith": "(right(%[1]s, length(%[2]s)) = %[2]s)", "matches": "(%s ~ %s)",
}

func (s scope) binary(e *layers.Expression, n *ast.BinaryNode) string {
	left := s.node(e, n.Left)
	_, rightNil := n.Right.(*ast.NilNode)
	switch {
	case n.Operator == "in":
		var items []string
		for _, item := range n.Right.(*ast.ArrayNode).Nodes {
			items = append(items, s.node(e, item))
		}
		return fmt.Sprintf("(%s in (%s))", left, strings.Join(items, ", "))
	case n.Operator == "==" && rightNil:
		return fmt.Sprintf("(%s is null)", left)
	case n.Operator == "!=" && rightNil:
		return fmt.Sprintf("(%s is not null)", left)
	case n.Operator == "+" && e.TypeOf(n) == layers.TypeText:
		return fmt.Sprintf("(%s || %s)", left, s.node(e, n.Right))
	}
	return fmt.Sprintf(operators[n.Operator], left, s.node(e, n.Right))
}

// calls are the functions whose arguments are values.
var calls = map[string]string{
	"today": "current_date", "now": "now()", "date": "%s::date",
	"year": "extract(year from %s)::int8", "month": "extract(month from %s)::int8",
	"years": "extract(year from age(%[2]s::date, %[1]s::date))::int8", "days": "(%[2]s::date - %[1]s::date)::int8",
	"addDays": "(%s::date + (%s)::int)", "addMonths": "(%s::date + make_interval(months => (%s)::int))::date",
	"addYears": "(%s::date + make_interval(years => (%s)::int))::date",
	"abs":      "abs(%s)", "round": "round((%s)::numeric, (%s)::int)::float8", "floor": "floor(%s)::int8", "ceil": "ceil(%s)::int8",
	"min":   "case when %[1]s is not null and %[2]s is not null then least(%[1]s, %[2]s) end",
	"max":   "case when %[1]s is not null and %[2]s is not null then greatest(%[1]s, %[2]s) end",
	"lower": "lower(%s)", "upper": "upper(%s)", "trim": "btrim(%s)", "len": "length(%s)::int8", "text": "(%s)::text",
}

func (s scope) call(e *layers.Expression, n *ast.CallNode) string {
	name, texts := layers.Called(n)
	switch name {
	case "parent":
		return s.parent(texts[0], texts[1])
	case "count":
		return s.children(e.Related(texts[0]), texts[1], func(scope) string { return "count(*)::int8" }, "0::int8")
	case "sum":
		return s.children(e.Related(texts[0]), texts[1], func(rows scope) string {
			return fmt.Sprintf("coalesce(sum(%s), 0)::float8", rows.value(rows.layer.Field(texts[2])))
		}, "0::float8")
	case "area":
		return s.measure("ST_Area(%s)")
	case "length":
		return s.measure("ST_Length(%s)")
	}
	args := make([]any, len(n.Arguments))
	for i, arg := range n.Arguments {
		args[i] = s.node(e, arg)
	}
	if len(args) == 0 {
		return calls[name]
	}
	return fmt.Sprintf(calls[name], args...)
}

// parent is a field of the record that a field refers to.
func (s scope) parent(field, of string) string {
	f := s.layer.Field(field)
	rows := s.inner(f.Reference.Target)
	if !s.viewer.MaySee(s.layer, f) || !s.viewer.May(layers.Read, rows.layer, "") {
		return "null::" + sqlTypes[layers.Type(rows.layer.Field(of).Type)]
	}
	return fmt.Sprintf("(select %s from %s where %s = %s)",
		rows.value(rows.layer.Field(of)), rows.rows(), rows.column(rows.layer.Source.ID), s.column(f.Column))
}

// children is an aggregate over the records of a layer whose field refers to
// the row.
func (s scope) children(l *layers.Layer, field string, aggregate func(scope) string, none string) string {
	rows := s.inner(l)
	if !s.viewer.May(layers.Read, l, "") {
		return "null::" + strings.SplitN(none, "::", 2)[1]
	}
	return fmt.Sprintf("(select %s from %s where %s = %s)",
		aggregate(rows), rows.rows(), rows.column(l.Field(field).Column), s.column(s.layer.Source.ID))
}

// measure is a measure of the shape on the ground, in m or m².
func (s scope) measure(format string) string {
	if s.layer.Source.Geometry == "" {
		return "null::float8"
	}
	return fmt.Sprintf(format, fmt.Sprintf("ST_Transform(%s, 4326)::geography", s.column(s.layer.Source.Geometry)))
}

// maxLabels is how many references deep a label follows those of others.
const maxLabels = 3

// label is the title of the row, null when its fields give none. A field that
// refers to another record shows the label of that.
func (s scope) label(level int) string {
	var parts []string
	for _, part := range s.layer.LabelParts() {
		if part.Field == "" {
			parts = append(parts, s.st.arg(part.Text)+"::text")
			continue
		}
		parts = append(parts, fmt.Sprintf("coalesce(%s, '')", s.words(s.layer.Field(part.Field), level)))
	}
	if len(parts) == 0 {
		return "null::text"
	}
	return fmt.Sprintf(`nullif(btrim(regexp_replace(%s, '\s+', ' ', 'g')), '')`, strings.Join(parts, " || "))
}

// words are the value of a field as people read it: the label of the record
// that it refers to, the label of a choice.
func (s scope) words(f *layers.Field, level int) string {
	switch {
	case !s.viewer.MaySee(s.layer, f):
		return "null::text"
	case f.Reference != nil:
		rows := s.inner(f.Reference.Target)
		if !s.viewer.System() {
			rows.viewer.Purpose = "" // whose label it is, is not read: personal data stays out
		}
		if level == maxLabels || !s.viewer.May(layers.Read, rows.layer, "") {
			return s.value(f) + "::text"
		}
		return fmt.Sprintf("(select %s from %s where %s = %s)",
			rows.label(level+1), rows.rows(), rows.column(rows.layer.Source.ID), s.column(f.Column))
	case f.Enum != nil:
		value := s.value(f)
		choices := &strings.Builder{}
		for _, c := range f.Enum {
			fmt.Fprintf(choices, " when %s::text then %s::text", s.st.arg(c.Value), s.st.arg(c.Label.In(s.viewer.Language)))
		}
		return fmt.Sprintf("case %s::text%s else %s::text end", value, choices, value)
	}
	return s.readable(f) + "::text"
}

// readable is the value of a field in the form in which its type is carried:
// text, int8, float8, bool, dates in ISO 8601.
func (s scope) readable(f *layers.Field) string {
	value := s.value(f)
	switch layers.Type(f.Type) {
	case layers.TypeInteger:
		return value + "::int8"
	case layers.TypeNumber:
		return value + "::float8"
	case layers.TypeBoolean:
		return value + "::bool"
	case layers.TypeDate:
		return fmt.Sprintf("to_char(%s, 'YYYY-MM-DD')", value)
	case layers.TypeDatetime:
		return fmt.Sprintf(`to_char(%s at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, value)
	default:
		return value + "::text"
	}
}

// plain is the value of a field as filters compare it: the bare column, so
// that an index of it answers.
func (s scope) plain(f *layers.Field) string {
	codes, all := s.sees(f)
	switch {
	case f.Compute != nil:
		return s.value(f)
	case all:
		return s.column(f.Column)
	}
	return fmt.Sprintf("(case when %s = any (%s::text[]) then %s end)", s.column(s.layer.Source.Collectivity), s.st.arg(codes), s.column(f.Column))
}

// typed is a value given as text, as a parameter of the type of the field.
func (s *statement) typed(f *layers.Field, value string) string {
	kind := f.ColumnType
	if f.Compute != nil {
		kind = sqlTypes[layers.Type(f.Type)]
	}
	return fmt.Sprintf("%s::text::%s", s.arg(value), kind)
}
