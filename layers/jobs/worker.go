package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"arpent/layers"
)

// attempts is how often a job is tried when servers stop or the database goes
// away in the middle.
const attempts = 3

// arguments is what River keeps of a job.
type arguments struct {
	Job int64 `json:"job"`
}

// Kind names River's only kind of job.
func (arguments) Kind() string { return "arpent" }

type worker struct {
	river.WorkerDefaults[arguments]
	service *Service
}

// NextRetry is soon: a job is tried again because something was not there for
// a moment.
func (w *worker) NextRetry(task *river.Job[arguments]) time.Time {
	return time.Now().Add(time.Duration(task.Attempt) * 2 * time.Second)
}

// errTaken: another task does the job now.
var errTaken = errors.New("the job was taken over")

// errCancelled: somebody cancelled the job.
var errCancelled = errors.New("the job was cancelled")

// Work does the job of a task.
func (w *worker) Work(ctx context.Context, task *river.Job[arguments]) error {
	s := w.service
	j, err := s.begin(ctx, task.Args.Job, task.ID)
	if j == nil || err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p := &progress{service: s, job: j, stop: stop}
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		p.beat(ctx)
	}()
	result, err := s.do(ctx, j, p.report)
	cause := context.Cause(ctx)
	stop(nil)
	<-beating

	end := context.WithoutCancel(ctx)
	switch {
	case errors.Is(cause, errTaken):
		return nil
	case err == nil:
		p.store(end)
		return s.end(end, j, Done, result, "")
	case errors.Is(cause, river.ErrJobCancelledRemotely), errors.Is(cause, errCancelled):
		return errors.Join(s.end(end, j, Cancelled, nil, ""), river.JobCancel(err))
	case cause != nil: // the server stops: another goes on
		return errors.Join(s.again(end, j), err)
	case (layers.KindOf(err) == "" || layers.KindOf(err) == layers.Unavailable) && task.Attempt < task.MaxAttempts:
		s.log.WarnContext(ctx, "a job is tried again", "job", j.ID, "kind", j.Kind, "error", err)
		return errors.Join(s.again(end, j), err)
	case layers.KindOf(err) == "":
		s.log.ErrorContext(ctx, "a job failed", "job", j.ID, "kind", j.Kind, "error", err)
		return errors.Join(s.end(end, j, Failed, result, unexpected[j.language == "en"]), river.JobCancel(err))
	default:
		return errors.Join(s.end(end, j, Failed, result, err.Error()), river.JobCancel(err))
	}
}

// unexpected is what people read of an error that they did not cause, in
// English (true) and French.
var unexpected = map[bool]string{
	true:  "Something went wrong on the server. Nothing was done; the log of the server says more.",
	false: "Une erreur est survenue sur le serveur. Rien n'a été fait ; le journal du serveur en dit plus.",
}

// begin marks the job as running under the task; nil when there is nothing to
// do any more, or another task does it.
func (s *Service) begin(ctx context.Context, id, task int64) (*Job, error) {
	rows, err := s.pool.Query(ctx, `update arpent.job set state = 'running', attempt = attempt + 1, done = 0, total = null, problem = null,
			started_at = coalesce(started_at, now()), seen_at = now()
		where id = $1 and task = $2 and state in ('waiting', 'running') and not cancel returning `+columns, id, task)
	if err != nil {
		return nil, fmt.Errorf("beginning job %d: %w", id, err)
	}
	j, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("beginning job %d: %w", id, err)
	}
	return &j, nil
}

func (s *Service) do(ctx context.Context, j *Job, report func(done, total int64)) (any, error) {
	work, ok := s.kinds[j.Kind]
	if !ok {
		return nil, layers.Errorf(layers.Invalid, "this server knows no work of kind %q", j.Kind)
	}
	j.viewer = s.viewer
	v, err := j.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	return work(ctx, v, j, report)
}

func (s *Service) end(ctx context.Context, j *Job, state State, result any, problem string) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime/2)
	defer cancel()
	encoded, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("keeping the result of job %d: %w", j.ID, err)
	}
	_, err = s.pool.Exec(ctx, `update arpent.job set state = $2, result = nullif($3::jsonb, 'null'), problem = nullif($4, ''), ended_at = now(),
		done = case $2 when 'done' then coalesce(total, done) else done end
		where id = $1 and task = $5 and state = 'running'`, j.ID, state, encoded, problem, j.task)
	if err != nil {
		return fmt.Errorf("ending job %d: %w", j.ID, err)
	}
	return nil
}

// again lets the job wait for its next attempt.
func (s *Service) again(ctx context.Context, j *Job) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime/2)
	defer cancel()
	_, err := s.pool.Exec(ctx, `update arpent.job set state = 'waiting', seen_at = now() where id = $1 and task = $2 and state = 'running'`, j.ID, j.task)
	return err
}

// Times of progress.
const (
	pulse  = 3 * time.Second        // a worker tells that it is alive
	moment = 400 * time.Millisecond // progress is stored no more often
	silent = 10 * pulse             // a worker that tells nothing for so long is gone
)

// progress stores how far a job is.
type progress struct {
	service *Service
	job     *Job
	stop    context.CancelCauseFunc

	mu          sync.Mutex
	done, total int64
	stored      time.Time
}

// report notes how far the work is; total 0 when it is not known.
func (p *progress) report(done, total int64) {
	p.mu.Lock()
	p.done, p.total = done, total
	due := time.Since(p.stored) >= moment
	if due {
		p.stored = time.Now()
	}
	p.mu.Unlock()
	if due {
		p.store(context.Background())
	}
}

// store writes progress, and learns whether somebody cancelled the job or
// another task took it over.
func (p *progress) store(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, pulse)
	defer cancel()
	p.mu.Lock()
	done, total := p.done, p.total
	p.mu.Unlock()
	var cancelled bool
	err := p.service.pool.QueryRow(ctx, `update arpent.job set done = $2, total = nullif($3, 0), seen_at = now()
		where id = $1 and task = $4 and state = 'running' returning cancel`, p.job.ID, done, total, p.job.task).Scan(&cancelled)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		p.stop(errTaken)
	case err != nil: // the work itself will meet it
		p.service.log.WarnContext(ctx, "storing the progress of a job", "job", p.job.ID, "error", err)
	case cancelled:
		p.stop(errCancelled)
	}
}

func (p *progress) beat(ctx context.Context) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.store(ctx)
		}
	}
}

// rescue lets jobs go on whose worker died, until ctx ends. River itself would
// wait for an hour, as it cannot tell a long job from a dead one.
func (s *Service) rescue(ctx context.Context) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		if err := s.rescueOnce(ctx, silent); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "looking for jobs whose worker died", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Service) rescueOnce(ctx context.Context, after time.Duration) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select `+columns+` from arpent.job where state = 'running' and seen_at < now() - $1::interval for update skip locked`, after)
		if err != nil {
			return err
		}
		dead, err := pgx.CollectRows(rows, scan)
		if err != nil {
			return err
		}
		for _, j := range dead {
			s.log.WarnContext(ctx, "the worker of a job died", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt)
			switch {
			case j.cancel:
				_, err = tx.Exec(ctx, `update arpent.job set state = 'cancelled', ended_at = now() where id = $1`, j.ID)
			case j.Attempt >= attempts:
				_, err = tx.Exec(ctx, `update arpent.job set state = 'failed', ended_at = now(), problem = $2 where id = $1`, j.ID, unexpected[j.language == "en"])
			default:
				err = s.enqueue(ctx, tx, j.ID)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// quieter lets only warnings and errors of the queue into the log.
type quieter struct{ slog.Handler }

func (q quieter) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}
