package main

import (
	"context"
	"testing"

	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/postgis/postgistest"
)

// TestTheTownOfEveryApplicationIsStored loads a small town whole and holds what
// is stored against what was invented.
func TestTheTownOfEveryApplicationIsStored(t *testing.T) {
	ctx := context.Background()
	pool := postgistest.New(t)
	all, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	service, store, _ := postgistest.Service(t, pool, all...)
	const seed = 3
	w, err := town.Generate(town.Options{Seed: seed, Inhabitants: 1500})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutCollectivity(ctx, w.Code, w.Name, 2154); err != nil {
		t.Fatal(err)
	}
	if err := loadTown(ctx, service, w, seed); err != nil {
		t.Fatal(err)
	}
	count := func(sql string) (n int) {
		t.Helper()
		if err := pool.QueryRow(ctx, sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	t.Run("land", func(t *testing.T) {
		if n := count(`select count(*) from land.parcels p where not exists (select from land.parcel_accounts a where a.parcel = p.id)`); n != 0 {
			t.Errorf("%d parcels have no account", n)
		}
		if n := count(`select count(*) from (select account, right_code, sum(numerator::numeric / denominator) s from land.account_owners group by 1, 2) x where round(s, 9) <> 1`); n != 0 {
			t.Errorf("the shares of %d rights do not add up", n)
		}
		if n := count(`select count(*) from land.accounts a where not exists (select from land.account_owners o where o.account = a.id)`); n != 0 {
			t.Errorf("%d accounts have no owner", n)
		}
		if count(`select count(*) from land.permits`) < 10 || count(`select count(*) from land.consultations`) == 0 || count(`select count(*) from land.premises`) == 0 || count(`select count(*) from land.tax_subdivisions`) == 0 {
			t.Error("there are no permits, consultations, premises or subdivisions")
		}
		if n := count(`select count(*) from land.permits p where not ST_Equals(p.geom, (select ST_Union(c.geom) from land.permit_parcels l join land.parcels c on c.id = l.parcel where l.permit = p.id))`); n != 0 {
			t.Errorf("%d permits have another shape than their parcels", n)
		}
		if n := count(`select count(*) from land.permits where decision_limit_on <> complete_on + make_interval(months => (case when kind in ('CUa', 'DP') then 1 when kind in ('CUb', 'PCMI', 'PD') then 2 else 3 end) + heritage::integer)`); n != 0 {
			t.Errorf("%d decisions are due on another day than the law says", n)
		}
	})
	t.Run("sewerage", func(t *testing.T) {
		network := town.NewSewers(w, seed)
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
		faults, err := service.Count(ctx, commandLine, "sewerage.pipes", layers.Query{Equal: map[string]string{"counter_slope": "true"}})
		if want := count(`select count(*) from sewerage.pipes where flow_mode = '01' and invert_up < invert_down`); err != nil || faults != int64(want) {
			t.Errorf("%d counter-slopes, want %d (%v)", faults, want, err)
		}
	})
	t.Run("planning", func(t *testing.T) {
		if n := count(`select count(*) from planning.zones a join planning.zones b on a.id < b.id and a.geom && b.geom and ST_Overlaps(a.geom, b.geom)`); n != 0 {
			t.Errorf("%d pairs of zones overlap", n)
		}
		if n := count(`select count(*) from land.communes c where ST_Equals(c.geom, (select ST_Union(geom) from planning.zones))`); n != 1 {
			t.Error("the zones do not tile the commune")
		}
		if count(`select count(*) from planning.prescriptions_surf`) == 0 {
			t.Error("there are no prescriptions")
		}
	})
	t.Run("polling", func(t *testing.T) {
		if n := count(`select count(*) from polling.addresses a join polling.stations s on s.id = a.station where not ST_Intersects(a.geom, s.geom)`); n != 0 {
			t.Errorf("%d addresses lie outside their station", n)
		}
		if n := count(`select count(*) from polling.stations a join polling.stations b on a.id < b.id and ST_Overlaps(a.geom, b.geom)`); n != 0 {
			t.Errorf("%d pairs of stations overlap", n)
		}
		// Each address obeys one rule, and that sends it to its station.
		if n := count(`select count(*) from polling.addresses a where (
			select array_agg(r.station) from polling.rules r where r.street = a.street and (r.whole
				or a.number % 2 = 1 and a.number between r.first_odd and r.last_odd or a.number % 2 = 0 and a.number between r.first_even and r.last_even)
			) is distinct from array[a.station]`); n > count(`select count(*) from polling.addresses`)/50 {
			t.Errorf("%d addresses do not follow the rules of their streets", n)
		}
		stations := count(`select sum(electors) from polling.addresses`)
		if want := count(`select sum(electors) from land.addresses`); stations != want {
			t.Errorf("%d electors of %d", stations, want)
		}
	})
	t.Run("cemetery", func(t *testing.T) {
		plots := count(`select count(*) from cemetery.plots`)
		if plots < 100 || count(`select count(*) from cemetery.deceased`) < plots/4 {
			t.Errorf("%d plots", plots)
		}
		if n := count(`select count(*) from cemetery.plots p join cemetery.paths w on w.id = p.path join cemetery.sections s on s.id = w.section where not ST_Covers(s.geom, p.geom)`); n != 0 {
			t.Errorf("%d plots lie outside their section", n)
		}
		for _, state := range []string{"free", "occupied", "expired", "abandoned"} {
			if n, err := service.Count(ctx, commandLine, "cemetery.plots", layers.Query{Equal: map[string]string{"state": state}}); n == 0 || err != nil {
				t.Errorf("%d plots are %s (%v)", n, state, err)
			}
		}
	})
}
