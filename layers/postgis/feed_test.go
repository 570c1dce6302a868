package postgis_test

import (
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/layers/postgis/postgistest"
)

// running runs a feed until the test ends, and notes what it tells.
func running(t *testing.T, pool *pgxpool.Pool) (*postgis.Feed, func() []layers.Change) {
	t.Helper()
	feed := postgis.NewFeed(pool, slog.New(slog.DiscardHandler))
	var mu sync.Mutex
	var told []layers.Change
	feed.Handle(func(changes []layers.Change) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, changes...)
	})
	if err := feed.Start(ctx); err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = feed.Run(run)
	}()
	t.Cleanup(func() {
		stop()
		<-stopped
	})
	return feed, func() []layers.Change {
		mu.Lock()
		defer mu.Unlock()
		return told
	}
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for began := time.Now(); !so(); {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("it does not come that %s", what)
		}
	}
}

const anotherStreet = `insert into land.streets (collectivity, name) values ('00001', 'Rue Haute')`

func execute(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(ctx, sql, args...); err != nil {
		t.Fatal(err)
	}
}

// A connection on which nothing comes any more is no silence of the database.
func TestTheFeedKnowsThatItHearsNothing(t *testing.T) {
	w := newTown(t)
	pool, silence := postgistest.Silenced(t, w.pool)
	feed, told := running(t, pool)
	eventually(t, "the feed is current", feed.Current)
	if err := feed.Check(); err != nil {
		t.Error(err)
	}
	silence.Begin()
	execute(t, w.pool, anotherStreet)
	began := time.Now()
	eventually(t, "the feed knows that it is not current", func() bool { return !feed.Current() })
	if took := time.Since(began); took > postgis.Lag+time.Second/4 {
		t.Errorf("it took %v until the feed knew", took)
	}
	if err := feed.Check(); layers.KindOf(err) != layers.Unavailable || !strings.Contains(err.Error(), "nothing has been heard of changes for 1") {
		t.Errorf("it says %v", err)
	}
	if len(told()) > 0 {
		t.Fatal("something came through")
	}
	silence.End()
	eventually(t, "the feed is current again", feed.Current)
	if n := len(told()); n != 1 {
		t.Errorf("%d changes are told after the silence", n)
	}
}

