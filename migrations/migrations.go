// Package migrations makes and upgrades the tables of the server.
package migrations

import (
	"context"
	"embed"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Up brings the database to the newest version and returns how many
// migrations that took. Servers that start together wait for one another.
func Up(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (int, error) {
	if _, err := pool.Exec(ctx, `create schema if not exists arpent`); err != nil {
		return 0, fmt.Errorf("creating schema arpent: the database role needs the right to create schemas: %w", err)
	}
	provider, closeDB, err := provide(pool)
	if err != nil {
		return 0, err
	}
	defer func() { _ = closeDB() }()
	done, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrating the database: %w", err)
	}
	for _, m := range done {
		log.Info("migrated", "file", m.Source.Path, "took", m.Duration)
	}
	return len(done), nil
}

// Current reports whether the database is at the newest version.
func Current(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	provider, closeDB, err := provide(pool)
	if err != nil {
		return false, err
	}
	defer func() { _ = closeDB() }()
	pending, err := provider.HasPending(ctx)
	return !pending, err
}

func provide(pool *pgxpool.Pool) (*goose.Provider, func() error, error) {
	db := stdlib.OpenDBFromPool(pool)
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, nil, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName("arpent.migration"), goose.WithSessionLocker(locker))
	if err != nil {
		return nil, nil, fmt.Errorf("reading migrations: %w", err)
	}
	return provider, db.Close, nil
}
