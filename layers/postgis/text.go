package postgis

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

var uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// fold brings search words to the form in which they are compared.
func fold(ctx context.Context, tx pgx.Tx, text string) ([]string, error) {
	var folded string
	if err := tx.QueryRow(ctx, `select arpent.fold($1)`, strings.ReplaceAll(text, "\x00", " ")).Scan(&folded); err != nil {
		return nil, fmt.Errorf("folding search words: %w", err)
	}
	return strings.Fields(folded), nil
}

// searchText is the expression that searches compare. The index made for it at
// enrolment spells it the same way.
func (s scope) searchText() string {
	var parts []string
	for _, name := range s.layer.Search {
		c := s.layer.Source.ID
		if f := s.layer.Field(name); f != nil {
			c = f.Column
		}
		parts = append(parts, fmt.Sprintf("coalesce(%s::text, '')", s.column(c)))
	}
	if len(parts) == 0 {
		parts = []string{s.column(s.layer.Source.ID) + "::text"}
	}
	return fmt.Sprintf("arpent.fold(%s)", strings.Join(parts, " || ' ' || "))
}

// textValue checks that a value given as text can be one of the field.
func textValue(f *layers.Field, value string) (string, error) {
	ok := !strings.ContainsRune(value, 0)
	switch f.Type {
	case "integer":
		_, err := strconv.ParseInt(value, 10, 64)
		ok = err == nil
	case "number":
		_, err := strconv.ParseFloat(value, 64)
		ok = err == nil
	case "boolean":
		ok = value == "true" || value == "false"
	}
	if !ok {
		return "", layers.BadParameter(f.Name, value, "is no value of type %s", f.Type)
	}
	return value, nil
}
