// Package archive writes the tiles of layers into one file, PMTiles or
// MBTiles, which a map reads without a server, or a field computer without a
// network.
package archive

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"golang.org/x/sync/errgroup"

	"arpent/layers"
	"arpent/tiles"
)

// Options say what of the tiles is written.
type Options struct {
	Layers  []string
	MinZoom int        // the least of the layers when below it
	MaxZoom int        // the greatest of the layers when 0 or above it
	Bounds  *orb.Bound // EPSG:4326; nil for all there is
}

// Written is what is in a file.
type Written struct {
	Tiles, Distinct  int // tiles, and how many of them differ from each other
	Bytes            int64
	MinZoom, MaxZoom int
}

// writer is a file that tiles are put into, gzipped, in the order of their
// zoom and, in it, along the Hilbert curve.
type writer interface {
	put(t maptile.Tile, packed []byte) error
	// finish completes the file; close without it throws the file away.
	finish(d *tiles.Description) (distinct int, err error)
	close() error
}

// digest names a content: tiles of the same are stored once.
func digest(packed []byte) string {
	sum := sha256.Sum256(packed)
	return string(sum[:])
}

// batch is how many tiles are encoded at once.
const batch = 64

// Write writes the tiles that the viewer may see into a file, whose ending,
// pmtiles or mbtiles, says of what kind it is. A file that was there is
// replaced when all is written, and stays when something fails. report is told
// how many tiles were looked at.
func Write(ctx context.Context, s *tiles.Service, v layers.Viewer, o Options, path string, report func(done int64)) (done Written, err error) {
	d, err := s.Describe(ctx, v, o.Layers, nil, "")
	if err != nil {
		return done, err
	}
	if err := narrow(d, o); err != nil {
		return done, err
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return done, fmt.Errorf("making the file: %w", err)
	}
	defer func() { _ = os.Remove(part.Name()) }()
	if err := part.Close(); err != nil {
		return done, err
	}
	w, err := open(part.Name(), filepath.Ext(path))
	if err != nil {
		return done, err
	}
	defer func() { _ = w.close() }()
	e := &export{service: s, viewer: v, layers: o.Layers, writer: w, report: report}
	if err := e.run(ctx, d); err != nil {
		return done, err
	}
	distinct, err := w.finish(d)
	if err != nil {
		return done, err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return done, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return done, err
	}
	return Written{e.written, distinct, info.Size(), d.MinZoom, d.MaxZoom}, nil
}

func open(path, ending string) (writer, error) {
	switch strings.ToLower(ending) {
	case ".pmtiles":
		return newPMTiles(path)
	case ".mbtiles":
		return newMBTiles(path)
	}
	return nil, layers.Errorf(layers.BadRequest, "the name of the file must end in .pmtiles or .mbtiles")
}

// narrow cuts the description to what was asked for.
func narrow(d *tiles.Description, o Options) error {
	d.MinZoom = max(d.MinZoom, o.MinZoom)
	if o.MaxZoom > 0 {
		d.MaxZoom = min(d.MaxZoom, o.MaxZoom)
	}
	if d.MinZoom > d.MaxZoom {
		return layers.Errorf(layers.BadRequest, "the layers have tiles from zoom %d to %d: ask for zooms among these", d.Layers[0].MinZoom, d.Layers[0].MaxZoom)
	}
	if o.Bounds == nil {
		return nil
	}
	b := orb.Bound{Min: orb.Point{d.Bounds[0], d.Bounds[1]}, Max: orb.Point{d.Bounds[2], d.Bounds[3]}}
	if !b.Intersects(*o.Bounds) {
		return layers.Errorf(layers.BadRequest, "the layers lie between %.5f,%.5f and %.5f,%.5f: nothing of them is within the bounds", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
	}
	d.Bounds = [4]float64{max(b.Min[0], o.Bounds.Min[0]), max(b.Min[1], o.Bounds.Min[1]), min(b.Max[0], o.Bounds.Max[0]), min(b.Max[1], o.Bounds.Max[1])}
	return nil
}

// export goes down the pyramid, from tiles that hold something to their
// children, zoom by zoom.
type export struct {
	service *tiles.Service
	viewer  layers.Viewer
	layers  []string
	writer  writer
	report  func(int64)

	looked, written int
}

func (e *export) run(ctx context.Context, d *tiles.Description) error {
	box := orb.Bound{Min: orb.Point{d.Bounds[0], d.Bounds[1]}, Max: orb.Point{d.Bounds[2], d.Bounds[3]}}
	level := within(box, maptile.Zoom(d.MinZoom))
	for z := maptile.Zoom(d.MinZoom); ; z++ {
		slices.SortFunc(level, byHilbert)
		var next []maptile.Tile
		for chunk := range slices.Chunk(level, batch) {
			full, err := e.encode(ctx, chunk)
			if err != nil {
				return err
			}
			if int(z) == d.MaxZoom {
				continue
			}
			for _, t := range full {
				for _, child := range t.Children() {
					if child.Bound(margin).Intersects(box) {
						next = append(next, child)
					}
				}
			}
		}
		if int(z) == d.MaxZoom {
			return nil
		}
		level = next
	}
}

// margin is the buffer of a tile, in parts of it.
const margin = 64.0 / 4096

// encode writes the tiles of a chunk that have something, and returns those
// whose children may.
func (e *export) encode(ctx context.Context, chunk []maptile.Tile) (full []maptile.Tile, err error) {
	made := make([]*tiles.Tile, len(chunk))
	holds := make([]bool, len(chunk))
	work, within := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range chunk {
		work.Go(func() (err error) {
			if made[i], err = e.service.Tile(within, e.viewer, e.layers, int(t.Z), int(t.X), int(t.Y)); err != nil {
				return err
			}
			// What is too small to be drawn here may be drawn below.
			holds[i] = !made[i].Empty()
			if !holds[i] {
				holds[i], err = e.service.Holds(within, e.viewer, e.layers, t)
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
		if err := e.writer.put(t, made[i].Gzip); err != nil {
			return nil, err
		}
		e.written++
	}
	e.looked += len(chunk)
	e.report(int64(e.looked))
	return full, nil
}

// within are the tiles of a zoom that touch a box with themselves or their buffer.
func within(b orb.Bound, z maptile.Zoom) []maptile.Tile {
	first, last := maptile.At(orb.Point{b.Min[0], b.Max[1]}, z), maptile.At(orb.Point{b.Max[0], b.Min[1]}, z)
	var all []maptile.Tile
	for x := max(first.X, 1) - 1; x <= min(last.X+1, 1<<z-1); x++ {
		for y := max(first.Y, 1) - 1; y <= min(last.Y+1, 1<<z-1); y++ {
			if t := maptile.New(x, y, z); t.Bound(margin).Intersects(b) {
				all = append(all, t)
			}
		}
	}
	return all
}
