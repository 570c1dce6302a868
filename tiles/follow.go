package tiles

import (
	"context"
	"log/slog"

	"arpent/layers/postgis"
)

// Follow has the service hear of every change that a feed tells. Tiles are kept,
// and served of those kept, only while the feed is current: so none is staler than
// postgis.Lag, whatever becomes of the database or of the way to it. When
// changes were missed for good, all is made anew.
func (s *Service) Follow(f *postgis.Feed) {
	s.feed = f
	f.Handle(s.Forget)
	f.HandleLoss(s.lose)
}

// current reports whether tiles may be kept now. A service that follows no feed is
// told of changes by who made it.
func (s *Service) current() bool { return s.feed == nil || s.feed.Current() }

// lose lets go of everything: nobody knows what has changed.
func (s *Service) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.versions.forget()
	s.letGo()
}

// Await returns when tiles show what was written by a position of the change feed
// of any server, which the answer to a write tells. It waits postgis.Lag at most:
// a feed that takes longer to get there is not current, so that tiles are not
// served of those kept.
func (s *Service) Await(ctx context.Context, position int64) {
	if s.feed == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, postgis.Lag)
	defer cancel()
	if err := s.feed.Reach(ctx, position); err != nil {
		slog.WarnContext(ctx, "a tile is made without those kept: what was written is not known here yet", "position", position, "error", err)
	}
}
