package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"arpent/layers"
	"arpent/layers/basemaps"
	"arpent/layers/cartography"
	"arpent/layers/documents"
	"arpent/layers/exports"
	"arpent/layers/external"
	"arpent/layers/imports"
	"arpent/layers/jobs"
	"arpent/layers/notes"
	"arpent/layers/postgis/cluster"
	"arpent/layers/views"
	"arpent/layers/working"
	"arpent/migrations"
	"arpent/tiles"
	"arpent/tiles/bulk"
	"arpent/web"
	"arpent/web/api"
	"arpent/web/auth"
	"arpent/web/ogc"
	"arpent/web/outbound"
)

type serveCommand struct {
	Listen string `env:"ARPENT_LISTEN" default:"127.0.0.1:8080" help:"Address to listen on."`
	Demo   bool   `help:"Load the demo town when there is no collectivity yet."`

	cacheFlag
	memoryFlag

	OIDC providerFlags `embed:"" prefix:"oidc-"`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(r *run) (err error) {
	release, err := cluster.Lock(r.settings.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	// First of all, so that nothing is started for a server that cannot serve.
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: set ARPENT_LISTEN to another address: %w", c.Listen, err)
	}
	defer func() { _ = listener.Close() }()
	return r.withLayers(func(b *backend) error {
		if err := b.ensureAdmin(r, r.settings); err != nil {
			return err
		}
		if c.Demo {
			if err := b.loadFirstDemo(r); err != nil {
				return err
			}
		}
		return b.serve(r, r.settings, c, listener)
	})
}

// ensureAdmin makes the first account and leaves its password in the data folder.
func (b *backend) ensureAdmin(ctx context.Context, s settings) error {
	password, err := auth.EnsureAdmin(ctx, b.pool)
	if err != nil || password == "" {
		return err
	}
	path := filepath.Join(s.Data, "admin-password")
	if err := os.MkdirAll(s.Data, 0o755); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	if err := os.WriteFile(path, []byte(password+"\n"), 0o600); err != nil {
		return fmt.Errorf("writing the password of admin: %w", err)
	}
	fmt.Printf("account admin, password %s (also in %s)\n", password, path)
	return nil
}

// share lets tiles be shared by the cache at an address, after it has heard what
// changed since the week began.
func (b *backend) share(ctx context.Context, service *tiles.Service, address string) error {
	if address == "" {
		return nil
	}
	shared, err := tiles.OpenShared(address)
	if err != nil {
		return fmt.Errorf("ARPENT_TILE_CACHE: %w", err)
	}
	if err := b.feed.Rewind(ctx, shared.Since(time.Now())); err != nil {
		return err
	}
	if err := b.feed.Sync(ctx); err != nil {
		return err
	}
	service.Share(shared, version)
	return nil
}

// stopTime is how long requests have to end when the server stops.
const stopTime = 3 * time.Second

// serve answers on the listener until ctx ends.
func (b *backend) serve(ctx context.Context, s settings, c serveCommand, listener net.Listener) error {
	tileService, err := tiles.NewService(b.layers, b.store)
	if err != nil {
		return err
	}
	tileService.Follow(b.feed)
	if err := b.share(ctx, tileService, c.TileCache); err != nil {
		return err
	}
	files, err := b.documents(ctx, s)
	if err != nil {
		return err
	}
	accounts, err := b.accounts(s, c.OIDC, listener)
	if err != nil {
		return err
	}
	defer accounts.Close()
	baseMaps, err := basemaps.Open(b.pool, s.mapsFile(), slog.Default())
	if err != nil {
		return err
	}
	importer := imports.New(b.layers, b.pool, filepath.Join(s.Data, "uploads"))
	exporter := exports.New(b.layers, filepath.Join(s.Data, "exports"))
	many := bulk.New(b.layers, tileService, filepath.Join(s.Data, "exports"), func(ctx context.Context) ([]layers.Viewer, error) { return auth.Viewers(ctx, b.pool) })
	work, err := jobs.New(jobs.Config{
		Pool: b.pool, Viewer: accounts.Account, Log: slog.Default(),
		Kinds: map[string]jobs.Work{imports.Kind: importer.Work, exports.Kind: exporter.Work, bulk.ExportKind: many.WorkExport, bulk.SeedKind: many.WorkSeed},
	})
	if err != nil {
		return err
	}
	sets := working.New(b.layers, b.pool)
	sheets := notes.New(b.pool)
	handler := web.Handler(web.Config{
		Auth:  accounts,
		API:   &api.Server{Layers: b.layers, Store: b.store, Feed: b.feed, Library: b.library, Documents: files, Jobs: work, Imports: importer, Exports: exporter, Bulk: many, Views: views.New(b.layers, b.pool), Working: sets, Cartography: cartography.New(b.layers, b.pool), Notes: sheets, BaseMaps: baseMaps, External: external.NewRegistry(b.pool), Outbound: outbound.New(baseMaps.PrivateHosts), Auth: accounts, Version: version},
		OGC:   &ogc.Server{Layers: b.layers, Tiles: tileService},
		Ready: b.ready,
	})
	group, ctx := errgroup.WithContext(ctx)
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
		// Streams end when the server stops.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	group.Go(func() error {
		return unlessStopped(b.feed.Run(ctx))
	})
	group.Go(func() error {
		return unlessStopped(tileService.Hold(ctx, c.bytes()))
	})
	for channel, knock := range map[string]func(string){working.Channel: sets.Knock, notes.Channel: sheets.Knock, auth.Channel: accounts.Knock} {
		group.Go(func() error {
			return unlessStopped(b.store.Listen(ctx, channel, knock))
		})
	}
	group.Go(func() error {
		return unlessStopped(work.Run(ctx))
	})
	group.Go(func() error {
		sweep(ctx, importer, exporter)
		return nil
	})
	group.Go(func() error {
		return unlessStopped(b.library.Watch(ctx, b.layers))
	})
	group.Go(func() error {
		fmt.Printf("arpent ready http://%s\n", listener.Addr())
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if err := server.Shutdown(stopping); errors.Is(err, context.DeadlineExceeded) {
			return server.Close()
		}
		return nil
	})
	return group.Wait()
}

