package postgis

import (
	"fmt"
	"strconv"
	"strings"

	"arpent/layers"
	"arpent/layers/cql2"
)

// filter is the SQL of a filter that was checked against the layer of the
// scope. Values are parameters of the statement.
func (s scope) filter(e cql2.Expr) (string, error) {
	switch e.Op {
	case "and", "or":
		var parts []string
		for _, arg := range e.Args {
			part, err := s.filter(arg)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return "(" + strings.Join(parts, " "+e.Op+" ") + ")", nil
	case "not":
		inner, err := s.filter(e.Args[0])
		return "(not " + inner + ")", err
	case cql2.Related:
		return s.related(e)
	}
	if e.IsSpatial() {
		return s.spatial(e)
	}
	return s.predicate(e)
}

// related is met by rows to which rows of another layer refer.
func (s scope) related(e cql2.Expr) (string, error) {
	child, err := s.viewer.Child(s.layer, e.Args[0].Property)
	if err != nil {
		return "", err
	}
	rows := s.inner(child.Layer)
	condition := ""
	from := rows.rows()
	if len(e.Args) == 2 {
		if condition, err = rows.filter(e.Args[1]); err != nil {
			return "", err
		}
		condition = " and " + condition
	}
	refers := rows.plain(child.Field)
	return fmt.Sprintf("(%s in (select %s from %s where %s is not null%s))", s.column(s.layer.Source.ID), refers, from, refers, condition), nil
}

// predicate compares a field with values. One of another record is compared
// there: which records meet it is found once, not for each row.
func (s scope) predicate(e cql2.Expr) (string, error) {
	operand, _, _ := e.Args[0].Operand()
	through, field, _, err := s.viewer.Lead(s.layer, operand.Property)
	if err != nil {
		return "", err
	}
	if len(through) == 0 {
		return s.comparison(e, field)
	}
	refers := s.plain(through[0])
	rows := s.inner(through[0].Reference.Target)
	from := rows.rows()
	_, rest, _ := strings.Cut(operand.Property, ".")
	condition, err := rows.predicate(cql2.Expr{Op: e.Op, Args: append([]cql2.Expr{renamed(e.Args[0], rest)}, e.Args[1:]...)})
	if err != nil {
		return "", err
	}
	met := fmt.Sprintf("%s in (select %s from %s where %s)", refers, rows.column(rows.layer.Source.ID), from, condition)
	if e.Op == "isNull" {
		return fmt.Sprintf("(%s is null or %s)", refers, met), nil
	}
	return "(" + met + ")", nil
}

// renamed is an operand with another property under the same functions.
func renamed(e cql2.Expr, property string) cql2.Expr {
	if e.Op == "" {
		return cql2.Expr{Property: property}
	}
	return cql2.Expr{Op: e.Op, Args: []cql2.Expr{renamed(e.Args[0], property)}}
}

// comparison compares a field of the rows.
func (s scope) comparison(e cql2.Expr, f *layers.Field) (string, error) {
	var values []string
	for _, arg := range e.Args[min(1, len(e.Args)):] {
		for _, value := range arg.List {
			values = append(values, s.operand(value, f))
		}
		if arg.List == nil {
			values = append(values, s.operand(arg, f))
		}
	}
	subject := s.operand(e.Args[0], f)
	switch e.Op {
	case "=", "<>", "<", "<=", ">", ">=", "like":
		return fmt.Sprintf("(%s %s %s)", subject, e.Op, values[0]), nil
	case "between":
		return fmt.Sprintf("(%s between %s and %s)", subject, values[0], values[1]), nil
	case "isNull":
		return fmt.Sprintf("(%s is null)", subject), nil
	case "in":
		if len(values) == 0 {
			return "false", nil
		}
		return fmt.Sprintf("(%s in (%s))", subject, strings.Join(values, ", ")), nil
	}
	return "", layers.BadParameter("filter", e.Op, "is no comparison")
}

// operand is a property or a value that is compared with a field.
func (s scope) operand(e cql2.Expr, f *layers.Field) string {
	operand, casei, accenti := e.Operand()
	sql := ""
	switch value := operand.Literal.(type) {
	case string:
		sql = s.st.arg(value) + "::text"
	case float64:
		kind := "numeric"
		if f.Type == string(layers.TypeInteger) && value == float64(int64(value)) {
			kind = "int8"
		}
		sql = s.st.arg(strconv.FormatFloat(value, 'f', -1, 64)) + "::text::" + kind
	case bool:
		sql = s.st.arg(value) + "::bool"
	case cql2.Date:
		sql = s.st.arg(string(value)) + "::text::" + sqlTypes[layers.Type(f.Type)]
	case cql2.Timestamp:
		sql = s.st.arg(string(value)) + "::text::timestamptz"
	default:
		field := f
		if operand.Property != "" {
			if own := s.layer.Field(operand.Property); own != nil {
				field = own
			}
		}
		sql = s.plain(field)
		if f.Type == string(layers.TypeText) && field.ColumnType != "text" && field.Compute == nil {
			sql += "::text"
		}
	}
	if accenti {
		sql = "public.unaccent('public.unaccent', " + sql + ")"
	}
	if casei {
		sql = "lower(" + sql + ")"
	}
	return sql
}
