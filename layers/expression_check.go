package layers

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"

	"arpent/layers/yamlfile"
)

// checker finds the type of every part of an expression, and what is wrong.
// Without a catalog, as when a file is read by itself, types of columns and
// other layers are unknown, which fits everything.
type checker struct {
	layer   *Layer
	catalog *Catalog // nil: the file by itself
	types   map[ast.Node]Type
	related map[string]*Layer
}

// check checks an expression that is to give the type, in a layer.
func (e *Expression) check(l *Layer, c *Catalog, want Type) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case mistake:
			err = Errorf(Invalid, "%q: %s", e.Text, string(p))
		default:
			panic(p)
		}
	}()
	k := &checker{layer: l, catalog: c, types: map[ast.Node]Type{}, related: map[string]*Layer{}}
	k.want(e.root, want, "the expression")
	if c != nil {
		e.types, e.related = k.types, k.related
	}
	return nil
}

// mistake is what is wrong with an expression; it unwinds the check.
type mistake string

func wrong(format string, args ...any) { panic(mistake(fmt.Sprintf(format, args...))) }

// fits reports whether a value of type is may stand where want is needed.
func fits(is, want Type) bool {
	return is == want || is == unknown || want == unknown || is == TypeNothing ||
		is == TypeInteger && want == TypeNumber || is == TypeDatetime && want == TypeDate
}

// common is the type that holds values of both.
func common(a, b Type) (Type, bool) {
	switch {
	case a == TypeNothing || a == unknown:
		return b, true
	case b == TypeNothing || b == unknown || a == b:
		return a, true
	case fits(a, b):
		return b, true
	case fits(b, a):
		return a, true
	}
	return unknown, false
}

func (k *checker) want(n ast.Node, want Type, what string) Type {
	is := k.typeOf(n)
	if !fits(is, want) {
		wrong("%s must be of type %s and is of type %s", what, want, is)
	}
	return is
}

func (k *checker) typeOf(n ast.Node) Type {
	t := k.find(n)
	k.types[n] = t
	return t
}

func (k *checker) find(n ast.Node) Type {
	switch n := n.(type) {
	case *ast.NilNode:
		return TypeNothing
	case *ast.BoolNode:
		return TypeBoolean
	case *ast.IntegerNode:
		return TypeInteger
	case *ast.FloatNode:
		return TypeNumber
	case *ast.StringNode:
		return TypeText
	case *ast.IdentifierNode:
		f := k.field(k.layer, n.Value)
		return Type(f.Type)
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			return k.want(n.Node, TypeNumber, "what follows "+n.Operator)
		}
		return k.want(n.Node, TypeBoolean, "what follows "+n.Operator)
	case *ast.BinaryNode:
		return k.binary(n)
	case *ast.ConditionalNode:
		k.want(n.Cond, TypeBoolean, "the condition before ?")
		t, ok := common(k.typeOf(n.Exp1), k.typeOf(n.Exp2))
		if !ok {
			wrong("the two values of a condition are of types %s and %s", k.types[n.Exp1], k.types[n.Exp2])
		}
		return t
	case *ast.CallNode:
		return k.call(n)
	}
	wrong("%s is not part of this language", n.String())
	return unknown
}

func (k *checker) field(l *Layer, name string) *Field {
	f := l.Field(name)
	if f == nil {
		var names []string
		for i := range l.Fields {
			names = append(names, l.Fields[i].Name)
		}
		wrong("layer %s has no field %s%s", l.ID, name, yamlfile.Suggest(name, names))
	}
	return f
}

