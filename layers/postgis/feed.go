package postgis

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Feed tells this process of every change of every enrolled table, whoever
// made it. A notification is only a knock on the door; what is read is the
// table arpent.change, so that nothing is missed over a lost connection.
type Feed struct {
	pool *pgxpool.Pool
	log  *slog.Logger

	reading  sync.Mutex // one reader at a time; guards what follows
	seen     string     // the snapshot up to which changes were handed out
	handlers []func([]layers.Change)

	mu          sync.Mutex
	subscribers map[chan []layers.Change]struct{}
}

// NewFeed returns a feed that Run starts.
func NewFeed(pool *pgxpool.Pool, log *slog.Logger) *Feed {
	return &Feed{pool: pool, log: log, subscribers: map[chan []layers.Change]struct{}{}}
}

// Handle calls fn with each batch of changes, before Sync returns and before
// subscribers hear of it. fn may not call Sync.
func (f *Feed) Handle(fn func([]layers.Change)) {
	f.reading.Lock()
	defer f.reading.Unlock()
	f.handlers = append(f.handlers, fn)
}

// subscriberBatches is how far a subscriber may fall behind.
const subscriberBatches = 256

// Subscribe returns a channel of batches of changes. It is closed when ctx
// ends, and when its reader falls too far behind to be told everything.
func (f *Feed) Subscribe(ctx context.Context) <-chan []layers.Change {
	ch := make(chan []layers.Change, subscriberBatches)
	f.mu.Lock()
	f.subscribers[ch] = struct{}{}
	f.mu.Unlock()
	context.AfterFunc(ctx, func() { f.drop(ch) })
	return ch
}

func (f *Feed) drop(ch chan []layers.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.subscribers[ch]; ok {
		delete(f.subscribers, ch)
		close(ch)
	}
}

// Start notes the present moment: changes from now on are told.
func (f *Feed) Start(ctx context.Context) error {
	f.reading.Lock()
	defer f.reading.Unlock()
	return f.pool.QueryRow(ctx, `select pg_current_snapshot()::text`).Scan(&f.seen)
}

// Rewind has the next Sync tell what changed since a moment, as far as the
// table of changes reaches: some days.
func (f *Feed) Rewind(ctx context.Context, since time.Time) error {
	f.reading.Lock()
	defer f.reading.Unlock()
	err := f.pool.QueryRow(ctx, `
		select coalesce((select format('%s:%s:', txid, txid) from arpent.change where at >= $1 order by txid limit 1), pg_current_snapshot()::text)`,
		since).Scan(&f.seen)
	if err != nil {
		return fmt.Errorf("reading where the change feed was at %v: %w", since, err)
	}
	return nil
}

// Run listens until ctx ends. After an interruption of the database it
// connects again and catches up. Start comes first.
func (f *Feed) Run(ctx context.Context) error {
	const patience = 500 * time.Millisecond
	for ctx.Err() == nil {
		err := f.listen(ctx)
		if ctx.Err() != nil {
			break
		}
		f.log.Warn("change feed interrupted, connecting again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(patience):
		}
	}
	return ctx.Err()
}

// listen hands out changes at each knock until the connection fails.
func (f *Feed) listen(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, f.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(ctx, `listen arpent_change`); err != nil {
		return err
	}
	for {
		if err := f.Sync(ctx); err != nil {
			return err
		}
		// The wait is bounded so that a connection that died silently is found.
		wait, cancel := context.WithTimeout(ctx, time.Minute)
		_, err := conn.WaitForNotification(wait)
		expired := wait.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case expired && conn.IsClosed():
			return wait.Err()
		case expired:
			if err := f.prune(ctx); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
}

// bulk is the number of rows of one table from which a transaction is told as
// one change without a feature, whose box holds them all. It is told so however
// late it is heard: what is counted by changes is the same on every server.
const bulk = 2000

//go:embed feed.sql
var unseenSQL string

// Sync returns when every change that was committed before the call has been
// handed to the handlers.
//
// Transactions commit out of the order of their numbers. A change is told
// when its transaction is visible now and was not in the snapshot read last:
// each exactly once, without waiting for older transactions that still run.
func (f *Feed) Sync(ctx context.Context) error {
	f.reading.Lock()
	defer f.reading.Unlock()
	var now string
	var changes []layers.Change
	rows, err := f.pool.Query(ctx, unseenSQL, f.seen, bulk)
	if err != nil {
		return fmt.Errorf("reading the change feed: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq *int64
		var relation, feature, op, who, collectivity *string
		var before, after [4]*float64
		if err := rows.Scan(&now, &seq, &relation, &feature, &op, &who, &collectivity,
			&before[0], &before[1], &before[2], &before[3], &after[0], &after[1], &after[2], &after[3]); err != nil {
			return fmt.Errorf("reading the change feed: %w", err)
		}
		if seq == nil { // nothing new
			continue
		}
		c := layers.Change{Seq: *seq, Relation: *relation, Feature: *feature, Op: *op, Who: *who, Collectivity: *collectivity}
		c.Boxes = appendBox(appendBox(nil, before), after)
		changes = append(changes, c)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the change feed: %w", err)
	}
	f.seen = now
	if len(changes) > 0 {
		f.tell(changes)
	}
	return nil
}

func appendBox(boxes []layers.BBox, c [4]*float64) []layers.BBox {
	if c[0] == nil {
		return boxes
	}
	return append(boxes, layers.BBox{MinX: *c[0], MinY: *c[1], MaxX: *c[2], MaxY: *c[3], SRID: 3857})
}

func (f *Feed) tell(changes []layers.Change) {
	for _, fn := range f.handlers {
		fn(changes)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for ch := range f.subscribers {
		select {
		case ch <- changes:
		default:
			delete(f.subscribers, ch)
			close(ch)
		}
	}
}

// kept is how long the table of changes remembers them. History keeps them for
// ever.
const kept = 9 * 24 * time.Hour

// prune forgets changes that every server has long heard of.
func (f *Feed) prune(ctx context.Context) error {
	_, err := f.pool.Exec(ctx, `delete from arpent.change where at < now() - make_interval(secs => $1)`, kept.Seconds())
	return err
}
