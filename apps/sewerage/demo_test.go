package sewerage_test

import (
	"context"
	"testing"

	"arpent/apps/land"
	"arpent/apps/sewerage"
	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

func TestTheSewersOfATownAreStoredWithAllThatBelongsToThem(t *testing.T) {
	ctx := context.Background()
	pool := postgistest.New(t)
	cadastre, err := land.Layers()
	if err != nil {
		t.Fatal(err)
	}
	sewers, err := sewerage.Layers()
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, append(cadastre, sewers...)...)
	w, err := town.Generate(town.Options{Seed: 3, Inhabitants: 1500})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutCollectivity(ctx, w.Code, w.Name, 2154); err != nil {
		t.Fatal(err)
	}
	clerk := layers.Viewer{Admin: true}
	if err := land.LoadTown(ctx, service, clerk, w); err != nil {
		t.Fatal(err)
	}
	if err := sewerage.LoadTown(ctx, service, clerk, w, 3); err != nil {
		t.Fatal(err)
	}
	count := func(sql string) (n int) {
		t.Helper()
		if err := pool.QueryRow(ctx, sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	network := town.NewSewers(w, 3)
	if n := count(`select count(*) from sewerage.pipes`); n != len(network.Pipes) {
		t.Errorf("%d pipes of %d", n, len(network.Pipes))
	}
	if n := count(`select count(*) from sewerage.pipes p join sewerage.nodes u on u.id = p.upstream join sewerage.nodes d on d.id = p.downstream
		where not (ST_Equals(ST_StartPoint(p.geom), u.geom) and ST_Equals(ST_EndPoint(p.geom), d.geom))`); n != 0 {
		t.Errorf("%d pipes do not end at their nodes", n)
	}
	if count(`select count(*) from sewerage.appliances where parcel not in (select id from land.parcels)`) != 0 || count(`select count(*) from sewerage.appliances`) == 0 {
		t.Error("connections serve parcels that are not there, or none")
	}
	// What the form computes.
	faults, err := service.Count(ctx, clerk, "sewerage.pipes", layers.Query{Equal: map[string]string{"counter_slope": "true"}})
	if want := count(`select count(*) from sewerage.pipes where invert_up < invert_down`); err != nil || faults != int64(want) {
		t.Errorf("%d counter-slopes, want %d (%v)", faults, want, err)
	}
	_, err = service.Transact(ctx, clerk, layers.Transaction{Edits: []layers.Edit{{Op: layers.Create, Layer: "sewerage.nodes", Collectivity: w.Code,
		Properties: map[string]any{"kind": "06", "cover_level": 100, "invert_level": 101}}}})
	if layers.KindOf(err) != layers.Invalid {
		t.Errorf("an invert above its cover: %v", err)
	}
}
