package postgis

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// Listen hands each payload of a channel of the database to heard, until ctx
// ends. Whenever it has connected, the first time too, it hands over "":
// anything may have happened before.
func (s *Store) Listen(ctx context.Context, channel string, heard func(payload string)) error {
	const patience = 500 * time.Millisecond
	for {
		err := s.listen(ctx, channel, heard)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		slog.WarnContext(ctx, "listening to the database interrupted, connecting again", "channel", channel, "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(patience):
		}
	}
}

func (s *Store) listen(ctx context.Context, channel string, heard func(payload string)) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "listen "+column(channel)); err != nil {
		return err
	}
	heard("")
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		heard(n.Payload)
	}
}
