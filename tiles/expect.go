package tiles

import (
	"context"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

const (
	// maxLooks is how many tiles are looked into before the rest is supposed: some
	// tenths of a second.
	maxLooks = 100_000
	// askCost is how many looks into memory one into the database costs.
	askCost = 400
)

// Expect is about how many tiles Walk looks at. It fails as Walk does.
func (s *Service) Expect(ctx context.Context, v layers.Viewer, d *Description) (int64, error) {
	w := &walk{service: s, viewer: v, ids: d.ids(), description: d}
	return w.expect(ctx)
}

// expect goes down the pyramid as Walk does, but makes nothing, as far as that
// costs little. From there on each zoom is supposed to have as many times the
// tiles of the one before as this had, four at most.
func (w *walk) expect(ctx context.Context) (int64, error) {
	level, err := w.first(ctx)
	if err != nil {
		return 0, err
	}
	total, growth, looks := 0.0, 4.0, 0
	for z := w.description.MinZoom; ; z++ {
		count := float64(len(level))
		total += count
		var full []maptile.Tile
		for i, t := range level {
			if z == w.description.MaxZoom {
				break
			}
			if looks > maxLooks { // of the others as many are full
				seen := float64(i) / count
				if i > 0 {
					growth = min(4, float64(len(w.children(full, nil)))/(count*seen))
				}
				for deeper := z; deeper < w.description.MaxZoom; deeper++ {
					count *= growth
					total += count
				}
				return int64(total), nil
			}
			holds, asked, err := w.holds(ctx, t)
			if err != nil {
				return 0, err
			}
			if looks++; asked {
				looks += askCost
			}
			if holds {
				full = append(full, t)
			}
		}
		if len(full) == 0 {
			return int64(total), nil
		}
		level = w.children(full, nil)
		growth = float64(len(level)) / count
	}
}
