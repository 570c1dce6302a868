package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/apps/cemetery"
	"arpent/apps/land"
	"arpent/apps/planning"
	"arpent/apps/polling"
	"arpent/apps/sewerage"
	"arpent/layers"
	"arpent/layers/library"
	"arpent/layers/postgis"
	"arpent/layers/postgis/cluster"
	"arpent/migrations"
)

// commandLine is who the commands act as: nothing restricts them.
var commandLine = layers.Viewer{Admin: true, Login: "arpent"}

// applications register here.
var applications = []func() ([]*layers.Layer, error){
	land.Layers,
	cemetery.Layers,
	planning.Layers,
	polling.Layers,
	sewerage.Layers,
}

// backend is the database with the layers over it.
type backend struct {
	pool    *pgxpool.Pool
	cluster *cluster.Cluster // nil with a database of the user's own
	store   *postgis.Store
	feed    *postgis.Feed
	library *library.Library
	layers  *layers.Service
}

// withDatabase calls fn with the database open and closes it again.
func (r *run) withDatabase(fn func(*backend) error) (err error) {
	b, err := openDatabase(r, r.settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	return fn(b)
}

// withLayers is withDatabase with all layers loaded.
func (r *run) withLayers(fn func(*backend) error) error {
	return r.withDatabase(func(b *backend) error {
		if err := b.load(r, r.settings); err != nil {
			return err
		}
		return fn(b)
	})
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

// connections is how many a server opens at most, unless the address of the
// database says pool_max_conns: each long work takes two for itself.
const connections = 20

func (b *backend) connect(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("ARPENT_DATABASE_URL is no address of a database, such as postgresql://arpent:secret@host/arpent: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = connections
	}
	if b.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return fmt.Errorf("connecting to the database: %w", err)
	}
	if err := b.pool.Ping(ctx); err != nil {
		return fmt.Errorf("the database does not answer: check ARPENT_DATABASE_URL: %s", oneLine(err))
	}
	_, err = migrations.Up(ctx, b.pool, slog.Default())
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "42501" {
		return fmt.Errorf("the database role lacks a right: README.md lists under \"Your own PostGIS\" what a superuser must do once: %w", err)
	}
	return err
}

// oneLine is the text of an error without its line breaks.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// builtIn are the layers of all applications.
func builtIn() ([]*layers.Layer, error) {
	var all []*layers.Layer
	for _, read := range applications {
		some, err := read()
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// load reads all layers.
func (b *backend) load(ctx context.Context, s settings) error {
	b.store = postgis.NewStore(b.pool)
	b.library = library.New(b.store, builtIn, s.layerDir(), slog.Default())
	catalog, err := b.library.Load(ctx)
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
