package tiles

import (
	"cmp"
	"context"
	"runtime"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"golang.org/x/sync/errgroup"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Extent is which tiles of layers are meant.
type Extent struct {
	Layers  []string
	MinZoom int        // the least of the layers when below it
	MaxZoom int        // the greatest of the layers when 0 or above it
	Bounds  *orb.Bound // EPSG:4326; nil for all there is
}

// Survey is Describe for the tiles of an extent. Where there are none it says
// which there are.
func (s *Service) Survey(ctx context.Context, v layers.Viewer, e Extent) (*Description, error) {
	d, err := s.Describe(ctx, v, e.Layers, nil, "")
	if err != nil {
		return nil, err
	}
	first, last := d.MinZoom, d.MaxZoom
	d.MinZoom = max(d.MinZoom, e.MinZoom)
	if e.MaxZoom > 0 {
		d.MaxZoom = min(d.MaxZoom, e.MaxZoom)
	}
	if d.MinZoom > d.MaxZoom {
		return nil, layers.Errorf(layers.BadRequest, "the layers have tiles from zoom %d to %d: ask for zooms among these", first, last)
	}
	if e.Bounds == nil {
		return d, nil
	}
	b := d.box()
	if !b.Intersects(*e.Bounds) {
		return nil, layers.Errorf(layers.BadRequest, "the layers lie between %.5f,%.5f and %.5f,%.5f: nothing of them is within the bounds", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
	}
	d.Bounds = [4]float64{max(b.Min[0], e.Bounds.Min[0]), max(b.Min[1], e.Bounds.Min[1]), min(b.Max[0], e.Bounds.Max[0]), min(b.Max[1], e.Bounds.Max[1])}
	return d, nil
}

func (d *Description) box() orb.Bound {
	return orb.Bound{Min: orb.Point{d.Bounds[0], d.Bounds[1]}, Max: orb.Point{d.Bounds[2], d.Bounds[3]}}
}

func (d *Description) ids() []string {
	ids := make([]string, 0, len(d.Layers))
	for _, l := range d.Layers {
		ids = append(ids, l.ID)
	}
	return ids
}

// Maker makes a tile.
type Maker func(context.Context, maptile.Tile) (*Tile, error)

// Maker makes the tiles of what was described, as the viewer may see them.
func (s *Service) Maker(v layers.Viewer, d *Description) Maker {
	ids := d.ids()
	return func(ctx context.Context, t maptile.Tile) (*Tile, error) {
		return s.Tile(ctx, v, ids, int(t.Z), int(t.X), int(t.Y))
	}
}

// batch is how many tiles are made at once.
const batch = 64

// Walk makes the tiles of what was described that hold something: zoom by zoom,
// in Order in each, from tiles to their children. each is given them in this
// order, one after another. report is told how many tiles were looked at, and how
// many there may be in all.
func (s *Service) Walk(ctx context.Context, v layers.Viewer, d *Description, make Maker, each func(maptile.Tile, *Tile) error, report func(looked, expected int64)) error {
	w := &walk{service: s, viewer: v, ids: d.ids(), description: d, make: make, each: each}
	expected, err := w.expect(ctx)
	if err != nil {
		return err
	}
	looked := int64(0)
	level, err := w.first(ctx)
	if err != nil {
		return err
	}
	for z := maptile.Zoom(d.MinZoom); len(level) > 0; z++ {
		slices.SortFunc(level, func(a, b maptile.Tile) int { return cmp.Compare(Order(a), Order(b)) })
		var next []maptile.Tile
		for chunk := range slices.Chunk(level, batch) {
			full, err := w.step(ctx, chunk)
			if err != nil {
				return err
			}
			if looked += int64(len(chunk)); looked > expected {
				expected = looked
			}
			report(looked, expected)
			if int(z) < d.MaxZoom {
				next = w.children(full, next)
			}
		}
		level = next
	}
	report(looked, looked)
	return nil
}

// walk goes down the pyramid of tiles.
type walk struct {
	service     *Service
	viewer      layers.Viewer
	ids         []string
	description *Description
	make        Maker
	each        func(maptile.Tile, *Tile) error
}

// step makes the tiles of a chunk, and returns those whose children may hold
// something.
func (w *walk) step(ctx context.Context, chunk []maptile.Tile) (full []maptile.Tile, err error) {
	made := make([]*Tile, len(chunk))
	holds := make([]bool, len(chunk))
	work, within := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range chunk {
		work.Go(func() (err error) {
			if made[i], err = w.make(within, t); err != nil {
				return err
			}
			// What is too small to be drawn here may be drawn below.
			if holds[i] = !made[i].Empty(); !holds[i] {
				holds[i], _, err = w.holds(within, t)
			}
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	for i, t := range chunk {
		if holds[i] {
			full = append(full, t)
		}
		if made[i].Empty() {
			continue
		}
		if err := w.each(t, made[i]); err != nil {
			return nil, err
		}
	}
	return full, nil
}

// fewTiles are looked at without asking first whether there may be something.
const fewTiles = 64

// first are the tiles of the least zoom that may hold something. Where the bounds
// are wide it comes to them from above, so that they are never counted one by one.
func (w *walk) first(ctx context.Context) ([]maptile.Tile, error) {
	z := maptile.Zoom(w.description.MinZoom)
	for z > 0 && w.across(z) > fewTiles {
		z--
	}
	level := w.within(z)
	for ; int(z) < w.description.MinZoom; z++ {
		var full []maptile.Tile
		for _, t := range level {
			holds, _, err := w.holds(ctx, t)
			if err != nil {
				return nil, err
			}
			if holds {
				full = append(full, t)
			}
		}
		level = w.children(full, nil)
	}
	return level, nil
}

// across is about how many tiles of a zoom the bounds touch.
func (w *walk) across(z maptile.Zoom) int {
	first, last := w.corners(z)
	return int(last.X-first.X+1) * int(last.Y-first.Y+1)
}

func (w *walk) corners(z maptile.Zoom) (first, last maptile.Tile) {
	b := w.description.box()
	return maptile.At(orb.Point{b.Min[0], b.Max[1]}, z), maptile.At(orb.Point{b.Max[0], b.Min[1]}, z)
}

// within are the tiles of a zoom that touch the bounds with themselves or their
// buffer.
func (w *walk) within(z maptile.Zoom) []maptile.Tile {
	b := w.description.box()
	first, last := w.corners(z)
	var all []maptile.Tile
	for x := max(first.X, 1) - 1; x <= min(last.X+1, 1<<z-1); x++ {
		for y := max(first.Y, 1) - 1; y <= min(last.Y+1, 1<<z-1); y++ {
			if t := maptile.New(x, y, z); t.Bound(postgis.TileMargin).Intersects(b) {
				all = append(all, t)
			}
		}
	}
	return all
}

// children appends the children of tiles that touch the bounds.
func (w *walk) children(of, to []maptile.Tile) []maptile.Tile {
	box := w.description.box()
	for _, t := range of {
		for _, child := range t.Children() {
			if child.Bound(postgis.TileMargin).Intersects(box) {
				to = append(to, child)
			}
		}
	}
	return to
}

// holds reports whether the viewer sees something of the layers in a tile or its
// buffer that tiles of its zoom or deeper show, if only too small to be drawn at
// this one, and whether the database was asked.
func (w *walk) holds(ctx context.Context, t maptile.Tile) (found, asked bool, err error) {
	for i, id := range w.ids {
		l, err := w.service.part(w.viewer, w.ids[:i], id)
		if err != nil {
			return false, asked, err
		}
		if l.Source.Geometry == "" || int(t.Z) >= l.Tiles.MaxZoom {
			continue
		}
		found, ok, err := w.service.holdsHeld(ctx, w.viewer, l, t)
		if !ok && err == nil {
			asked = true
			found, err = w.service.holdsRows(ctx, w.viewer, l, t)
		}
		if found || err != nil {
			return found, asked, err
		}
	}
	return false, asked, nil
}

// holdsHeld answers from memory; false where the layer is not held.
func (s *Service) holdsHeld(ctx context.Context, v layers.Viewer, l *layers.Layer, t maptile.Tile) (found, ok bool, err error) {
	if !s.told(l, layers.Query{}) {
		return false, false, nil
	}
	h := s.holding.of(l)
	if h == nil {
		return false, false, nil
	}
	features, err := s.holding.current(ctx, h)
	if features == nil || err != nil {
		return false, false, err
	}
	rows := postgis.TileSight(v, l, nil)
	return features.Any(int(t.Z), int(t.X), int(t.Y), func(owner string) bool { sees, _ := rows(owner); return sees }), true, nil
}

func (s *Service) holdsRows(ctx context.Context, v layers.Viewer, l *layers.Layer, t maptile.Tile) (bool, error) {
	box := t.Bound(postgis.TileMargin)
	found, err := s.layers.Features(ctx, v, l.ID, layers.Query{NoGeometry: true, Limit: 1, BBox: &layers.BBox{MinX: box.Min[0], MinY: box.Min[1], MaxX: box.Max[0], MaxY: box.Max[1], SRID: 4326}})
	if err != nil {
		return false, err
	}
	for _, err := range found {
		return err == nil, err
	}
	return false, nil
}
