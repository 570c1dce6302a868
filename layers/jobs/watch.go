package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// watchers are those who wait for news of jobs, by account.
type watchers struct {
	mu  sync.Mutex
	all map[chan int64]int64
}

// Subscribe tells the identifier of each job of the viewer that changes, until
// ctx ends. News that nobody takes are dropped: what a job is now is read anew.
func (s *Service) Subscribe(ctx context.Context, v layers.Viewer) <-chan int64 {
	news := make(chan int64, 64)
	if v.UserID == 0 {
		return news
	}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	if s.watch.all == nil {
		s.watch.all = map[chan int64]int64{}
	}
	s.watch.all[news] = v.UserID
	context.AfterFunc(ctx, func() {
		s.watch.mu.Lock()
		defer s.watch.mu.Unlock()
		delete(s.watch.all, news)
	})
	return news
}

func (w *watchers) tell(account, job int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for news, of := range w.all {
		if of != account {
			continue
		}
		select {
		case news <- job:
		default:
		}
	}
}

// listen hears of jobs until ctx ends, whichever server does them.
func (s *Service) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.hear(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "listening for jobs", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (s *Service) hear(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `listen arpent_job`); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var account, job int64
		if _, err := fmt.Sscan(n.Payload, &account, &job); err != nil {
			return fmt.Errorf("news of jobs %q: %w", n.Payload, err)
		}
		s.watch.tell(account, job)
	}
}
