package working_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/apps/land"
	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
	"arpent/layers/working"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

const (
	parcels = "land.parcels"
	lambert = 2154
)

var commandLine = layers.Viewer{Admin: true, Login: "test"}

// office is a database with the layers of the land, in which people edit.
type office struct {
	testing.TB
	pool    *pgxpool.Pool
	service *layers.Service
	store   *postgis.Store
	working *working.Service
	code    string // of the commune
}

func newOffice(t testing.TB) *office {
	t.Helper()
	all, err := land.Layers()
	if err != nil {
		t.Fatal(err)
	}
	pool := postgistest.New(t)
	service, store, _ := postgistest.Service(t, pool, all...)
	return &office{TB: t, pool: pool, service: service, store: store, working: working.New(service, pool)}
}

// newVillage is an office with the parcels of a village of the generator.
func newVillage(t testing.TB) *office {
	t.Helper()
	o := newOffice(t)
	village, err := town.Generate(town.Options{Seed: 7, Inhabitants: 300, Name: "Essai"})
	if err != nil {
		t.Fatal(err)
	}
	o.code = village.Code
	if err := o.store.PutCollectivity(t.Context(), village.Code, village.Name, lambert); err != nil {
		t.Fatal(err)
	}
	var edits []layers.Edit
	for _, parcel := range village.Parcels {
		edits = append(edits, layers.Edit{Op: layers.Create, Layer: parcels, Collectivity: o.code, Properties: map[string]any{
			"id": parcel.ID, "prefix": village.Sections[parcel.Section].Prefix, "section": village.Sections[parcel.Section].Code, "number": parcel.Number, "registered_area": parcel.RegisteredArea,
		}, Geometry: multiPolygon(parcel.Geometry)})
	}
	if _, err := o.service.Transact(t.Context(), commandLine, layers.Transaction{Edits: edits}); err != nil {
		t.Fatal(err)
	}
	return o
}

// newCommune is an office with the parcels of the real commune 25354.
func newCommune(t testing.TB) *office {
	t.Helper()
	sheets, err := filepath.Glob("../../../shared/data/cadastre-25354/*.tar.bz2")
	if err != nil || len(sheets) == 0 {
		t.Skip("../shared/data/cadastre-25354 is missing")
	}
	o := newOffice(t)
	o.code = "25354"
	if _, err := land.ImportEDIGEO(t.Context(), o.service, o.store, commandLine, o.code, sheets); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) exec(sql string, args ...any) {
	o.Helper()
	if _, err := o.pool.Exec(context.Background(), sql, args...); err != nil {
		o.Fatal(err)
	}
}

// ask reads the one row of a query.
func (o *office) ask(sql string, args []any, into ...any) {
	o.Helper()
	if err := o.pool.QueryRow(context.Background(), sql, args...).Scan(into...); err != nil {
		o.Fatalf("%s: %v", sql, err)
	}
}

// largest are the identifiers of the largest parcels.
func (o *office) largest(n int) (ids []string) {
	o.Helper()
	o.ask(`select array_agg(id) from (select id from land.parcels order by ST_Area(geom) desc, id limit $1) p`, []any{n}, &ids)
	return ids
}

// neighbours are two parcels with a border of some length in common.
func (o *office) neighbours() (a, b string) {
	o.Helper()
	o.ask(`select a.id, b.id from land.parcels a join land.parcels b on a.id < b.id and a.geom && b.geom and a.section = b.section
		where ST_Length(ST_Intersection(a.geom, b.geom)) > 10 and ST_Area(a.geom) > 200 and ST_Area(b.geom) > 200 order by 1, 2 limit 1`, nil, &a, &b)
	return a, b
}

// box is the extent of a parcel.
func (o *office) box(id string) orb.Bound {
	o.Helper()
	var b orb.Bound
	o.ask(`select ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) from land.parcels where id = $1`, []any{id}, &b.Min[0], &b.Min[1], &b.Max[0], &b.Max[1])
	return b
}

// across is a line through the middle of a parcel from west to east.
func (o *office) across(id string) orb.LineString {
	b := o.box(id)
	y := b.Center()[1]
	return orb.LineString{{b.Min[0] - 2, y}, {b.Max[0] + 2, y}}
}

// upright is a line through the middle of a parcel from south to north.
func (o *office) upright(id string) orb.LineString {
	b := o.box(id)
	x := b.Center()[0]
	return orb.LineString{{x, b.Min[1] - 2}, {x, b.Max[1] + 2}}
}

// table is all of the parcels, to see whether something changed.
func (o *office) table() (digest string) {
	o.Helper()
	o.ask(`select md5(string_agg(p::text, ' ' order by id)) from land.parcels p`, nil, &digest)
	return digest
}

// land measures what the parcels cover, and how much of it twice.
func (o *office) land() (covered, twice float64) {
	o.Helper()
	o.ask(`select ST_Area(ST_Union(geom)), sum(ST_Area(geom)) - ST_Area(ST_Union(geom)) from land.parcels`, nil, &covered, &twice)
	return covered, twice
}

