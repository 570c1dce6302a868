package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
)

// agreement is how alike the tiles of two servers are.
type agreement struct {
	tiles, features int
	missing, more   int     // features that only the second, only the first, has
	area            float64 // the greatest difference of the area of a feature, in parts of what its outline allows
}

// seen are the features of a tile by their identifier.
func seen(ctx context.Context, r *running, t maptile.Tile) (map[string]orb.Geometry, error) {
	body, header, err := get(ctx, client(1), r.base+r.at(t), true)
	if err != nil {
		return nil, err
	}
	if body, err = unpacked(body, header); err != nil {
		return nil, err
	}
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.at(t), err)
	}
	all := map[string]orb.Geometry{}
	for _, l := range layers {
		for _, f := range l.Features {
			all[fmt.Sprint(f.Properties["id"])] = f.Geometry
		}
	}
	return all, nil
}

// agree compares the features of tiles, one by one: their identifiers, and
// their areas within what rounding their corners to the grid may change.
func agree(ctx context.Context, a, b *running, tiles []maptile.Tile) (agreement, error) {
	var g agreement
	for _, t := range tiles {
		ours, err := seen(ctx, a, t)
		theirs, err2 := seen(ctx, b, t)
		if err := errors.Join(err, err2); err != nil {
			return g, err
		}
		g.tiles++
		for _, id := range slices.Sorted(maps.Keys(theirs)) {
			g.features++
			mine, ok := ours[id]
			if !ok {
				g.missing++
				continue
			}
			allowed := planar.Length(theirs[id]) + planar.Length(mine) + 4
			g.area = math.Max(g.area, math.Abs(planar.Area(mine)-planar.Area(theirs[id]))/allowed)
		}
		for id := range ours {
			if _, ok := theirs[id]; !ok {
				g.more++
			}
		}
	}
	return g, nil
}
