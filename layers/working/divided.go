package working

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"arpent/layers"
)

// withOwner adds the field that says whose a record is.
func (w *writing) withOwner(l *layers.Layer, properties map[string]any, collectivity string) map[string]any {
	all := maps.Clone(properties)
	if name := ownerField(l); name != "" {
		all[name] = collectivity
	}
	return all
}

// next is what comes after the highest among records alike in some fields: of
// texts the one whose last number is higher by one, where the highest ends with
// a number; nil where it does not.
func (w *writing) next(ctx context.Context, l *layers.Layer, name string, alike []string, properties map[string]any) (any, error) {
	equal := map[string]string{}
	key := l.ID + "\x00" + name
	for _, field := range alike {
		if properties[field] != nil {
			equal[field] = fmt.Sprint(properties[field])
			key += "\x00" + equal[field]
		}
	}
	if w.highest == nil {
		w.highest = map[string]any{}
	}
	if _, known := w.highest[key]; !known {
		highest, err := w.first(ctx, l, layers.Query{Equal: equal, Sort: "-" + name, Limit: 1, NoGeometry: true}, name)
		if err != nil {
			return nil, err
		}
		w.highest[key] = w.highestGiven(l, name, equal, highest)
	}
	if layers.Type(l.Field(name).Type) != layers.TypeText {
		n, _ := number(w.highest[key])
		w.highest[key] = int64(n) + 1
		return w.highest[key], nil
	}
	for {
		text, counts := counted(textOf(w.highest[key]))
		if !counts {
			return nil, nil
		}
		w.highest[key] = text
		name := [3]string{l.ID, name, text}
		if w.names[name] {
			continue // a new record alike in less, or in more, has it
		}
		w.names[name] = true
		taken, err := w.first(ctx, l, layers.Query{Equal: map[string]string{name[1]: text}, Limit: 1, NoGeometry: true}, name[1])
		if err != nil || taken == nil {
			return text, err
		}
	}
}

// highestGiven is a value, or a higher number that was given to a new feature
// which is alike in some fields as far as it says; what is given otherwise is
// not given again.
func (w *writing) highestGiven(l *layers.Layer, name string, equal map[string]string, highest any) any {
	for ref, shape := range w.now {
		given := w.set.Given(ref)
		value, said := given[name]
		if ref.Layer != l.ID || shape == nil || !said || value == nil {
			continue
		}
		alike := true
		for field, text := range equal {
			other, known := given[field]
			alike = alike && (!known || textOf(other) == text)
		}
		w.names[[3]string{l.ID, name, textOf(value)}] = true
		most, _ := number(highest)
		if n, is := number(value); is && alike && n > most {
			highest = value
		}
	}
	return highest
}

// first is the value of a field in the first of some records; nil for none.
func (w *writing) first(ctx context.Context, l *layers.Layer, q layers.Query, name string) (any, error) {
	features, err := w.service.layers.Features(ctx, w.viewer, l.ID, q)
	if err != nil {
		return nil, err
	}
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		return f.Properties[name], nil
	}
	return nil, nil
}

var endsWithNumber = regexp.MustCompile(`^(.*?)(\d{1,18})$`)

// counted is the text after one that ends with a number.
func counted(text string) (string, bool) {
	part := endsWithNumber.FindStringSubmatch(text)
	if part == nil {
		return "", false
	}
	n, _ := strconv.ParseInt(part[2], 10, 64) // digits
	return fmt.Sprintf("%s%0*d", part[1], len(part[2]), n+1), true
}

var inBraces = regexp.MustCompile(`\{(\w+)(?::(\d+))?\}`)

// composed fills fields into a text, with zeros before those that are shorter
// than they should be.
func composed(text string, properties map[string]any) string {
	return inBraces.ReplaceAllStringFunc(text, func(match string) string {
		part := inBraces.FindStringSubmatch(match)
		value := textOf(properties[part[1]])
		width, _ := strconv.Atoi(part[2]) // digits, or none
		return strings.Repeat("0", max(0, width-len(value))) + value
	})
}

func textOf(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// shareOut gives heirs their parts of a sum, in proportion; where the sum is not
// known (false) their parts are not either.
func (w *writing) shareOut(field *layers.Field, sum float64, known bool, heirs []Ref, by []float64) {
	if !known {
		for _, ref := range heirs {
			w.follow(ref, field.Name, nil)
		}
		return
	}
	for i, part := range shared(sum, by, layers.Type(field.Type) == layers.TypeInteger) {
		w.follow(heirs[i], field.Name, part)
	}
}

// shared divides a number in proportion; whole numbers by the largest
// remainders, so that they make up the same sum.
func shared(sum float64, by []float64, whole bool) []any {
	total := 0.0
	for _, b := range by {
		total += b
	}
	parts := make([]any, len(by))
	if !whole {
		for i, b := range by {
			parts[i] = sum * b / total
		}
		return parts
	}
	order := make([]int, len(by))
	rest, least := make([]float64, len(by)), make([]int64, len(by))
	left := int64(math.Round(sum))
	for i, b := range by {
		order[i] = i
		exact := sum * b / total
		least[i] = int64(math.Floor(exact))
		rest[i] = exact - math.Floor(exact)
		left -= least[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order {
		if left > 0 {
			least[i]++
			left--
		}
		parts[i] = least[i]
	}
	return parts
}

// number reads a property as a number; false when it is none.
func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case int32:
		return float64(n), true
	case int:
		return float64(n), true
	case float64:
		return n, true
	case fmt.Stringer: // json.Number
		f, err := strconv.ParseFloat(n.String(), 64)
		return f, err == nil
	}
	return 0, false
}