// sound calls do and checks that parcels then cover what they covered, no land
// more often than before, and that all are valid.
func (o *office) sound(do func()) {
	o.Helper()
	before, twice := o.land()
	do()
	after, now := o.land()
	var bad int
	o.ask(`select count(*) from land.parcels where not ST_IsValid(geom)`, nil, &bad)
	if math.Abs(after-before) > 0.1 || now-twice > 0.1 || bad > 0 { // outer borders bend by half a millimetre where they are cut
		o.Errorf("%.3f m² became %.3f, %.3f m² are covered twice and were %.3f, %d parcels are not valid", before, after, now, twice, bad)
	}
}

// planner is somebody with a window on the parcels.
type planner struct {
	*office
	login    string
	viewer   layers.Viewer
	layer    string
	revision int64
}

// planner makes an account that may edit.
func (o *office) planner(login string) *planner {
	o.Helper()
	return &planner{office: o, login: login, viewer: postgistest.Account(o, o.pool, login, o.code, "manager"), layer: parcels}
}

// try asks for an operation, in Lambert-93.
func (p *planner) try(op working.Operation) (*working.Set, error) {
	p.Helper()
	set, err := p.working.Do(context.Background(), p.viewer, p.layer, p.revision, op, lambert)
	if err == nil {
		p.revision = set.Revision
	}
	return set, err
}

func (p *planner) do(op working.Operation) *working.Set {
	p.Helper()
	set, err := p.try(op)
	if err != nil {
		p.Fatalf("%s: %v", op.Kind, err)
	}
	return set
}

// refused checks that an operation cannot be done, for this reason, at a place.
// It answers whom the refusal names.
func (p *planner) refused(kind any, op working.Operation) []string {
	p.Helper()
	before := p.open()
	_, err := p.try(op)
	refusal, ok := errors.AsType[*working.Refusal](err)
	if !ok {
		p.Fatalf("%s: %v, want it refused as %s", op.Kind, err, kind)
	}
	if refusal.Kind != fmt.Sprint(kind) {
		p.Errorf("%s is refused as %s, want %s", op.Kind, refusal.Kind, kind)
	}
	if refusal.Where == (orb.Point{}) {
		p.Errorf("%s is refused as %s without a place", op.Kind, refusal.Kind)
	}
	if after := p.open(); after.Revision != before.Revision || len(after.Steps) != len(before.Steps) {
		p.Errorf("%s was refused and changed the set", op.Kind)
	}
	var ids []string
	for _, ref := range refusal.Features {
		ids = append(ids, ref.ID)
	}
	return ids
}

func (p *planner) undo(steps int) *working.Set {
	p.Helper()
	set, err := p.working.Undo(context.Background(), p.viewer, p.layer, p.revision, steps)
	if err != nil {
		p.Fatal(err)
	}
	p.revision = set.Revision
	return set
}

func (p *planner) open() *working.Set {
	p.Helper()
	set, err := p.working.Open(context.Background(), p.viewer, p.layer)
	if err != nil {
		p.Fatal(err)
	}
	return set
}

// save wants all to be saved.
func (p *planner) save() *working.Saved {
	p.Helper()
	saved, err := p.working.Save(context.Background(), p.viewer, p.layer, p.revision)
	if err != nil {
		p.Fatal(err)
	}
	if len(saved.Conflicts) > 0 {
		p.Fatalf("%d conflicts, the first about %s", len(saved.Conflicts), saved.Conflicts[0].ID)
	}
	p.revision = 0
	return saved
}

// fails checks the kind of an error.
func (o *office) fails(kind layers.Kind, err error) {
	o.Helper()
	if layers.KindOf(err) != kind {
		o.Errorf("%v (%s), want %s", err, layers.KindOf(err), kind)
	}
}

func split(id string, line orb.LineString) working.Operation {
	return working.Operation{Kind: working.Split, IDs: []string{id}, Line: working.Positions(line)}
}

// parcel names a parcel.
func parcel(id string) working.Ref { return working.Ref{Layer: parcels, ID: id} }

// shapes writes down what a set makes of the parcels.
func shapes(set *working.Set) string {
	now := set.Present()
	var all strings.Builder
	for _, ref := range slices.SortedFunc(maps.Keys(now), func(a, b working.Ref) int { return strings.Compare(a.Layer+" "+a.ID, b.Layer+" "+b.ID) }) {
		fmt.Fprintf(&all, "%v: %s", ref, layers.TypeOf(now[ref]))
		if now[ref] != nil {
			fmt.Fprintf(&all, " %b", now[ref].FlatCoords())
		}
	}
	return all.String()
}

func multiPolygon(p orb.Polygon) *geom.MultiPolygon {
	var flat []float64
	var ends []int
	for _, ring := range p {
		for _, at := range ring {
			flat = append(flat, at[0], at[1])
		}
		ends = append(ends, len(flat))
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, [][]int{ends}).SetSRID(lambert)
}
