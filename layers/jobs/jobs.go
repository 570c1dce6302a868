// Package jobs does long work apart from the request that asked for it: with
// progress, cancelling, another try when a server stops, and a result that
// outlives the page. River's queue says what runs when and where; the table
// arpent.job what people see of it.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"arpent/layers"
)

// State is how far a job is.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended reports whether nothing more happens to the job.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Job is a piece of long work.
type Job struct {
	ID        int64
	Account   int64 // on whose behalf
	Kind      string
	Layer     string
	Title     string // such as the name of a file
	State     State
	Attempt   int
	Done      int64  // records
	Total     *int64 // nil when it is not known
	Result    json.RawMessage
	Problem   string // why it failed, in words for people
	CreatedAt time.Time
	StartedAt *time.Time
	EndedAt   *time.Time

	language, purpose string
	arguments         json.RawMessage
	cancel            bool
	task              *int64
	viewer            func(ctx context.Context, account int64) (layers.Viewer, error)
}

const columns = `id, account_id, kind, layer, title, state, attempt, done, total, result, coalesce(problem, ''), created_at, started_at, ended_at,
	language, purpose, arguments, cancel, task`

func scan(row pgx.CollectableRow) (Job, error) {
	var j Job
	err := row.Scan(&j.ID, &j.Account, &j.Kind, &j.Layer, &j.Title, &j.State, &j.Attempt, &j.Done, &j.Total, &j.Result, &j.Problem,
		&j.CreatedAt, &j.StartedAt, &j.EndedAt, &j.language, &j.purpose, &j.arguments, &j.cancel, &j.task)
	return j, err
}

// Arguments decodes what the job was ordered with.
func (j *Job) Arguments(into any) error { return json.Unmarshal(j.arguments, into) }

// Viewer is on whose behalf the job is done, with the rights of now: long work
// asks before it stores what it did.
func (j *Job) Viewer(ctx context.Context) (layers.Viewer, error) {
	v, err := j.viewer(ctx, j.Account)
	v.Language, v.Purpose = j.language, j.purpose
	return v, err
}

// Work does a job of some kind on behalf of the viewer, whose rights were read
// as it began, and returns its result. It ends soon after ctx does, and may be
// begun again when a server stops in the middle. report tells how far it is.
type Work func(ctx context.Context, v layers.Viewer, j *Job, report func(done, total int64)) (result any, err error)

// Config is what the service needs.
type Config struct {
	Pool *pgxpool.Pool
	// Viewer reads an account as it is now; it fails for one that may not sign in.
	Viewer func(ctx context.Context, account int64) (layers.Viewer, error)
	Kinds  map[string]Work
	Log    *slog.Logger
}

// Service keeps and does jobs.
type Service struct {
	pool   *pgxpool.Pool
	viewer func(ctx context.Context, account int64) (layers.Viewer, error)
	kinds  map[string]Work
	log    *slog.Logger
	queue  *river.Client[pgx.Tx]
	watch  watchers
}

// workers is how many jobs one server process does at once.
const workers = 2

// New makes the service; Run lets it work.
func New(c Config) (*Service, error) {
	s := &Service{pool: c.Pool, viewer: c.Viewer, kinds: c.Kinds, log: c.Log}
	known := river.NewWorkers()
	river.AddWorker(known, &worker{service: s})
	queue, err := river.NewClient(riverpgxv5.New(c.Pool), &river.Config{
		Schema:     "river",
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:    known,
		JobTimeout: -1, // people cancel what takes too long
		Logger:     slog.New(quieter{c.Log.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("making the queue of long work: %w", err)
	}
	s.queue = queue
	return s, nil
}

// stopTime is how long jobs have to put away their things when the server stops.
const stopTime = 10 * time.Second

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting long work: %w", err)
	}
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		s.listen(ctx)
	}()
	s.rescue(ctx)
	<-listening
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := s.queue.StopAndCancel(stopping); err != nil {
		return fmt.Errorf("stopping long work: %w", err)
	}
	return ctx.Err()
}

// Order is a job to be done.
type Order struct {
	Kind, Layer, Title string
	Arguments          any
}

// Add puts a job in the queue.
func (s *Service) Add(ctx context.Context, v layers.Viewer, o Order) (*Job, error) {
	if v.UserID == 0 {
		return nil, layers.Errorf(layers.Unauthorized, "sign in first: long work is done on behalf of someone")
	}
	arguments, err := json.Marshal(o.Arguments)
	if err != nil {
		return nil, fmt.Errorf("ordering a job: %w", err)
	}
	var j Job
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `insert into arpent.job (account_id, kind, layer, title, language, purpose, arguments)
			values ($1, $2, $3, $4, $5, $6, $7) returning `+columns, v.UserID, o.Kind, o.Layer, o.Title, v.Language, v.Purpose, arguments)
		if err != nil {
			return err
		}
		if j, err = pgx.CollectExactlyOneRow(rows, scan); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, j.ID)
	})
	if err != nil {
		return nil, fmt.Errorf("ordering a job: %w", err)
	}
	return &j, nil
}

// enqueue gives the job a task in River's queue.
func (s *Service) enqueue(ctx context.Context, tx pgx.Tx, id int64) error {
	task, err := s.queue.InsertTx(ctx, tx, arguments{Job: id}, &river.InsertOpts{MaxAttempts: attempts})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update arpent.job set task = $2, state = 'waiting', seen_at = now() where id = $1`, id, task.Job.ID)
	return err
}

// shown is how many jobs a list shows.
const shown = 100

// List is the viewer's jobs, newest first.
func (s *Service) List(ctx context.Context, v layers.Viewer) ([]Job, error) {
	rows, err := s.pool.Query(ctx, `select `+columns+` from arpent.job where account_id = $1 order by id desc limit $2`, v.UserID, shown)
	if err != nil {
		return nil, fmt.Errorf("listing jobs: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

// Get reads a job of the viewer.
func (s *Service) Get(ctx context.Context, v layers.Viewer, id int64) (*Job, error) {
	j, err := s.read(ctx, id)
	if err == nil && j.Account != v.UserID || errors.Is(err, pgx.ErrNoRows) {
		return nil, layers.Errorf(layers.NotFound, "you have no job %d", id)
	}
	return j, err
}

func (s *Service) read(ctx context.Context, id int64) (*Job, error) {
	rows, err := s.pool.Query(ctx, `select `+columns+` from arpent.job where id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("reading a job: %w", err)
	}
	j, err := pgx.CollectExactlyOneRow(rows, scan)
	return &j, err
}

// Cancel stops a job of the viewer: at once when it waits, else as soon as its
// worker hears of it. What it was doing is undone.
func (s *Service) Cancel(ctx context.Context, v layers.Viewer, id int64) (*Job, error) {
	j, err := s.Get(ctx, v, id)
	if err != nil || j.State.Ended() {
		return j, err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update arpent.job set cancel = true, state = case state when 'waiting' then 'cancelled' else state end,
			ended_at = case state when 'waiting' then now() end where id = $1 and state in ('waiting', 'running')`, id); err != nil {
			return err
		}
		if j.task == nil {
			return nil
		}
		_, err := s.queue.JobCancelTx(ctx, tx, *j.task)
		if errors.Is(err, river.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cancelling job %d: %w", id, err)
	}
	return s.read(ctx, id)
}
