package land_test

import (
	"testing"

	"arpent/apps/land"
	"arpent/geo/town"
	"arpent/layers/postgis/postgistest"
)

func TestMain(m *testing.M) { postgistest.Main(m) }

func TestATownIsLoadedWholeOrNotAtAll(t *testing.T) {
	o := newOffice(t)
	synthetic, err := town.Generate(town.Options{Seed: 3, Inhabitants: 2000, Code: "00003"})
	if err != nil {
		t.Fatal(err)
	}
	before := o.rows()
	if err := land.LoadTown(t.Context(), o.service, commandLine, synthetic, 1); err == nil {
		t.Error("a town without its collectivity is loaded")
	}
	if after := o.rows(); after != before {
		t.Errorf("a load that failed changed the rows from %s to %s", before, after)
	}
	if err := o.store.PutCollectivity(t.Context(), synthetic.Code, synthetic.Name, 2154); err != nil {
		t.Fatal(err)
	}
	if err := land.LoadTown(t.Context(), o.service, commandLine, synthetic, 1); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{
		"communes": 1, "sections": len(synthetic.Sections), "blocks": len(synthetic.Blocks), "parcels": len(synthetic.Parcels), "buildings": len(synthetic.Buildings),
		"streets": len(synthetic.Streets), "addresses": len(synthetic.Addresses), "place_names": len(synthetic.PlaceNames), "watercourses": len(synthetic.Watercourses),
	} {
		var got int
		if err := o.pool.QueryRow(t.Context(), "select count(*) from land."+table).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d rows, want %d (%v)", table, got, want, err)
		}
	}
	for name, sql := range map[string]string{
		"addresses on a parcel": `select count(*) from land.addresses a where not exists (select from land.parcels p where p.id = a.parcel_id)`,
		"addresses in a street": `select count(*) from land.addresses a where not exists (select from land.streets s where s.name = a.street)`,
		"blocks in a section":   `select count(*) from land.blocks where section is null`,
		"parcels that overlap":  `select count(*) from land.parcels a join land.parcels b on a.id < b.id and ST_Overlaps(a.geom, b.geom)`,
	} {
		if got := o.answer("select (" + sql + ")::text"); got != "0" {
			t.Errorf("%s: %s are not as they should be", name, got)
		}
	}
	loaded := o.rows()
	if err := land.LoadTown(t.Context(), o.service, commandLine, synthetic, 1); err == nil {
		t.Error("a town is loaded over itself")
	}
	if after := o.rows(); after != loaded {
		t.Errorf("a load that failed changed the rows from %s to %s", loaded, after)
	}
}
