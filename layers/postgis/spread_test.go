package postgis_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/geo/classes"
	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

const wellsFile = `
id: wells
title: Wells
source: {table: public.wells, collectivity: collectivity}
fields: [{name: depth}, {name: flow, private: true}, {name: age, personal: true}, {name: owner}, {name: twice, type: number, compute: depth * 2}]
`

// Another layer of the same table, which anybody reads but for the flow.
const openFile = `
id: open
title: Wells
public: true
source: {table: public.wells, collectivity: collectivity}
fields: [{name: depth}, {name: flow, private: true}]
`

// newWells are wells of two collectivities: A has depths of 1 to 10, 10 once
// more, and three that are no numbers; B has 1000.
func newWells(t *testing.T) (*layers.Service, *postgis.Store, *pgxpool.Pool) {
	t.Helper()
	pool := postgistest.New(t)
	if _, err := pool.Exec(ctx, `
		insert into arpent.collectivity (code, name) values ('A', 'A'), ('B', 'B');
		create table public.wells (id bigint generated always as identity primary key, collectivity text not null references arpent.collectivity,
			depth float8, flow integer, age integer, owner text, geom geometry(Point, 2154));
		insert into public.wells (collectivity, depth, flow, age, owner) select 'A', d, d, 40, 'x' from generate_series(1, 10) d;
		insert into public.wells (collectivity, depth) values ('A', 10), ('A', null), ('A', 'NaN'), ('A', '-Infinity');
		insert into public.wells (collectivity, depth, flow) values ('B', 1000, 1000)`); err != nil {
		t.Fatal(err)
	}
	var all []*layers.Layer
	for _, file := range []string{wellsFile, openFile} {
		l, err := layers.ReadFile("wells.yaml", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	return service, store, pool
}

func TestClassesAreOfWhatTheViewerMayRead(t *testing.T) {
	s, _, pool := newWells(t)
	reader := postgistest.Account(t, pool, "reader", "A", "reader")
	for name, c := range map[string]struct {
		viewer layers.Viewer
		layer  string
		query  layers.Query
		field  string
		method classes.Method
		n      int
		want   layers.Classes
	}{
		"quantiles":                  {reader, "wells", layers.Query{}, "depth", classes.Quantiles, 2, layers.Classes{Breaks: []float64{1, 6, 10}, Counts: []int64{6, 5}, Empty: 3, Exact: true}},
		"equal":                      {reader, "wells", layers.Query{}, "depth", classes.Equal, 3, layers.Classes{Breaks: []float64{1, 4, 7, 10}, Counts: []int64{4, 3, 4}, Empty: 3, Exact: true}},
		"computed":                   {reader, "wells", layers.Query{}, "twice", classes.Equal, 1, layers.Classes{Breaks: []float64{2, 20}, Counts: []int64{11}, Empty: 3, Exact: true}},
		"of a selection":             {reader, "wells", layers.Query{Equal: map[string]string{"owner": "x"}}, "depth", classes.Equal, 1, layers.Classes{Breaks: []float64{1, 10}, Counts: []int64{10}, Exact: true}},
		"everything, natural":        {clerk, "wells", layers.Query{}, "depth", classes.Jenks, 2, layers.Classes{Breaks: []float64{1, 10, 1000}, Counts: []int64{11, 1}, Empty: 3, Exact: true}},
		"public field, by anybody":   {layers.Viewer{}, "open", layers.Query{}, "depth", classes.Jenks, 2, layers.Classes{Breaks: []float64{1, 10, 1000}, Counts: []int64{11, 1}, Empty: 3, Exact: true}},
		"private field of one's own": {reader, "open", layers.Query{}, "flow", classes.Equal, 1, layers.Classes{Breaks: []float64{1, 10}, Counts: []int64{10}, Empty: 5, Exact: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.Classify(ctx, c.viewer, c.layer, c.query, c.field, c.method, c.n)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(*got) != fmt.Sprint(c.want) {
				t.Errorf("classes are %v, want %v", *got, c.want)
			}
		})
	}
	curious := postgistest.Account(t, pool, "curious", "A", "manager")
	curious.Purpose = "curiosity"
	for name, c := range map[string]struct {
		viewer layers.Viewer
		layer  string
		field  string
		n      int
		kind   layers.Kind
	}{
		"personal field":            {curious, "wells", "age", 5, layers.BadRequest},
		"private field, by anybody": {layers.Viewer{}, "open", "flow", 5, layers.BadRequest},
		"layer that is not public":  {layers.Viewer{}, "wells", "depth", 5, layers.Unauthorized},
		"no such field":             {reader, "wells", "breadth", 5, layers.BadRequest},
		"field of text":             {reader, "wells", "owner", 5, layers.BadRequest},
		"no class":                  {reader, "wells", "depth", 0, layers.BadRequest},
		"more classes than colours": {reader, "wells", "depth", 13, layers.BadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Classify(ctx, c.viewer, c.layer, layers.Query{}, c.field, classes.Equal, c.n)
			wantKind(t, err, c.kind)
		})
	}
	_, err := s.Classify(ctx, reader, "wells", layers.Query{}, "depth", "guess", 3)
	wantKind(t, err, layers.BadRequest)
	_, err = s.Classify(ctx, reader, "wells", layers.Query{Equal: map[string]string{"owner": "nobody"}}, "depth", classes.Equal, 3)
	wantKind(t, err, layers.Invalid)
}

func TestNumbersBeyondTheBoundAreTakenTogether(t *testing.T) {
	s, store, pool := newWells(t)
	reader := postgistest.Account(t, pool, "reader", "A", "reader")
	l, err := s.Catalog().Get(reader, "wells")
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int]layers.Spread{
		10: {Values: []classes.Value{{Number: 1, Count: 1}, {Number: 2, Count: 1}, {Number: 3, Count: 1}, {Number: 4, Count: 1}, {Number: 5, Count: 1},
			{Number: 6, Count: 1}, {Number: 7, Count: 1}, {Number: 8, Count: 1}, {Number: 9, Count: 1}, {Number: 10, Count: 2}}, Empty: 3, Exact: true},
		9: {Values: []classes.Value{{Number: 1, Count: 1}, {Number: 3, Count: 2}, {Number: 5, Count: 2}, {Number: 7, Count: 2}, {Number: 9, Count: 2}, {Number: 10, Count: 2}}, Empty: 3},
		4: {Values: []classes.Value{{Number: 1, Count: 1}, {Number: 4, Count: 3}, {Number: 7, Count: 3}, {Number: 10, Count: 4}}, Empty: 3},
	} {
		got, err := store.Spread(ctx, reader, l, layers.Query{}, l.Field("depth"), limit)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Values, want.Values) || got.Empty != want.Empty || got.Exact != want.Exact {
			t.Errorf("at most %d: %v, want %v", limit, *got, want)
		}
	}
	if _, err := pool.Exec(ctx, `insert into public.wells (collectivity, depth) select 'A', d from generate_series(11, 100001) d`); err != nil {
		t.Fatal(err)
	}
	got, err := s.Classify(ctx, reader, "wells", layers.Query{}, "depth", classes.Equal, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got.Exact || got.Breaks[0] != 1 || got.Breaks[2] != 100001 || got.Counts[0]+got.Counts[1] != 100002 {
		t.Errorf("beyond the bound: %v", *got)
	}
}
