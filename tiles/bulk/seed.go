package bulk

import (
	"context"

	"arpent/layers"
	"arpent/layers/jobs"
	"arpent/tiles"
)

// TilesSeed says which tiles are put where servers that share them look first, and
// who sees them.
type TilesSeed struct {
	Extent
	Everyone bool `json:"everyone,omitempty" doc:"What each account sees too; absent: what anybody sees"`
}

// OrderSeed puts filling the cache into the queue, for administrators of the
// whole server.
func (s *Service) OrderSeed(ctx context.Context, v layers.Viewer, queue *jobs.Service, o TilesSeed) (*jobs.Job, error) {
	e, viewers, err := s.seed(ctx, v, o)
	if err != nil {
		return nil, err
	}
	if err := s.tiles.CheckSeed(v, e.Layers); err != nil {
		return nil, err
	}
	for _, viewer := range viewers { // the first that sees the layers stands for all
		expected, err := s.expect(ctx, viewer, o.Extent)
		switch layers.KindOf(err) {
		case "":
			if err == nil {
				err = expected.check()
			}
			if err != nil {
				return nil, err
			}
		case layers.Unauthorized, layers.Forbidden:
			continue
		default:
			return nil, err
		}
		return queue.Add(ctx, v, jobs.Order{Kind: SeedKind, Layer: names(o.Layers), Title: s.titleOf(v, o.Layers), Arguments: o})
	}
	return nil, layers.Errorf(layers.Invalid, "nobody but who has signed in sees these layers: ask for what each account sees")
}

func (s *Service) seed(ctx context.Context, v layers.Viewer, o TilesSeed) (tiles.Extent, []layers.Viewer, error) {
	if !v.Admin {
		return tiles.Extent{}, nil, layers.Errorf(layers.Forbidden, "this is for administrators of the whole server")
	}
	e, err := o.of()
	viewers := []layers.Viewer{{}}
	if err == nil && o.Everyone {
		var members []layers.Viewer
		members, err = s.everyone(ctx)
		viewers = append(viewers, members...)
	}
	return e, viewers, err
}

// WorkSeed does a job of filling the cache. Begun again, it goes on.
func (s *Service) WorkSeed(ctx context.Context, v layers.Viewer, j *jobs.Job, report func(done, total int64)) (any, error) {
	var o TilesSeed
	if err := j.Arguments(&o); err != nil {
		return nil, err
	}
	e, viewers, err := s.seed(ctx, v, o)
	if err != nil {
		return nil, err
	}
	return s.tiles.Seed(ctx, viewers, e, report)
}
