package main

import (
	"context"
	"log/slog"
	"time"

	"arpent/apps/land"
	"arpent/geo/town"
	"arpent/layers"
)

type demoCommand struct {
	Inhabitants int    `default:"20000" help:"Size of the town."`
	Seed        uint64 `default:"1" help:"Another number gives another town."`
	Code        string `default:"00001" help:"Code of its collectivity."`
}

func demoOptions() town.Options { return town.Options{Seed: 1, Inhabitants: 20000, Code: "00001"} }

// Run loads the town.
func (c demoCommand) Run(r *run) error {
	b, err := openLayers(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	return b.loadDemo(r, town.Options{Seed: c.Seed, Inhabitants: c.Inhabitants, Code: c.Code})
}

// loadDemo makes a town and stores it, unless the land of its collectivity is
// there already.
func (b *backend) loadDemo(ctx context.Context, o town.Options) error {
	communes, err := b.layers.Count(ctx, commandLine, "land.communes", layers.Query{IDs: []string{o.Code}})
	if err != nil {
		return err
	}
	if communes > 0 {
		slog.Info("the town is there already", "code", o.Code)
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
	if err := land.LoadTown(ctx, b.layers, commandLine, t); err != nil {
		return err
	}
	slog.Info("loaded a synthetic town", "name", t.Name, "code", t.Code, "parcels", len(t.Parcels), "addresses", len(t.Addresses),
		"generated in", generated.Round(time.Millisecond), "stored in", (time.Since(began) - generated).Round(time.Millisecond))
	return nil
}
