// Package migrations makes and upgrades the tables of the server.
package migrations

import (
	"context"
	"embed"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// queueSchema is where River, which runs long work, keeps its own tables.
const queueSchema = "river"

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
	queue, err := upQueue(ctx, pool)
	return len(done) + queue, err
}

// upQueue lets River migrate its own tables.
func upQueue(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	migrator, err := queueMigrator(pool)
	if err != nil {
		return 0, err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrating the queue of long work: %w", err)
	}
	defer conn.Release()
	// Its migrations do not fit into one transaction.
	const lock = `(hashtextextended('arpent.queue', 0))`
	if _, err := conn.Exec(ctx, `select pg_advisory_lock`+lock); err != nil {
		return 0, fmt.Errorf("migrating the queue of long work: %w", err)
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock`+lock) }()
	if _, err := conn.Exec(ctx, `create schema if not exists `+queueSchema); err != nil {
		return 0, fmt.Errorf("migrating the queue of long work: %w", err)
	}
	result, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return 0, fmt.Errorf("migrating the queue of long work: %w", err)
	}
	return len(result.Versions), nil
}

func queueMigrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: queueSchema, Logger: slog.New(slog.DiscardHandler)})
}

// Current reports whether the database is at the newest version.
func Current(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	provider, closeDB, err := provide(pool)
	if err != nil {
		return false, err
	}
	defer func() { _ = closeDB() }()
	pending, err := provider.HasPending(ctx)
	if err != nil || pending {
		return false, err
	}
	migrator, err := queueMigrator(pool)
	if err != nil {
		return false, err
	}
	queue, err := migrator.Validate(ctx, nil)
	if err != nil {
		return false, err
	}
	return queue.OK, nil
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