func (k *checker) binary(n *ast.BinaryNode) Type {
	switch n.Operator {
	case "and", "or", "&&", "||":
		k.want(n.Left, TypeBoolean, "what stands before "+n.Operator)
		k.want(n.Right, TypeBoolean, "what stands after "+n.Operator)
		return TypeBoolean
	case "in":
		list, ok := n.Right.(*ast.ArrayNode)
		if !ok || len(list.Nodes) == 0 {
			wrong("after in stands a list of values: ['a', 'b']")
		}
		left := k.typeOf(n.Left)
		for _, item := range list.Nodes {
			if _, ok := common(left, k.typeOf(item)); !ok {
				wrong("a value of type %s is never one of type %s", left, k.types[item])
			}
		}
		return TypeBoolean
	case "contains", "startsWith", "endsWith", "matches":
		k.want(n.Left, TypeText, "what stands before "+n.Operator)
		k.want(n.Right, TypeText, "what stands after "+n.Operator)
		return TypeBoolean
	case "==", "!=", "<", "<=", ">", ">=":
		left, right := k.typeOf(n.Left), k.typeOf(n.Right)
		if _, ok := common(left, right); !ok {
			wrong("a value of type %s cannot be compared with one of type %s", left, right)
		}
		return TypeBoolean
	case "??":
		t, ok := common(k.typeOf(n.Left), k.typeOf(n.Right))
		if !ok {
			wrong("the values on both sides of ?? are of types %s and %s", k.types[n.Left], k.types[n.Right])
		}
		return t
	case "+", "-", "*", "/", "%", "**", "^":
		return k.arithmetic(n)
	}
	wrong("the operator %s is not part of this language", n.Operator)
	return unknown
}

func (k *checker) arithmetic(n *ast.BinaryNode) Type {
	left, right := k.typeOf(n.Left), k.typeOf(n.Right)
	if n.Operator == "+" && (left == TypeText || right == TypeText) && fits(left, TypeText) && fits(right, TypeText) {
		return TypeText
	}
	if !fits(left, TypeNumber) || !fits(right, TypeNumber) {
		wrong("%s takes two numbers, and here are values of types %s and %s", n.Operator, left, right)
	}
	if left == TypeInteger && right == TypeInteger && n.Operator != "/" && n.Operator != "**" && n.Operator != "^" {
		return TypeInteger
	}
	return TypeNumber
}

func (k *checker) call(n *ast.CallNode) Type {
	name, texts := Called(n)
	f, ok := functions[name]
	if !ok {
		wrong("there is no function %s%s", name, yamlfile.Suggest(name, slices.Collect(maps.Keys(functions))))
	}
	if len(n.Arguments) != len(f.args) {
		wrong("%s takes %d values and is given %d", name, len(f.args), len(n.Arguments))
	}
	shared := TypeNothing
	for i, arg := range n.Arguments {
		if f.args[i] != same {
			k.want(arg, f.args[i], fmt.Sprintf("value %d of %s", i+1, name))
			continue
		}
		if shared, ok = common(shared, k.typeOf(arg)); !ok {
			wrong("the values of %s are of different types", name)
		}
	}
	switch {
	case name == "parent" || name == "count" || name == "sum":
		if len(texts) != len(f.args) {
			wrong("%s takes names, in quotes", name)
		}
		return k.relation(name, texts, f.result)
	case name == "date" && (len(texts) != 1 || !isDate(texts[0])):
		wrong("date takes a date that exists, in quotes: date('2026-01-31')")
	case f.result == same:
		return shared
	}
	return f.result
}

// relation checks a function that reaches records of another layer.
func (k *checker) relation(name string, texts []string, result Type) Type {
	if name == "parent" {
		f := k.field(k.layer, texts[0])
		if f.Reference == nil {
			wrong("field %s refers to no layer: give it a reference", f.Name)
		}
		if k.catalog == nil {
			return unknown
		}
		return Type(k.field(k.layerCalled(f.Reference.Layer), texts[1]).Type)
	}
	if k.catalog == nil {
		return result
	}
	child := k.layerCalled(texts[0])
	if f := k.field(child, texts[1]); f.Reference == nil || f.Reference.Layer != k.layer.ID {
		wrong("field %s of layer %s does not refer to layer %s", texts[1], child.ID, k.layer.ID)
	}
	if name == "sum" {
		if f := k.field(child, texts[2]); !fits(Type(f.Type), TypeNumber) {
			wrong("field %s of layer %s is no number to sum up", texts[2], child.ID)
		}
	}
	return result
}

func (k *checker) layerCalled(id string) *Layer {
	l, ok := k.catalog.byID[id]
	if !ok {
		wrong("there is no layer %s%s", id, yamlfile.Suggest(id, slices.Collect(maps.Keys(k.catalog.byID))))
	}
	k.related[id] = l
	return l
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
