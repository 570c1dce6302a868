package cql2

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Bounds of what is read: a filter is written by people or by their programs,
// not by the megabyte.
const (
	maxBytes = 64 << 10
	maxDepth = 32
	maxNodes = 2000
)

// ParseJSON reads a filter from its JSON. An error says where it is wrong, as
// "args[1].args[0]".
func ParseJSON(data []byte) (*Expr, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("is longer than %d KiB", maxBytes>>10)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, fmt.Errorf("is no JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("goes on after the end of its JSON")
	}
	r := &reader{}
	e, err := r.expr(value, "", 0)
	if err != nil {
		return nil, err
	}
	if !e.IsPredicate() {
		return nil, errors.New(`is no condition: it begins with {"op": …}`)
	}
	return &e, nil
}

// reader reads a tree and counts its nodes and the positions of its shapes.
type reader struct{ nodes, positions int }

func fault(path, format string, args ...any) error {
	if path == "" {
		return fmt.Errorf(format, args...)
	}
	return fmt.Errorf(strings.TrimPrefix(path, ".")+": "+format, args...)
}

func (r *reader) expr(value any, path string, depth int) (Expr, error) {
	if r.nodes++; r.nodes > maxNodes {
		return Expr{}, fmt.Errorf("has more than %d parts", maxNodes)
	}
	if depth > maxDepth {
		return Expr{}, fault(path, "is nested more than %d deep", maxDepth)
	}
	switch v := value.(type) {
	case nil, string, bool:
		return Expr{Literal: v}, nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return Expr{}, fault(path, "is no finite number")
		}
		return Expr{Literal: v}, nil
	case []any:
		return r.list(v, path, depth)
	case map[string]any:
		return r.object(v, path, depth)
	}
	return Expr{}, fault(path, "is nothing that a filter holds")
}

func (r *reader) list(values []any, path string, depth int) (Expr, error) {
	list := Expr{List: []Expr{}}
	for i, value := range values {
		at := fmt.Sprintf("%s[%d]", path, i)
		e, err := r.expr(value, at, depth+1)
		if err != nil {
			return Expr{}, err
		}
		if e.List != nil || e.IsPredicate() || e.Geometry != nil || e.Features != nil {
			return Expr{}, fault(at, "is no value")
		}
		list.List = append(list.List, e)
	}
	return list, nil
}

func (r *reader) object(object map[string]any, path string, depth int) (Expr, error) {
	if name, ok := object["property"].(string); ok && name != "" {
		return Expr{Property: name}, nil
	}
	if text, ok := object["date"].(string); ok {
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return Expr{}, fault(path, "%q is no day: write 2026-01-31", text)
		}
		return Expr{Literal: Date(text)}, nil
	}
	if text, ok := object["timestamp"].(string); ok {
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			return Expr{}, fault(path, "%q is no moment: write 2026-01-31T08:30:00Z", text)
		}
		return Expr{Literal: Timestamp(text)}, nil
	}
	if isShape(object) {
		return r.shape(object, path)
	}
	op, ok := object["op"].(string)
	if !ok {
		return Expr{}, fault(path, "has none of op, property, date, timestamp, and is no shape")
	}
	arity, known := arities[op]
	if !known {
		return Expr{}, fault(path, "there is no operator %q here", op)
	}
	args, _ := object["args"].([]any)
	if len(args) < arity[0] || arity[1] > 0 && len(args) > arity[1] {
		return Expr{}, fault(path, "%q has %d arguments", op, len(args))
	}
	e := Expr{Op: op}
	for i, value := range args {
		at := fmt.Sprintf("%s.args[%d]", path, i)
		arg, err := r.expr(value, at, depth+1)
		if err != nil {
			return Expr{}, err
		}
		if err := fits(op, i, arg); err != nil {
			return Expr{}, fault(at, "%w", err)
		}
		e.Args = append(e.Args, arg)
	}
	return e, nil
}

// fits reports whether an operator takes an argument at its place.
func fits(op string, i int, arg Expr) error {
	switch {
	case op == "and" || op == "or" || op == "not" || op == Related && i == 1:
		if !arg.IsPredicate() {
			return fmt.Errorf("%q joins conditions, this is a value", op)
		}
	case op == "in" && i == 1:
		if arg.List == nil {
			return errors.New("is no list")
		}
	case op == Related:
		if arg.Property == "" {
			return errors.New(`names no property "layer.field"`)
		}
	case slices.Contains(spatial, op):
		return fitsSpatial(i, arg)
	default:
		if arg.Geometry != nil || arg.Features != nil {
			return fmt.Errorf("%q compares values, this is a shape", op)
		}
		if arg.IsPredicate() || arg.List != nil {
			return fmt.Errorf("%q compares values", op)
		}
	}
	return nil
}

// MarshalJSON writes a filter as JSON; ParseJSON reads the same tree from it.
func (e Expr) MarshalJSON() ([]byte, error) {
	switch {
	case e.Op != "":
		args := e.Args
		if args == nil {
			args = []Expr{}
		}
		return json.Marshal(struct {
			Op   string `json:"op"`
			Args []Expr `json:"args"`
		}{e.Op, args})
	case e.Property != "":
		return json.Marshal(map[string]string{"property": e.Property})
	case e.List != nil:
		return json.Marshal(e.List)
	case e.Geometry != nil:
		return marshalShape(e.Geometry)
	case e.Features != nil:
		return json.Marshal(map[string]*Features{"features": e.Features})
	}
	switch v := e.Literal.(type) {
	case Date:
		return json.Marshal(map[string]string{"date": string(v)})
	case Timestamp:
		return json.Marshal(map[string]string{"timestamp": string(v)})
	}
	return json.Marshal(e.Literal)
}

// UnmarshalJSON reads a filter.
func (e *Expr) UnmarshalJSON(data []byte) error {
	read, err := ParseJSON(data)
	if err != nil {
		return err
	}
	*e = *read
	return nil
}
