// Package tiles serves vector tiles that are never staler than the change
// feed: encoded from layers held in memory or from rows of PostGIS, kept, and
// forgotten tile by tile as soon as a change touches them.
package tiles

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/paulmach/orb/maptile"
	"golang.org/x/sync/singleflight"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
)

// CacheBytes is how much memory tiles may take.
const CacheBytes = 256 << 20

// patience is how long encoding a tile of one layer may take.
const patience = time.Minute

// Tile is an encoded vector tile. ETag identifies its content: equal content
// has equal ETags on every server and after every restart.
type Tile struct {
	Data []byte // uncompressed; empty for a tile without features
	ETag string // of the content, whatever its encoding; without quotes
	Made Made   // how; none for a composite
	// Share is how many of the features are there; the others were left out by the
	// rules of the layer file, so that the tile is no larger than it may be.
	Share memory.Share

	packed [encodings]packing
	tags   [encodings]string
}

// Made tells how a tile came to be encoded.
type Made string

// What tiles are encoded from.
const (
	FromMemory  Made = "memory"  // features held in memory
	FromRows    Made = "rows"    // rows that the database returned
	FromPostGIS Made = "postgis" // the database encoded it
	FromShared  Made = "shared"  // taken from those that servers share
)

// Empty reports whether the tile has no features.
func (t *Tile) Empty() bool { return len(t.Data) == 0 }

// Service serves the tiles of layers.
type Service struct {
	layers *layers.Service
	store  *postgis.Store
	feed   *postgis.Feed // nil for none
	cache  *otter.Cache[key, *Tile]
	flight singleflight.Group

	holding    *holding
	reductions reductions

	versions *versions
	shared   atomic.Pointer[sharing] // nil for none

	mu      sync.Mutex
	catalog *layers.Catalog // whose tiles are kept
	edition uint64          // how many catalogs there were
	files   string          // names the catalog for shared tiles; "" while it is not known
}

// key names a tile of one layer as one group of viewers sees it, with the same
// extra attributes, as it is between two changes.
type key struct {
	layer   string
	tile    maptile.Tile
	sight   string
	version uint64
	edition uint64 // of the layer files
}

// NewService makes the service, which is to Follow the feed of changes.
func NewService(service *layers.Service, store *postgis.Store) (*Service, error) {
	cache, err := otter.New(&otter.Options[key, *Tile]{
		MaximumWeight: CacheBytes,
		Weigher:       func(_ key, t *Tile) uint32 { return uint32(len(t.Data) + len(t.Data)*6/10 + 1024) }, // packed in one encoding
	})
	if err != nil {
		return nil, fmt.Errorf("making the tile cache: %w", err)
	}
	return &Service{layers: service, store: store, cache: cache, holding: newHolding(store), versions: newVersions()}, nil
}

// Tile returns a tile of one layer or the composite of several, in the order
// given, as the viewer may see them.
func (s *Service) Tile(ctx context.Context, v layers.Viewer, ids []string, z, x, y int) (*Tile, error) {
	return s.TileAt(ctx, v, ids, z, x, y, time.Time{})
}

