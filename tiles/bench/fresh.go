package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
)

const (
	editZoom    = 17    // at which the tile of an edited parcel is looked at
	spreadEdits = 1_000 // after which it is counted which tiles are still warm
	warmSample  = 3_000 // tiles of zooms 14 to 18 that a client has kept
)

// edited is a parcel and the tile that shows it.
type edited struct {
	id string
	at maptile.Tile
}

// fresh edits parcels all over the town in the database and asks for the tile of
// each as soon as it is committed, until it shows the edit. It also counts how
// many tiles that a client has kept are good after the first edits.
func (b *bench) fresh(ctx context.Context) error {
	return b.with(ctx, "arpent", func(r *running, _ string) error {
		conn, err := pgx.Connect(ctx, b.town.url)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(ctx) }()
		n := max(spreadEdits, b.Edits*b.Seconds)
		all, err := b.victims(ctx, conn, n)
		if err != nil {
			return err
		}
		var area int // no parcel is as large
		if err := conn.QueryRow(ctx, `select max(registered_area) + 1 from land.parcels`).Scan(&area); err != nil {
			return err
		}
		kept, total, err := b.sample(ctx, conn)
		if err != nil {
			return err
		}
		tags := make([]string, len(kept))
		for i, t := range kept {
			if tags[i], err = tagOf(ctx, r, t); err != nil {
				return err
			}
		}
		first, err := b.edit(ctx, r, conn, all[:spreadEdits], area)
		if err != nil {
			return err
		}
		warm, touched := 0, tilesOf(all[:spreadEdits])
		must := 0
		for i, t := range kept {
			tag, err := tagOf(ctx, r, t)
			if err != nil {
				return err
			}
			if tag == tags[i] {
				warm++
			}
			if touched[t] {
				must++
			}
		}
		fmt.Printf("\n### after %d edits, spread over the town\n\n", spreadEdits)
		fmt.Printf("%d of %d tiles sampled of the %d of zooms 14 to 18 are as a client keeps them: %.1f%%; %d show the middle of an edited parcel and must differ\n",
			warm, len(kept), total, 100*float64(warm)/float64(len(kept)), must)
		rest, err := b.edit(ctx, r, conn, all[spreadEdits:], area+spreadEdits)
		if err != nil {
			return err
		}
		took := slices.Concat(first, rest)
		slices.Sort(took)
		at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1e3 }
		fmt.Printf("\n### from commit to the first fresh tile, %d edits a second\n\n| edits | p50 ms | p95 ms | p99 ms | max ms |\n|--:|--:|--:|--:|--:|\n| %d | %.1f | %.1f | %.1f | %.1f |\n",
			b.Edits, len(took), at(0.5), at(0.95), at(0.99), at(1))
		return nil
	})
}

// victims are parcels anywhere in town.
func (b *bench) victims(ctx context.Context, conn *pgx.Conn, n int) ([]edited, error) {
	rows, err := conn.Query(ctx, `
		select id, ST_X(at), ST_Y(at) from (
			select id, ST_Transform(ST_PointOnSurface(geom), 4326) as at from land.parcels order by hashtext(id || $2) limit $1) t`, n, fmt.Sprint(b.Seed))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (edited, error) {
		var e edited
		var at orb.Point
		err := row.Scan(&e.id, &at[0], &at[1])
		e.at = maptile.At(at, editZoom)
		return e, err
	})
}

// sample are tiles of zooms 14 to 18 in the proportion in which there are such,
// and how many there are.
func (b *bench) sample(ctx context.Context, conn *pgx.Conn) ([]maptile.Tile, int, error) {
	var all []maptile.Tile
	for z := maptile.Zoom(14); z <= 18; z++ {
		here, err := filled(ctx, conn, b.town.bounds, z)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, here...)
	}
	rand.New(rand.NewPCG(b.Seed, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(warmSample, len(all))], len(all), nil
}

// tilesOf are the tiles of zooms 14 to 17 in which the parcels lie.
func tilesOf(all []edited) map[maptile.Tile]bool {
	touched := map[maptile.Tile]bool{}
	for _, e := range all {
		for t := e.at; t.Z >= 14; t = t.Parent() {
			touched[t] = true
		}
	}
	return touched
}

func tagOf(ctx context.Context, r *running, t maptile.Tile) (string, error) {
	_, header, err := get(ctx, http.DefaultClient, r.base+r.at(t), true)
	return header.Get("ETag"), err
}

// edit gives each parcel an area that none had, at the rate, and tells how long
// it took from each commit to the first tile that shows it.
func (b *bench) edit(ctx context.Context, r *running, conn *pgx.Conn, all []edited, area int) ([]time.Duration, error) {
	took := make([]time.Duration, len(all))
	var mu sync.Mutex
	var failed error
	var looking sync.WaitGroup
	c := client(b.Clients)
	beat := time.NewTicker(time.Second / time.Duration(b.Edits))
	defer beat.Stop()
	for i, e := range all {
		<-beat.C
		if _, err := conn.Exec(ctx, `update land.parcels set registered_area = $2 where id = $1`, e.id, area+i); err != nil {
			return nil, err
		}
		committed := time.Now()
		looking.Go(func() {
			when, err := firstShown(ctx, c, r, e, area+i)
			mu.Lock()
			defer mu.Unlock()
			took[i], failed = when.Sub(committed), errors.Join(failed, err)
		})
	}
	looking.Wait()
	return took, failed
}

// firstShown asks for the tile of a parcel until it has the area, and tells when
// that tile had come.
func firstShown(ctx context.Context, c *http.Client, r *running, e edited, area int) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		body, header, err := get(ctx, c, r.base+r.at(e.at), true)
		came := time.Now()
		if err == nil {
			body, err = unpacked(body, header)
		}
		if err != nil {
			return came, err
		}
		layers, err := mvt.Unmarshal(body)
		if err != nil {
			return came, err
		}
		for _, l := range layers {
			for _, f := range l.Features {
				if f.Properties["id"] == e.id && f.Properties["registered_area"] == float64(area) {
					return came, nil
				}
			}
		}
	}
}
