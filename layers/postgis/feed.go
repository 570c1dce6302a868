package postgis

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Feed tells this process of every change of every enrolled table, whoever
// made it. A notification is only a knock on the door; what is read is the
// table arpent.change, so that nothing is missed over a lost connection. It is
// read at short intervals without a knock too, so that a connection on which
// nothing comes any more is no silence: Current tells whether the feed can vouch
// for what it has told.
type Feed struct {
	pool *pgxpool.Pool
	log  *slog.Logger

	reading  chan struct{} // holds one token while somebody reads; guards what follows
	seen     string        // the snapshot up to which changes were handed out
	place    string        // the database and its timeline: another one after a failover
	since    time.Time     // from when on changes were told; zero for from Start
	handlers []func([]layers.Change)
	losses   []func()

	heard    atomic.Pointer[time.Time] // when the last reading that ended well began
	position atomic.Int64              // up to which changes were handed out
	patience atomic.Int64              // how long a reading may take, nanoseconds

	mu          sync.Mutex
	subscribers map[chan []layers.Change]struct{}
}

// NewFeed returns a feed that Run starts.
func NewFeed(pool *pgxpool.Pool, log *slog.Logger) *Feed {
	return &Feed{pool: pool, log: log, reading: make(chan struct{}, 1), subscribers: map[chan []layers.Change]struct{}{}}
}

// Handle calls fn with each batch of changes, before Sync returns and before
// subscribers hear of it. fn may not call Sync.
func (f *Feed) Handle(fn func([]layers.Change)) {
	f.reading <- struct{}{}
	defer f.rest()
	f.handlers = append(f.handlers, fn)
}

// HandleLoss calls fn when changes were missed for good, before any later one is
// told: whatever was made of the layers must be made anew. Then the feed tells
// again what it told since the moment of Rewind.
func (f *Feed) HandleLoss(fn func()) {
	f.reading <- struct{}{}
	defer f.rest()
	f.losses = append(f.losses, fn)
}

// rest lets the next one read.
func (f *Feed) rest() { <-f.reading }

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

// dropAll ends all subscriptions.
func (f *Feed) dropAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ch := range f.subscribers {
		delete(f.subscribers, ch)
		close(ch)
	}
}

// Start notes the present moment: changes from now on are told.
func (f *Feed) Start(ctx context.Context) error {
	f.reading <- struct{}{}
	defer f.rest()
	began := time.Now()
	if err := f.pool.QueryRow(ctx, `select pg_current_snapshot()::text`).Scan(&f.seen); err != nil {
		return err
	}
	f.heard.Store(&began)
	return nil
}

// Rewind has the next Sync tell what changed since a moment, as far as the
// table of changes reaches: some days.
func (f *Feed) Rewind(ctx context.Context, since time.Time) error {
	f.reading <- struct{}{}
	defer f.rest()
	f.since = since
	return f.rewind(ctx, f.pool)
}

// queryer is a pool or a connection.
type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// rewind goes back to before the first transaction that changed something since
// f.since, or that still runs and may.
func (f *Feed) rewind(ctx context.Context, from queryer) error {
	err := from.QueryRow(ctx, `
		select format('%1$s:%1$s:', least((select min(txid::text::bigint) from arpent.change where at >= $1), pg_snapshot_xmin(pg_current_snapshot())::text::bigint))`,
		f.since).Scan(&f.seen)
	if err != nil {
		return fmt.Errorf("reading where the change feed was at %v: %w", f.since, err)
	}
	return nil
}

// bulk is the number of rows of one table from which a transaction is told as
// one change without a feature, whose box holds them all. It is told so however
// late it is heard: what is counted by changes is the same on every server.
const bulk = 2000

//go:embed feed.sql
var unseenSQL string

// Sync returns when every change that was committed before the call has been
// handed to the handlers.
func (f *Feed) Sync(ctx context.Context) error {
	asked := time.Now()
	return f.hear(ctx, func() bool { return f.heardSince(asked) })
}

