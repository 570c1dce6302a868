package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"arpent/apps/cemetery"
	"arpent/apps/land"
	"arpent/apps/planning"
	"arpent/apps/polling"
	"arpent/apps/sewerage"
	"arpent/geo/town"
	"arpent/layers"
	"arpent/layers/postgis"
)

type demoCommand struct {
	Inhabitants int    `default:"20000" help:"Size of the town."`
	Seed        uint64 `default:"1" help:"Another number gives another town."`
	Code        string `default:"00001" help:"Code of its collectivity."`
}

// Run loads the town and says what is there.
func (c demoCommand) Run(r *run) error {
	return r.withLayers(func(b *backend) error {
		if err := b.loadDemo(r, town.Options{Seed: c.Seed, Inhabitants: c.Inhabitants, Code: c.Code}); err != nil {
			return err
		}
		parcels, err := b.layers.Count(r, commandLine, "land.parcels", layers.Query{Equal: map[string]string{"collectivity": c.Code}})
		if err != nil {
			return err
		}
		_, err = fmt.Printf("collectivity %s has %d parcels\n", c.Code, parcels)
		return err
	})
}

// demoTown is what `serve --demo` loads: what `demo` does when it is told nothing.
var demoTown = town.Options{Seed: 1, Inhabitants: 20000, Code: "00001"}

// loadFirstDemo loads the demo town on a server that has no other.
func (b *backend) loadFirstDemo(ctx context.Context) error {
	all, err := b.store.Collectivities(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c postgis.Collectivity) bool { return c.Code != demoTown.Code }) {
		return nil
	}
	return b.loadDemo(ctx, demoTown)
}

// loadDemo makes a town and stores it, unless the land of its collectivity is
// there already.
func (b *backend) loadDemo(ctx context.Context, o town.Options) error {
	communes, err := b.layers.Count(ctx, commandLine, "land.communes", layers.Query{IDs: []string{o.Code}})
	if err != nil {
		return err
	}
	if communes > 0 {
		slog.Info("the town is there already and stays as it is", "code", o.Code)
		return nil
	}
	began := time.Now()
	t, err := town.Generate(o)
	if err != nil {
		return err
	}
	generated := time.Since(began)
	if err := b.store.PutCollectivity(ctx, t.Code, t.Name, 2154); err != nil {
		return err
	}
	if err := loadTown(ctx, b.layers, t, o.Seed); err != nil {
		return err
	}
	slog.Info("loaded a synthetic town", "name", t.Name, "code", t.Code, "parcels", len(t.Parcels), "addresses", len(t.Addresses),
		"generated in", generated.Round(time.Millisecond), "stored in", (time.Since(began) - generated).Round(time.Millisecond))
	return nil
}

// townLoaders store what each application has of a synthetic town, in order:
// later ones may refer to records of earlier ones.
var townLoaders = []func(context.Context, *layers.Service, layers.Viewer, *town.Town, uint64) error{
	land.LoadTown,
	cemetery.LoadTown,
	planning.LoadTown,
	polling.LoadTown,
	sewerage.LoadTown,
}

func loadTown(ctx context.Context, service *layers.Service, t *town.Town, seed uint64) error {
	for _, load := range townLoaders {
		if err := load(ctx, service, commandLine, t, seed); err != nil {
			return err
		}
	}
	return nil
}
