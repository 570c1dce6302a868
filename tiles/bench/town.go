package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"arpent/geo/town"
	"arpent/layers/postgis/cluster"
)

// inhabitantsEach is how many a parcel of an invented town has.
const inhabitantsEach = 2.2

// served is a town in a database.
type served struct {
	url     string    // of the database
	center  orb.Point // EPSG:4326
	bounds  orb.Bound // EPSG:4326
	parcels int
}

// prepare fills the database with the town, unless an earlier run has. Arpent
// serves land.parcels as it stands; tegola, which does not transform on the
// fly by the index of another CRS, gets the same rows in a table in EPSG:3857,
// indexed and clustered for tiles: the best it can have.
func prepare(ctx context.Context, o options, dir string, c *cluster.Cluster) (*served, error) {
	t := &served{url: c.URL()}
	env := append(os.Environ(), "ARPENT_DATABASE_URL="+t.url, "ARPENT_DATA="+filepath.Join(dir, "arpent"))
	migrate := exec.CommandContext(ctx, o.Arpent, "migrate")
	migrate.Env = env
	if out, err := migrate.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("migrating: %w: %s", err, out)
	}
	conn, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	var there bool
	if err := conn.QueryRow(ctx, `select to_regclass('public.bench_parcels') is not null`).Scan(&there); err != nil {
		return nil, err
	}
	if !there {
		if err := load(ctx, o, conn); err != nil {
			return nil, err
		}
	}
	var b [4]float64
	var at [2]float64
	err = conn.QueryRow(ctx, `select count(*) from bench_parcels`).Scan(&t.parcels)
	if err != nil {
		return nil, err
	}
	err = conn.QueryRow(ctx, `
		with town as (select ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, 3857), 4326) as box from bench_parcels),
		middle as (select ST_Transform(ST_SetSRID(ST_MakePoint(900000, 6690000), 2154), 4326) as at)
		select ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), ST_X(at), ST_Y(at) from town, middle`).
		Scan(&b[0], &b[1], &b[2], &b[3], &at[0], &at[1])
	t.bounds = orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}
	t.center = at
	return t, err
}

func load(ctx context.Context, o options, conn *pgx.Conn) error {
	began := time.Now()
	made, err := town.Generate(town.Options{Seed: o.Seed, Inhabitants: max(1, int(float64(o.Parcels)*inhabitantsEach)), Code: "00001"})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "a town of %d parcels, made in %s\n", len(made.Parcels), time.Since(began).Round(time.Second))
	began = time.Now()
	if _, err := conn.Exec(ctx, `
		alter table land.parcels disable trigger user;
		insert into arpent.collectivity values ('00001', 'Bench', 2154) on conflict do nothing`); err != nil {
		return err
	}
	parcels := made.Parcels
	rows := pgx.CopyFromSlice(len(parcels), func(i int) ([]any, error) {
		p := parcels[i]
		geom, err := ewkb.MarshalToHex(orb.MultiPolygon{p.Geometry}, 2154)
		return []any{p.ID, "00001", p.ID[5:8], p.ID[8:10], p.Number, p.RegisteredArea, geom}, err
	})
	if _, err := conn.Exec(ctx, `create temporary table incoming (id text, collectivity text, prefix text, section text, number int, registered_area int, geom text)`); err != nil {
		return err
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"incoming"}, []string{"id", "collectivity", "prefix", "section", "number", "registered_area", "geom"}, rows); err != nil {
		return err
	}
	for _, step := range []string{
		`insert into land.parcels (id, collectivity, prefix, section, number, registered_area, geom)
			select id, collectivity, prefix, section, number, registered_area, geom::geometry from incoming`,
		`drop table incoming`,
		`alter table land.parcels enable trigger user`,
		`cluster land.parcels using parcels_geom`,
		`create table bench_parcels as
			select row_number() over (order by id)::int as gid, id, section, number, registered_area, ST_Transform(geom, 3857) as geom from land.parcels`,
		`create index bench_parcels_geom on bench_parcels using gist (geom)`,
		`cluster bench_parcels using bench_parcels_geom`,
		`vacuum analyze`,
	} {
		if _, err := conn.Exec(ctx, step); err != nil {
			return fmt.Errorf("%.40s: %w", step, err)
		}
	}
	fmt.Fprintf(os.Stderr, "loaded in %s\n", time.Since(began).Round(time.Second))
	return nil
}
