// Package yamlfile reads the YAML files that people write, each under a JSON
// Schema. What is wrong in one is told by file, line, key and what to change.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is what a kind of file must look like.
type Schema struct {
	text     []byte
	compiled *jsonschema.Schema
}

// MustSchema takes the text of a JSON Schema of our own making.
func MustSchema(text []byte) *Schema {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err)
	}
	return &Schema{text, Compile(document)}
}

// Compile compiles a schema of our own making.
func Compile(document any) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", document); err != nil {
		panic(err)
	}
	return c.MustCompile("schema.json")
}

// File is a file that was read, with what was found wrong since.
type File struct {
	name   string
	ast    *ast.File
	faults []string
}

// Read reads data into a value. Its error lists all that the file breaks of the
// schema, a line each. name is for messages.
func (s *Schema) Read(name string, data []byte, into any) (*File, error) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	plain, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f := &File{name: name, ast: tree}
	if err := s.compiled.Validate(document); err != nil {
		f.breaks(s, err)
		return nil, f.Err()
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	return f, nil
}

// Err lists what was noted as wrong, a line each, in order of the file's lines
// as texts; nil for nothing.
func (f *File) Err() error {
	if len(f.faults) == 0 {
		return nil
	}
	slices.Sort(f.faults)
	return errors.New(strings.Join(slices.Compact(f.faults), "\n"))
}

// Fault notes what is wrong at a place of the document: keys and indexes from
// its top.
func (f *File) Fault(at []string, format string, args ...any) {
	f.faults = append(f.faults, f.Place(at)+fmt.Sprintf(format, args...))
}

// Place names a place of the document, for messages: file, line and key.
func (f *File) Place(at []string) string {
	return fmt.Sprintf("%s:%d: %s", f.name, f.line(at), Key(at))
}

// Key is a place of a document as people write it, with a colon after it.
func Key(at []string) string {
	s := ""
	for _, part := range at {
		if _, err := strconv.Atoi(part); err == nil {
			s += "[" + part + "]"
		} else if s == "" {
			s = part
		} else {
			s += "." + part
		}
	}
	if s != "" {
		s += ": "
	}
	return s
}

// line is where the place stands in the file; of a place that does not exist,
// where its nearest parent does.
func (f *File) line(at []string) int {
	for n := len(at); n > 0; n-- {
		expression := "$"
		for _, part := range at[:n] {
			if _, err := strconv.Atoi(part); err == nil {
				expression += "[" + part + "]"
			} else {
				expression += ".'" + part + "'"
			}
		}
		p, err := yaml.PathString(expression)
		if err != nil {
			continue
		}
		if node, err := p.FilterFile(f.ast); err == nil && node != nil && node.GetToken() != nil {
			return node.GetToken().Position.Line
		}
	}
	return 1
}
