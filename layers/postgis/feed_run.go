package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Lag is how long after its commit a change has been told at the latest while
// the feed is current.
const Lag = time.Second

// beat is how often the table of changes is read without a knock.
const beat = Lag / 4

// Run listens until ctx ends. After an interruption of the database it
// connects again and catches up. Start comes first.
func (f *Feed) Run(ctx context.Context) error {
	const pause = 250 * time.Millisecond
	pruning := make(chan struct{})
	go func() {
		defer close(pruning)
		f.prune(ctx)
	}()
	var away time.Time // since when; zero for not
	back := func() {
		if !away.IsZero() {
			f.log.Info("change feed has caught up", "away", time.Since(away).Round(time.Millisecond))
		}
		away = time.Time{}
	}
	for ctx.Err() == nil {
		err := f.listen(ctx, back)
		if ctx.Err() != nil {
			break
		}
		if away.IsZero() {
			away = time.Now()
			f.log.Warn("change feed interrupted, connecting again: tiles are made for each request meanwhile", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	<-pruning
	return ctx.Err()
}

// listen hands out changes at each knock and at each beat until the connection
// fails, and calls back whenever it has read all. It reads on the connection on which it listens: it needs none of the
// pool, which may have none left, and finds out when this one is dead.
func (f *Feed) listen(ctx context.Context, back func()) error {
	conn, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), beat)
		defer cancel()
		_ = conn.Close(closing)
	}()
	for {
		if err := f.readOn(ctx, conn); err != nil {
			return err
		}
		back()
		wait, cancel := context.WithTimeout(ctx, beat)
		_, err := conn.WaitForNotification(wait)
		expired := wait.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case conn.IsClosed() || err != nil && !expired:
			return err
		}
	}
}

func (f *Feed) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, leastPatience)
	defer cancel()
	config := f.pool.Config()
	if config.BeforeConnect != nil {
		if err := config.BeforeConnect(ctx, config.ConnConfig); err != nil {
			return nil, err
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `listen arpent_change`); err != nil {
		_ = conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

func (f *Feed) readOn(ctx context.Context, conn *pgx.Conn) error {
	select {
	case f.reading <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer f.rest()
	return f.read(ctx, conn)
}

// kept is how long the table of changes remembers them. History keeps them for
// ever.
const kept = 9 * 24 * time.Hour

// prune forgets changes that every server has long heard of, until ctx ends.
func (f *Feed) prune(ctx context.Context) {
	every := time.NewTicker(time.Minute)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		_, err := f.pool.Exec(ctx, `delete from arpent.change where at < now() - make_interval(secs => $1)`, kept.Seconds())
		if err != nil && ctx.Err() == nil {
			f.log.Warn("old changes are not forgotten", "error", err)
		}
	}
}

// lost tells why changes may have been missed for good; "" for not.
func (f *Feed) lost(now moment, began time.Time) string {
	last := f.heard.Load()
	switch {
	case f.place != "" && f.place != now.place:
		return "another database answers"
	case now.position < f.position.Load():
		return "the database is older than what was heard of it"
	case last != nil && age(*last, began) > kept-time.Hour:
		return fmt.Sprintf("the table of changes remembers %v, and nothing was heard for longer", kept)
	}
	return ""
}

// begin forgets what was heard and, where the feed was rewound, hears it again.
// Those who were told of changes one by one are told to begin anew too.
func (f *Feed) begin(ctx context.Context, from queryer) (moment, []layers.Change, error) {
	f.dropAll()
	for _, fn := range f.losses {
		fn()
	}
	f.position.Store(0)
	if f.since.IsZero() {
		if err := from.QueryRow(ctx, `select pg_current_snapshot()::text`).Scan(&f.seen); err != nil {
			return moment{}, nil, err
		}
	} else if err := f.rewind(ctx, from); err != nil {
		return moment{}, nil, err
	}
	return f.unseen(ctx, from)
}
