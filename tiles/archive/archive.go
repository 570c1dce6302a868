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
	"strings"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/tiles"
)

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

// Write writes the tiles that the viewer may see into a file, whose ending,
// pmtiles or mbtiles, says of what kind it is. A file that was there is
// replaced when all is written, and stays when something fails. report is told
// how many tiles were looked at, and how many there may be in all.
func Write(ctx context.Context, s *tiles.Service, v layers.Viewer, e tiles.Extent, path string, report func(looked, expected int64)) (done Written, err error) {
	d, err := s.Survey(ctx, v, e)
	if err != nil {
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
	put := func(t maptile.Tile, made *tiles.Tile) error {
		done.Tiles++
		return w.put(t, made.In(tiles.Gzip))
	}
	make := s.Maker(v, d)
	packed := func(ctx context.Context, t maptile.Tile) (*tiles.Tile, error) { // where many are made at once
		made, err := make(ctx, t)
		if err == nil {
			made.In(tiles.Gzip)
		}
		return made, err
	}
	if err := s.Walk(ctx, v, d, packed, put, report); err != nil {
		return done, err
	}
	if done.Distinct, err = w.finish(d); err != nil {
		return done, err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return done, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return done, err
	}
	done.Bytes, done.MinZoom, done.MaxZoom = info.Size(), d.MinZoom, d.MaxZoom
	return done, nil
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