// heardSince reports whether a reading that began after a moment has ended.
func (f *Feed) heardSince(moment time.Time) bool {
	last := f.heard.Load()
	return last != nil && last.After(moment)
}

// hear reads the table of changes, unless others do until it is enough.
func (f *Feed) hear(ctx context.Context, enough func() bool) error {
	// The connection comes first: who waits for one holds nobody up.
	conn, err := f.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reading the change feed: %w", err)
	}
	defer conn.Release()
	select {
	case f.reading <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("waiting for the change feed: %w", ctx.Err())
	}
	defer f.rest()
	if enough() {
		return nil
	}
	return f.read(ctx, conn)
}

// How long a reading may take: so long at first, twice as long after each that
// took longer, as one that catches up with days may.
const (
	leastPatience = 2 * time.Second
	mostPatience  = 5 * time.Minute
)

// read tells what is new, with the token held.
//
// Transactions commit out of the order of their numbers. A change is told
// when its transaction is visible now and was not in the snapshot read last:
// each exactly once, without waiting for older transactions that still run.
func (f *Feed) read(ctx context.Context, from queryer) (err error) {
	patience := max(leastPatience, time.Duration(f.patience.Load()))
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer func() {
		switch {
		case err == nil:
			f.patience.Store(0)
		case bounded.Err() != nil && ctx.Err() == nil:
			f.patience.Store(int64(min(2*patience, mostPatience)))
		}
	}()
	began := time.Now()
	now, changes, err := f.unseen(bounded, from)
	if err != nil {
		return fmt.Errorf("reading the change feed: %w", err)
	}
	if lost := f.lost(now, began); lost != "" {
		f.log.Warn("changes were missed: all tiles are made anew", "reason", lost)
		if now, changes, err = f.begin(bounded, from); err != nil {
			return fmt.Errorf("beginning the change feed anew: %w", err)
		}
	}
	f.seen, f.place = now.snapshot, now.place
	for i := range changes {
		changes[i].Position = now.position
	}
	f.tell(changes, now.position)
	f.heard.Store(&began)
	return nil
}

// moment is where a database was when it was read.
type moment struct {
	snapshot string
	place    string
	position int64
}

// unseen are the changes since f.seen.
func (f *Feed) unseen(ctx context.Context, from queryer) (now moment, changes []layers.Change, err error) {
	rows, err := from.Query(ctx, unseenSQL, f.seen, bulk)
	if err != nil {
		return now, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq *int64
		var relation, feature, op, who, collectivity *string
		var before, after [4]*float64
		if err := rows.Scan(&now.snapshot, &now.place, &now.position, &seq, &relation, &feature, &op, &who, &collectivity,
			&before[0], &before[1], &before[2], &before[3], &after[0], &after[1], &after[2], &after[3]); err != nil {
			return now, nil, err
		}
		if seq == nil { // nothing new
			continue
		}
		c := layers.Change{Seq: *seq, Relation: *relation, Feature: *feature, Op: *op, Who: *who, Collectivity: *collectivity}
		c.Boxes = appendBox(appendBox(nil, before), after)
		changes = append(changes, c)
	}
	return now, changes, rows.Err()
}

func appendBox(boxes []layers.BBox, c [4]*float64) []layers.BBox {
	if c[0] == nil {
		return boxes
	}
	return append(boxes, layers.BBox{MinX: *c[0], MinY: *c[1], MaxX: *c[2], MaxY: *c[3], SRID: 3857})
}

// tell hands out changes, if there are any. The position is reached when the
// handlers know them, and before subscribers do: who subscribes hears of all that
// comes after the position at that time.
func (f *Feed) tell(changes []layers.Change, position int64) {
	if len(changes) == 0 {
		f.position.Store(position)
		return
	}
	for _, fn := range f.handlers {
		fn(changes)
	}
	f.position.Store(position)
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