// unlessStopped is the error of what runs until it is told to stop.
func unlessStopped(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// sweepTime is how often files that are kept for a while are looked through.
const sweepTime = time.Hour

// sweep forgets old files of imports and exports until ctx ends.
func sweep(ctx context.Context, importer *imports.Service, exporter *exports.Service) {
	for {
		if err := errors.Join(importer.Sweep(ctx), exporter.Sweep()); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "sweeping", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepTime):
		}
	}
}

// documents opens the place where the contents of files are kept.
func (b *backend) documents(ctx context.Context, s settings) (*documents.Service, error) {
	folder := filepath.Join(s.Data, "files")
	contents, err := documents.OpenContents(ctx, s.FilesURL, folder)
	if err != nil {
		return nil, err
	}
	return documents.New(b.layers, b.store, contents, filepath.Join(folder, "incoming"))
}

// ready names what keeps the server from doing all its work.
func (b *backend) ready(ctx context.Context) (wrong []web.Wrong) {
	switch current, err := migrations.Current(ctx, b.pool); {
	case err != nil:
		slog.ErrorContext(ctx, "not ready", "error", err)
		wrong = append(wrong, web.Wrong{Part: "database", Detail: "the database does not answer"})
	case !current:
		wrong = append(wrong, web.Wrong{Part: "database", Detail: "the database waits to be migrated: run `arpent migrate`"})
	}
	if err := b.feed.Check(); err != nil {
		wrong = append(wrong, web.Wrong{Part: "changes", Detail: err.Error()})
	}
	return wrong
}
