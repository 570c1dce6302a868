package yamlfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// English prints what a schema says of a value.
var English = message.NewPrinter(language.English)

// breaks notes each rule of the schema that the document breaks. Alternatives
// (oneOf) are in our schemas texts, in one language or several.
func (f *File) breaks(s *Schema, err error) {
	var broken *jsonschema.ValidationError
	if !errors.As(err, &broken) {
		f.Fault(nil, "%v", err)
		return
	}
	if len(broken.Causes) > 0 {
		if _, ok := broken.ErrorKind.(*kind.OneOf); ok {
			f.Fault(broken.InstanceLocation, "is a text, or texts by language: {fr: …, en: …}")
			return
		}
		for _, cause := range broken.Causes {
			f.breaks(s, cause)
		}
		return
	}
	switch k := broken.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			at := append(slices.Clone(broken.InstanceLocation), name)
			f.Fault(at, "is no known key%s", Suggest(name, s.keysAt(broken.SchemaURL)))
		}
	case *kind.Enum:
		var allowed []string
		for _, v := range k.Want {
			allowed = append(allowed, fmt.Sprint(v))
		}
		f.Fault(broken.InstanceLocation, "%v is not one of %s%s", k.Got, strings.Join(allowed, ", "), Suggest(fmt.Sprint(k.Got), allowed))
	case *kind.Required:
		f.Fault(broken.InstanceLocation, "%s is missing", strings.Join(k.Missing, " and "))
	default:
		f.Fault(broken.InstanceLocation, "%s", broken.ErrorKind.LocalizedString(English))
	}
}

// keysAt are the keys that the schema at a URL allows.
func (s *Schema) keysAt(url string) []string {
	_, pointer, _ := strings.Cut(url, "#")
	var at any
	if json.Unmarshal(s.text, &at) != nil {
		return nil
	}
	for part := range strings.SplitSeq(strings.Trim(pointer, "/"), "/") {
		switch node := at.(type) {
		case map[string]any:
			if part != "" {
				at = node[part]
			}
		case []any:
			if i, err := strconv.Atoi(part); err == nil && i < len(node) {
				at = node[i]
			}
		}
	}
	node, _ := at.(map[string]any)
	properties, _ := node["properties"].(map[string]any)
	var keys []string
	for key := range properties {
		keys = append(keys, key)
	}
	return keys
}

// Suggest asks whether the known word nearest to one that is not known was
// meant; "" when none is near.
func Suggest(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := editDistance(strings.ToLower(word), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": do you mean %s?", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
