package layers

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/goccy/go-yaml"
)

// Expression is a formula over the fields of a record, in a small part of the
// language of expr-lang/expr: conditions, computed values, first values and
// rules are all written in it. It is only parsed and checked here; PostgreSQL
// alone evaluates it (layers/postgis), so that it means the same in a form, in
// a list and in a tile. As in SQL, an operation with nothing is nothing.
type Expression struct {
	Text string
	root ast.Node
	// Filled when the catalog is made.
	types   map[ast.Node]Type
	related map[string]*Layer
}

// Type is the type of a field or of a part of an expression.
type Type string

// The types of values. Nothing is that of nil, which fits every other;
// unknown is that of a field whose column was not yet looked at.
const (
	TypeText     Type = "text"
	TypeInteger  Type = "integer"
	TypeNumber   Type = "number"
	TypeBoolean  Type = "boolean"
	TypeDate     Type = "date"
	TypeDatetime Type = "datetime"
	TypeNothing  Type = "nothing"
	unknown      Type = ""
)

// Root is the syntax tree.
func (e *Expression) Root() ast.Node { return e.root }

// TypeOf is the type of a node of the tree, of an expression in a catalog.
func (e *Expression) TypeOf(n ast.Node) Type { return e.types[n] }

// Related is another layer that the expression names, of an expression in a
// catalog.
func (e *Expression) Related(id string) *Layer { return e.related[id] }

// UnmarshalYAML reads the text; parse comes later, where the line is known.
func (e *Expression) UnmarshalYAML(data []byte) error { return yaml.Unmarshal(data, &e.Text) }

// parserConfig leaves none of expr's own functions: functions has ours.
var parserConfig = func() *conf.Config {
	c := conf.CreateNew()
	c.Functions = conf.FunctionsTable{}
	for name := range functions {
		c.Functions[name] = &builtin.Function{Name: name}
	}
	for name := range c.Builtins {
		c.Disabled[name] = true
	}
	return c
}()

// ParseExpression parses a formula; its names are not yet checked.
func ParseExpression(text string) (*Expression, error) {
	e := &Expression{Text: text}
	return e, e.parse()
}

func (e *Expression) parse() error {
	tree, err := parser.ParseWithConfig(e.Text, parserConfig)
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "\n")
		return Errorf(Invalid, "%q cannot be read: %s", e.Text, message)
	}
	e.root = tree.Node
	return nil
}

// function is one that expressions may call: the types of its arguments and
// of its value. Same stands for the type that the arguments share.
type function struct {
	args   []Type
	result Type
}

// same is the type that the arguments of a function share.
const same Type = "same"

var functions = map[string]function{
	"today": {nil, TypeDate}, "now": {nil, TypeDatetime}, "date": {[]Type{TypeText}, TypeDate},
	"year": {[]Type{TypeDate}, TypeInteger}, "month": {[]Type{TypeDate}, TypeInteger},
	"years": {[]Type{TypeDate, TypeDate}, TypeInteger}, "days": {[]Type{TypeDate, TypeDate}, TypeInteger},
	"addDays":   {[]Type{TypeDate, TypeInteger}, TypeDate},
	"addMonths": {[]Type{TypeDate, TypeInteger}, TypeDate},
	"addYears":  {[]Type{TypeDate, TypeInteger}, TypeDate},
	"abs":       {[]Type{TypeNumber}, TypeNumber}, "round": {[]Type{TypeNumber, TypeInteger}, TypeNumber},
	"floor": {[]Type{TypeNumber}, TypeInteger}, "ceil": {[]Type{TypeNumber}, TypeInteger},
	"min": {[]Type{same, same}, same}, "max": {[]Type{same, same}, same},
	"lower": {[]Type{TypeText}, TypeText}, "upper": {[]Type{TypeText}, TypeText}, "trim": {[]Type{TypeText}, TypeText},
	"len": {[]Type{TypeText}, TypeInteger}, "text": {[]Type{same}, TypeText},
	"area": {nil, TypeNumber}, "length": {nil, TypeNumber},
	// These name layers and fields, as literal texts.
	"count": {[]Type{TypeText, TypeText}, TypeInteger}, "sum": {[]Type{TypeText, TypeText, TypeText}, TypeNumber},
	"parent": {[]Type{TypeText, TypeText}, unknown},
}

// Fields are the fields of the record itself that the expression names, in
// order of names. It must have been parsed.
func (e *Expression) Fields() []string {
	var names []string
	walk(e.root, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.IdentifierNode:
			names = append(names, n.Value)
		case *ast.CallNode:
			if name, args := Called(n); name == "parent" && len(args) > 0 {
				names = append(names, args[0])
			}
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// walk calls fn on each node whose value the expression uses: not on the names
// of functions.
func walk(n ast.Node, fn func(ast.Node)) {
	if n == nil {
		return
	}
	fn(n)
	switch n := n.(type) {
	case *ast.UnaryNode:
		walk(n.Node, fn)
	case *ast.BinaryNode:
		walk(n.Left, fn)
		walk(n.Right, fn)
	case *ast.ConditionalNode:
		walk(n.Cond, fn)
		walk(n.Exp1, fn)
		walk(n.Exp2, fn)
	case *ast.ArrayNode:
		for _, item := range n.Nodes {
			walk(item, fn)
		}
	case *ast.CallNode:
		for _, arg := range n.Arguments {
			walk(arg, fn)
		}
	}
}

// Called is the name of the function that a node calls, and its arguments as
// far as they are literal texts.
func Called(n *ast.CallNode) (name string, texts []string) {
	if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
		name = callee.Value
	}
	for _, arg := range n.Arguments {
		s, ok := arg.(*ast.StringNode)
		if !ok {
			break
		}
		texts = append(texts, s.Value)
	}
	return name, texts
}

// calls are the calls of functions in the expression.
func (e *Expression) calls() []*ast.CallNode {
	var found []*ast.CallNode
	walk(e.root, func(n ast.Node) {
		if call, ok := n.(*ast.CallNode); ok {
			found = append(found, call)
		}
	})
	return found
}