// TileAt returns a tile as it was at a moment; a zero one is now. The past is
// not kept in memory.
func (s *Service) TileAt(ctx context.Context, v layers.Viewer, ids []string, z, x, y int, moment time.Time) (*Tile, error) {
	q := layers.Query{At: moment}
	if err := checkTile(v, z, x, y, q); err != nil {
		return nil, err
	}
	at := maptile.New(uint32(x), uint32(y), maptile.Zoom(z))
	parts := make([]*Tile, 0, len(ids))
	for i, id := range ids {
		l, err := s.part(v, ids[:i], id)
		if err != nil {
			return nil, err
		}
		part, err := s.layerTile(ctx, v, l, at, q, layers.TileExtra{})
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return s.joined(at, parts), nil
}

// TileWith returns a tile of one layer with the features that q selects and the
// attributes that a style asks for. A selection is not kept in memory.
func (s *Service) TileWith(ctx context.Context, v layers.Viewer, id string, z, x, y int, q layers.Query, fields []string, text string) (*Tile, error) {
	if err := checkTile(v, z, x, y, q); err != nil {
		return nil, err
	}
	l, err := s.layers.Narrow(ctx, v, id, &q)
	if err != nil {
		return nil, err
	}
	extra, err := s.layers.Catalog().TileExtra(v, l, fields, text)
	if err != nil {
		return nil, err
	}
	return s.layerTile(ctx, v, l, maptile.New(uint32(x), uint32(y), maptile.Zoom(z)), q, extra)
}

func checkTile(v layers.Viewer, z, x, y int, q layers.Query) error {
	if !q.At.IsZero() && v.Anonymous() {
		return layers.Errorf(layers.Unauthorized, "sign in to see how the map was")
	}
	return postgis.CheckTile(z, x, y)
}

// layerTile answers from memory, else from the database.
func (s *Service) layerTile(ctx context.Context, v layers.Viewer, l *layers.Layer, at maptile.Tile, q layers.Query, extra layers.TileExtra) (*Tile, error) {
	if z := int(at.Z); z < l.Tiles.MinZoom || z > l.Tiles.MaxZoom || l.Source.Geometry == "" {
		return tileOf(nil, "", memory.Share{}), nil
	}
	edition := s.renew(s.layers.Catalog())
	if !s.told(l, q) {
		return s.encode(ctx, v, l, at, q, extra)
	}
	v.Purpose = "" // what is kept is for many
	k := key{l.ID, at, sight(v, l, int(at.Z), extra), s.versions.of(l, at), edition}
	if t, ok := s.cache.GetIfPresent(k); ok {
		return t, nil
	}
	// Equal requests share one encoding; it goes on when one of them gives up.
	// Those that come after a change start their own.
	done := s.flight.DoChan(fmt.Sprint(k), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		t, err := s.make(ctx, k, func() (*Tile, error) { return s.encode(ctx, v, l, at, q, extra) })
		if err == nil {
			s.cache.Set(k, t) // at least as new as the version, under which nobody looks once there is a newer one
		}
		return t, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-done:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.(*Tile), nil
	}
}

// told reports whether changes to what is asked for are heard of, so that it may
// be kept: all that a layer has now, not a view, behind which nobody tells of
// them, nor a layer of yesterday, nor while the feed of changes is away.
func (s *Service) told(l *layers.Layer, q layers.Query) bool {
	return s.current() && q.At.IsZero() && !q.Narrows() && s.keeps(l)
}

// keeps reports whether changes to the layer are told, so that what is made of it
// can be kept as long as they are heard.
func (s *Service) keeps(l *layers.Layer) bool {
	return l.Source.Geometry != "" && !l.Source.ReadOnly && s.layers.Catalog().Holds(l)
}

// make takes a tile from those that servers share, else encodes it and puts it
// there.
func (s *Service) make(ctx context.Context, k key, encode func() (*Tile, error)) (*Tile, error) {
	shared := s.shared.Load()
	if shared == nil {
		return encode()
	}
	files, err := s.filesOf(ctx, k.edition)
	if err != nil || files == "" {
		return encode()
	}
	at := shared.place(k, files, time.Now())
	if t := shared.get(ctx, at); t != nil {
		return t, nil
	}
	put := func() (*Tile, error) {
		t, err := encode()
		if err == nil {
			shared.put(ctx, at, t)
		}
		return t, err
	}
	if s.holding.holds(k.layer) {
		return put()
	}
	return shared.once(ctx, at, put)
}

// filesOf names the layer files of an edition; "" when it is over.
func (s *Service) filesOf(ctx context.Context, edition uint64) (string, error) {
	s.mu.Lock()
	catalog, files, over := s.catalog, s.files, s.edition != edition
	s.mu.Unlock()
	switch {
	case over:
		return "", nil
	case files != "":
		return files, nil
	}
	files, err := filesOf(ctx, s.store, catalog) // without the lock, which every tile needs
	if err != nil {
		slog.WarnContext(ctx, "tiles are not shared", "error", err)
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.edition != edition {
		return "", nil
	}
	s.files = files
	return files, nil
}

// encode makes a tile: from memory where the layer is held, else of its rows in
// the database, with our encoder, else with that of PostGIS, which draws
// whatever the database holds.
func (s *Service) encode(ctx context.Context, v layers.Viewer, l *layers.Layer, at maptile.Tile, q layers.Query, extra layers.TileExtra) (*Tile, error) {
	if s.told(l, q) {
		data, share, ok, err := s.encodeHeld(ctx, v, l, at, extra)
		if ok {
			s.reductions.note(ctx, l, at, share)
			return tileOf(data, FromMemory, share), nil
		}
		if err != nil {
			slog.WarnContext(ctx, "a tile cannot be encoded from memory", "layer", l.ID, "tile", at, "error", err)
		}
	}
	made := FromRows
	data, share, err := s.encodeRows(ctx, v, l, at, q, extra)
	if err != nil {
		made = FromPostGIS
		if layers.KindOf(err) != "" || ctx.Err() != nil {
			return nil, err
		}
		slog.WarnContext(ctx, "a tile is left to PostGIS to encode", "layer", l.ID, "tile", at, "error", err)
		if data, err = s.store.Tile(ctx, v, l, int(at.Z), int(at.X), int(at.Y), q, extra); err != nil {
			return nil, err
		}
	}
	s.reductions.note(ctx, l, at, share)
	return tileOf(data, made, share), nil
}

// renew forgets every tile when the layer files were loaded anew: layers may
// have other fields, or be others. It answers the edition of the files.
func (s *Service) renew(c *layers.Catalog) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.catalog != c {
		if s.catalog != nil {
			s.widen(s.catalog, c)
		}
		s.catalog = c
		s.letGo()
		s.reductions.forget()
	}
	return s.edition
}

// letGo begins another edition, without all that was made for the one before. The
// mutex is held.
func (s *Service) letGo() {
	s.edition++
	s.files = ""
	s.cache.InvalidateAll()
	s.holding.forget()
}

// widen gives the tiles of layers that now have others another version: not every
// one of them was told of changes.
func (s *Service) widen(from, to *layers.Catalog) {
	for _, l := range to.All() {
		was, err := from.Get(layers.Viewer{Admin: true}, l.ID)
		if err == nil && (!was.Tiles.Equal(&l.Tiles) || was.Source.Table != l.Source.Table) {
			s.versions.changeAll(l.ID, time.Now().UnixNano())
		}
	}
}

// sight names what the viewer may see of the layer, with the attributes asked
// for: viewers of one sight get the same tiles. Where computed fields change with
// the day, so does the sight, and words with the language.
func sight(v layers.Viewer, l *layers.Layer, zoom int, extra layers.TileExtra) string {
	name := v.Sight(l) + extra.Key()
	if l.Daily {
		name += time.Now().Format(" 2006-01-02")
	}
	if extra.Text != nil || l.LabelText(zoom) != nil || postgis.TileTitled(l, zoom) {
		name += " " + v.Language
	}
	return name
}

// tagSize is how many bytes of the digest of a content name it.
const tagSize = 12

// tileOf is an encoded tile.
func tileOf(data []byte, how Made, share memory.Share) *Tile {
	sum := sha256.Sum256(data)
	content := hex.EncodeToString(sum[:tagSize])
	return &Tile{Data: data, ETag: content, Made: how, Share: share, tags: tagsOf(content)}
}