func TestTheFeedCatchesUpAfterItsConnectionIsEnded(t *testing.T) {
	w := newTown(t)
	feed, told := running(t, w.pool)
	for round := 1; round <= 5; round++ {
		execute(t, w.pool, `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
		execute(t, w.pool, anotherStreet)
		eventually(t, "the change is told", func() bool { return len(told()) == round })
		eventually(t, "the feed is current", feed.Current)
	}
}

// The table is read at intervals: no knock is needed.
func TestAChangeIsToldWithoutAKnock(t *testing.T) {
	w := newTown(t)
	feed, told := running(t, w.pool)
	eventually(t, "the feed is current", feed.Current)
	execute(t, w.pool, `insert into arpent.change (relation, feature, op, who) values ('land.streets', '1', 'update', 'somebody')`)
	began := time.Now()
	eventually(t, "the change is told", func() bool { return len(told()) == 1 })
	if took := time.Since(began); took > postgis.Lag {
		t.Errorf("it took %v", took)
	}
}

// Positions are those of one clock, whoever tells them: who has reached one knows
// every change of whoever told it.
func TestWhoHasReachedAPositionKnowsWhatWasWrittenByThen(t *testing.T) {
	w := newTown(t)
	here := postgis.NewFeed(w.pool, slog.New(slog.DiscardHandler))
	there := postgis.NewFeed(w.pool, slog.New(slog.DiscardHandler))
	heard := map[string]bool{}
	there.Handle(func(changes []layers.Change) {
		for _, c := range changes {
			heard[c.Feature] = true
		}
	})
	for _, f := range []*postgis.Feed{here, there} {
		if err := f.Start(ctx); err != nil {
			t.Fatal(err)
		}
	}
	slow, err := w.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Rollback(ctx) }()
	write := func(by interface {
		QueryRow(context.Context, string, ...any) pgx.Row
	}) (id string) {
		t.Helper()
		if err := by.QueryRow(ctx, anotherStreet+` returning id::text`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	begun := write(slow)
	var before int64
	for round := range 10 {
		var id string
		if round == 5 { // begun first, it ends now
			if err := slow.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			id = begun
		} else {
			id = write(w.pool)
		}
		if err := here.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		if here.Position() <= before {
			t.Errorf("round %d: position %d after %d", round, here.Position(), before)
		}
		before = here.Position()
		if there.Position() >= before || heard[id] {
			t.Fatalf("round %d: another process has heard by itself", round)
		}
		if err := there.Reach(ctx, before); err != nil {
			t.Fatal(err)
		}
		if !heard[id] || there.Position() < before {
			t.Errorf("round %d: change of %s is not known at %d", round, id, there.Position())
		}
	}
	if err := there.Reach(ctx, before+1<<40); err != nil {
		t.Errorf("a position of nowhere: %v", err)
	}
}

// Where another database answers, nobody can say what has changed.
func TestAnotherDatabaseOfTheSameNameIsALoss(t *testing.T) {
	w, other := newTown(t), newTown(t)
	config := w.pool.Config()
	name := config.ConnConfig.Database
	var mu sync.Mutex
	config.BeforeConnect = func(_ context.Context, c *pgx.ConnConfig) error {
		mu.Lock()
		defer mu.Unlock()
		c.Database = name
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	execute(t, other.pool, anotherStreet)
	feed := postgis.NewFeed(pool, slog.New(slog.DiscardHandler))
	var told []layers.Change
	losses := 0
	feed.Handle(func(changes []layers.Change) { told = append(told, changes...) })
	feed.HandleLoss(func() { losses++; told = nil })
	if err := feed.Rewind(ctx, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	sync := func() {
		t.Helper()
		if err := feed.Sync(ctx); err != nil {
			t.Fatal(err)
		}
	}
	sync()
	execute(t, pool, anotherStreet)
	sync()
	if losses != 0 || len(told) != 1 {
		t.Fatalf("%d losses, %v", losses, told)
	}
	stream := feed.Subscribe(t.Context())
	mu.Lock()
	name = other.pool.Config().ConnConfig.Database
	mu.Unlock()
	pool.Reset()
	sync()
	if losses != 1 || len(told) != 1 {
		t.Errorf("%d losses, then it tells %v", losses, told)
	}
	if _, open := <-stream; open {
		t.Error("who was told of each change is not told to begin anew")
	}
	sync()
	if losses != 1 {
		t.Error("it is lost again")
	}
}

// However often its connection is ended, the feed has one, and none in the end.
func TestTheFeedLeavesNothingBehind(t *testing.T) {
	w := newTown(t)
	connections := func() (n int) {
		t.Helper()
		if err := w.pool.QueryRow(ctx, `select count(*) from pg_stat_activity where datname = current_database() and query ~ 'arpent.change|listen' and pid <> pg_backend_pid()`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	goroutines, before := runtime.NumGoroutine(), connections()
	run, stop := context.WithCancel(ctx)
	feed := postgis.NewFeed(w.pool, slog.New(slog.DiscardHandler))
	if err := feed.Start(ctx); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = feed.Run(run)
	}()
	for range 8 {
		eventually(t, "the feed listens", func() bool { return feed.Current() && connections() > before })
		execute(t, w.pool, `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ~ 'arpent.change|listen' and pid <> pg_backend_pid()`)
		execute(t, w.pool, anotherStreet)
	}
	eventually(t, "the feed listens", func() bool { return feed.Current() && connections() > before })
	if n := connections(); n > before+1 {
		t.Errorf("%d connections after %d", n, before)
	}
	stop()
	<-stopped
	eventually(t, "its connection is closed", func() bool { return connections() <= before })
	eventually(t, "its goroutines have ended", func() bool { return runtime.NumGoroutine() <= goroutines+2 }) // those of the pool's connections
}
