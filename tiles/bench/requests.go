package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// zipf is how strongly requests repeat: the second tile is asked for half as
// often as the first, as map servers see it.
const zipf = 1.1

// distinct are n different tiles in town, none empty: of zooms 14 to 16 in the
// proportion 1 : 3 : 6, in the order of chance.
func distinct(ctx context.Context, t *served, n int, r *rand.Rand) ([]maptile.Tile, error) {
	conn, err := pgx.Connect(ctx, t.url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	var all []maptile.Tile
	for i, share := range []float64{0.1, 0.3, 0.6} {
		here, err := filled(ctx, conn, t.bounds, maptile.Zoom(14+i))
		if err != nil {
			return nil, err
		}
		r.Shuffle(len(here), func(i, j int) { here[i], here[j] = here[j], here[i] })
		all = append(all, here[:min(len(here), int(share*float64(n)))]...)
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, nil
}

// filled are the tiles of a zoom in which there is something.
func filled(ctx context.Context, conn *pgx.Conn, b orb.Bound, z maptile.Zoom) ([]maptile.Tile, error) {
	first, last := maptile.At(orb.Point{b.Min[0], b.Max[1]}, z), maptile.At(orb.Point{b.Max[0], b.Min[1]}, z)
	rows, err := conn.Query(ctx, `
		select x, y from generate_series($2::int, $3) x, generate_series($4::int, $5) y
		where exists (select from bench_parcels where geom && ST_TileEnvelope($1, x, y))
		order by x, y`, int(z), first.X, last.X, first.Y, last.Y)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (maptile.Tile, error) {
		var x, y uint32
		err := row.Scan(&x, &y)
		return maptile.New(x, y, z), err
	})
}

// walks are n requests of readers who look at some places again and again.
func walks(tiles []maptile.Tile, n int, r *rand.Rand) []maptile.Tile {
	pick := rand.NewZipf(r, zipf, 1, uint64(len(tiles)-1))
	all := make([]maptile.Tile, n)
	for i := range all {
		all[i] = tiles[pick.Uint64()]
	}
	return all
}

func (s subject) at(t maptile.Tile) string { return fmt.Sprintf(s.path, t.Z, t.X, t.Y) }
