package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/apps/land"
	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/cluster"
	"arpent/migrations"
)

// commandLine is who the commands act as: nothing restricts them.
var commandLine = layers.Viewer{Admin: true, Login: "arpent"}

// applications register here.
var applications = []func() ([]*layers.Layer, error){
	land.Layers,
}

// backend is the database with the layers over it.
type backend struct {
	pool    *pgxpool.Pool
	cluster *cluster.Cluster // nil with a database of the user's own
	store   *postgis.Store
	feed    *postgis.Feed
	layers  *layers.Service
}

// openDatabase connects to the database, starting the private one if there is
// no other, and migrates it.
func openDatabase(ctx context.Context, s settings) (*backend, error) {
	b := &backend{}
	url := s.DatabaseURL
	if url == "" {
		var err error
		if b.cluster, err = cluster.Open(ctx, s.Data, slog.Default()); err != nil {
			return nil, err
		}
		url = b.cluster.URL()
	}
	if err := b.connect(ctx, url); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *backend) connect(ctx context.Context, url string) error {
	var err error
	if b.pool, err = pgxpool.New(ctx, url); err != nil {
		return fmt.Errorf("the database address is wrong: %w", err)
	}
	if err := b.pool.Ping(ctx); err != nil {
		return fmt.Errorf("the database does not answer: check ARPENT_DATABASE_URL: %w", err)
	}
	_, err = migrations.Up(ctx, b.pool, slog.Default())
	return err
}

// openLayers opens the database and loads all layers.
func openLayers(ctx context.Context, s settings) (*backend, error) {
	b, err := openDatabase(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := b.load(ctx, s); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *backend) load(ctx context.Context, s settings) error {
	b.store = postgis.NewStore(b.pool)
	var all []*layers.Layer
	for _, read := range applications {
		some, err := read()
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	catalog, err := b.store.Load(ctx, append(all, b.usersLayers(ctx, s.layerDir(), all)...))
	if err != nil {
		return err
	}
	b.feed = postgis.NewFeed(b.pool, slog.Default())
	if err := b.feed.Start(ctx); err != nil {
		return fmt.Errorf("starting the change feed: %w", err)
	}
	b.layers = layers.NewService(catalog, b.store, b.feed.Sync)
	return nil
}

// usersLayers are the layers of the data folder. One that is wrong is said and
// left out: the others must go on.
func (b *backend) usersLayers(ctx context.Context, dir string, builtIn []*layers.Layer) []*layers.Layer {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		slog.Error("the folder of layer files cannot be made", "error", err)
		return nil
	}
	app := layers.Application{ID: "own", Title: layers.Text{"fr": "Autres couches", "en": "Other layers"}, Order: 1000}
	some, err := layers.ReadDir(os.DirFS(dir), ".", app)
	if err != nil {
		slog.Error("layer files are left out until they are mended", "folder", dir, "error", err)
	}
	var fit []*layers.Layer
	for _, l := range some {
		if _, err := b.store.Load(ctx, []*layers.Layer{l}); err != nil {
			slog.Error("a layer is left out until its file is mended", "folder", dir, "error", err)
			continue
		}
		if _, err := layers.NewCatalog(append(append(fit, builtIn...), l)); err != nil {
			slog.Error("a layer is left out until its file is mended", "folder", dir, "error", err)
			continue
		}
		fit = append(fit, l)
	}
	return fit
}

// close lets go of the database and stops the private one if it is ours.
func (b *backend) close() error {
	if b.pool != nil {
		b.pool.Close()
	}
	if b.cluster != nil {
		return b.cluster.Close()
	}
	return nil
}
