package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
	"arpent/layers/postgis/postgistest"
)

// TestTheChoicesOfEveryLayerAreThoseOfItsTable holds each enumeration of the
// layer files against the CHECK of its column: both list the same values.
func TestTheChoicesOfEveryLayerAreThoseOfItsTable(t *testing.T) {
	pool := postgistest.New(t)
	all, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	service, _, _ := postgistest.Service(t, pool, all...)
	for _, l := range service.Catalog().All() {
		for _, f := range l.Fields {
			if f.Enum == nil || f.Compute != nil {
				continue
			}
			t.Run(l.ID+"."+f.Name, func(t *testing.T) {
				var allowed []string
				err := pool.QueryRow(context.Background(), `
					select coalesce(array_agg(v[1]), '{}')
					from pg_constraint c
					join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum] and a.attname = $2,
					regexp_matches(pg_get_constraintdef(c.oid), '''((?:[^'']|'''')*)''::', 'g') v
					where c.conrelid = to_regclass($1) and c.contype = 'c' and pg_get_constraintdef(c.oid) like '%= ANY%'`,
					pgx.Identifier(strings.SplitN(l.Source.Table, ".", 2)).Sanitize(), f.Column).Scan(&allowed)
				if err != nil {
					t.Fatal(err)
				}
				var listed []string
				for _, c := range f.Enum {
					listed = append(listed, c.Value)
				}
				slices.Sort(allowed)
				slices.Sort(listed)
				if !slices.Equal(allowed, listed) {
					t.Errorf("the table allows %v, the layer file lists %v", allowed, listed)
				}
			})
		}
	}
}

// TestEveryLayerHasWordsInBothLanguages: a field, a choice or a rule without
// them would show its code.
func TestEveryLayerHasWordsInBothLanguages(t *testing.T) {
	all, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		both := func(text layers.Text, what string) {
			t.Helper()
			if text["fr"] == "" || text["en"] == "" {
				t.Errorf("%s: %s has words %v", l.ID, what, text)
			}
		}
		both(l.Title, "the title")
		both(l.Description, "the description")
		both(l.Application.Title, "the title of the application")
		for _, f := range l.Fields {
			both(f.Label, "field "+f.Name)
			for _, text := range []layers.Text{f.Help, f.Section} {
				if text != nil {
					both(text, "field "+f.Name)
				}
			}
			for _, c := range f.Enum {
				both(c.Label, fmt.Sprintf("choice %s of %s", c.Value, f.Name))
			}
		}
		for i, r := range l.Rules {
			if r.Check != nil {
				both(r.Message, fmt.Sprintf("rule %d", i))
			}
		}
		if l.Style.By != nil {
			for _, v := range l.Style.By.Values {
				both(v.Label, "style of "+v.Value)
			}
		}
		for _, w := range l.Dashboard {
			both(w.Title, "widget "+w.Kind)
		}
	}
}
