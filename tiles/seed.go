package tiles

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-spatial/tegola/cache"
	"github.com/paulmach/orb/maptile"

	"arpent/layers"
)

// Seeded is what became of the tiles that servers share.
type Seeded struct {
	Tiles int64 `json:"tiles" doc:"Those that hold something"`
	Made  int64 `json:"made" doc:"Those that were not there yet"`
}

// CheckSeed says why tiles of layers cannot be seeded: there is no shared cache,
// or nobody hears of what changes behind a layer.
func (s *Service) CheckSeed(v layers.Viewer, ids []string) error {
	if s.shared.Load() == nil {
		return layers.Errorf(layers.Invalid, "there is no cache of tiles to fill: set ARPENT_TILE_CACHE to redis://host:6379/0 or file:///folder, for the servers too")
	}
	for i, id := range ids {
		l, err := s.part(v, ids[:i], id)
		if err != nil {
			return err
		}
		if !s.keeps(l) {
			return layers.Errorf(layers.Invalid, "tiles of layer %s are not kept: it has no shapes, or is a view, behind which nobody tells of changes", id)
		}
	}
	return nil
}

// Seed puts the tiles of an extent that hold something, as the viewers see each
// of its layers, where servers that share them look first. What is there already
// is left, so that who was interrupted goes on. The service must hear of changes
// all the while.
func (s *Service) Seed(ctx context.Context, viewers []layers.Viewer, e Extent, report func(looked, expected int64)) (done Seeded, err error) {
	var all []*seeder
	for i := range e.Layers {
		some, err := s.seeders(ctx, viewers, e, i)
		if err != nil {
			return done, err
		}
		all = append(all, some...)
	}
	before, after := int64(0), int64(0)
	for _, p := range all {
		after += p.expected
	}
	for _, p := range all {
		after -= p.expected
		looked := int64(0)
		err := s.Walk(ctx, p.viewer, p.description, p.tile, func(maptile.Tile, *Tile) error { return nil }, func(n, expected int64) {
			looked = n
			report(before+n, before+expected+after)
		})
		done.Tiles += p.tiles.Load()
		done.Made += p.made.Load()
		if err != nil {
			return done, err
		}
		before += looked
	}
	return done, nil
}

// seeders are those of one layer: one for each sight that viewers have of it, in
// each language where its tiles have words.
func (s *Service) seeders(ctx context.Context, viewers []layers.Viewer, e Extent, which int) (all []*seeder, err error) {
	id := e.Layers[which]
	e.Layers = e.Layers[which : which+1]
	known := map[string]bool{}
	var refused error
	for _, v := range viewers {
		v.Purpose = "" // as for all that is kept
		for _, v.Language = range []string{"fr", "en"} {
			if err := s.CheckSeed(v, e.Layers); err != nil {
				refused = err
				continue
			}
			l, err := s.part(v, nil, id)
			if err != nil {
				return nil, err
			}
			var sights strings.Builder
			for z := l.Tiles.MinZoom; z <= l.Tiles.MaxZoom; z++ {
				sights.WriteString(sight(v, l, z, layers.TileExtra{}) + "\n")
			}
			if known[sights.String()] {
				continue
			}
			known[sights.String()] = true
			p := &seeder{service: s, viewer: v, layer: l}
			if p.description, err = s.Survey(ctx, v, e); err != nil {
				return nil, err
			}
			if p.expected, err = s.Expect(ctx, v, p.description); err != nil {
				return nil, err
			}
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil, refused
	}
	return all, nil
}

// seeder makes the tiles of one layer that are not shared yet.
type seeder struct {
	service     *Service
	viewer      layers.Viewer
	layer       *layers.Layer
	description *Description
	expected    int64
	tiles, made atomic.Int64
}

// tile is a tile as it is shared from now on. This server's own cache is left to
// those who look at maps.
func (p *seeder) tile(ctx context.Context, at maptile.Tile) (*Tile, error) {
	s, v, l := p.service, p.viewer, p.layer
	if z := int(at.Z); z < l.Tiles.MinZoom || z > l.Tiles.MaxZoom {
		return &Tile{}, nil
	}
	if !s.current() { // this machine has much to do
		if err := s.feed.Sync(ctx); err != nil {
			return nil, err
		}
	}
	edition := s.renew(s.layers.Catalog())
	files, err := s.filesOf(ctx, edition)
	if err != nil {
		return nil, err
	}
	if files == "" || !s.keeps(l) {
		return nil, layers.Errorf(layers.Conflict, "the layer files have changed meanwhile: begin again")
	}
	shared := s.shared.Load()
	// The version is asked for first, so that the tile is at least as new.
	place := shared.place(key{l.ID, at, sight(v, l, int(at.Z), layers.TileExtra{}), s.versions.of(l, at), edition}, files, time.Now())
	if t, err := shared.find(ctx, place); err != nil || t != nil {
		if err == nil {
			p.tiles.Add(1)
		}
		return t, err
	}
	t, err := s.encode(ctx, v, l, at, layers.Query{}, layers.TileExtra{})
	if err != nil || t.Empty() {
		return t, err
	}
	if err := shared.keep(ctx, place, t); err != nil {
		return nil, err
	}
	p.tiles.Add(1)
	p.made.Add(1)
	return t, nil
}

// seedPatience is how long the cache may take to answer who fills it.
const seedPatience = 10 * time.Second

// find is get for who must know that the cache fails.
func (s *sharing) find(ctx context.Context, at *cache.Key) (*Tile, error) {
	ctx, cancel := context.WithTimeout(ctx, seedPatience)
	defer cancel()
	t, err := s.read(ctx, at)
	if err != nil {
		return nil, failing(ctx, err)
	}
	return t, nil
}

// keep is put for who must know that the cache fails.
func (s *sharing) keep(ctx context.Context, at *cache.Key, t *Tile) error {
	ctx, cancel := context.WithTimeout(ctx, seedPatience)
	defer cancel()
	if err := s.store.Set(ctx, at, sealTile(t)); err != nil {
		return failing(ctx, err)
	}
	return nil
}

func failing(ctx context.Context, err error) error {
	if context.Cause(ctx) == context.Canceled {
		return context.Canceled
	}
	slog.WarnContext(ctx, "the cache of tiles fails", "error", err)
	return layers.Errorf(layers.Unavailable, "the cache of tiles (ARPENT_TILE_CACHE) does not answer: what was put there stays; begin again when it is back")
}
