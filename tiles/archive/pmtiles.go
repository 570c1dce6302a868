package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/paulmach/orb/maptile"

	"arpent/tiles"
)

// Version 3 of PMTiles: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
const (
	headerBytes = 127
	// rootBytes is how long the header with the root directory may be.
	rootBytes = 16384
	// leafEntries are in each directory below the root.
	leafEntries = 4096

	compressedGzip = 2
	typeMVT        = 1
)

// entry is a run of tiles with the same content or, with a run of 0, the
// directory of the tiles from one on.
type entry struct {
	id     uint64
	offset uint64 // in the section of tiles or of directories
	length uint32
	run    uint32
}

// pmtiles is a writer of PMTiles. Tiles go into a file beside, as the
// directories, which come first, are known last.
type pmtiles struct {
	path    string
	data    *os.File
	out     *bufio.Writer
	size    uint64
	entries []entry
	known   map[string]entry // by content
	tiles   uint64
}

func newPMTiles(path string) (*pmtiles, error) {
	data, err := os.Create(path + ".data")
	if err != nil {
		return nil, fmt.Errorf("making the file of tiles: %w", err)
	}
	return &pmtiles{path: path, data: data, out: bufio.NewWriterSize(data, 1<<20), known: map[string]entry{}}, nil
}

func (w *pmtiles) put(t maptile.Tile, packed []byte) error {
	id := tiles.Order(t)
	w.tiles++
	sum := digest(packed)
	like, ok := w.known[sum]
	if !ok {
		like = entry{offset: w.size, length: uint32(len(packed))}
		w.known[sum] = like
		w.size += uint64(len(packed))
		if _, err := w.out.Write(packed); err != nil {
			return err
		}
	}
	if n := len(w.entries); n > 0 {
		last := &w.entries[n-1]
		if last.offset == like.offset && last.id+uint64(last.run) == id {
			last.run++
			return nil
		}
		if id < last.id+uint64(last.run) {
			return fmt.Errorf("tile %d comes after %d: tiles must be put in the order of the Hilbert curve", id, last.id)
		}
	}
	w.entries = append(w.entries, entry{id, like.offset, like.length, 1})
	return nil
}

func (w *pmtiles) finish(d *tiles.Description) (int, error) {
	text, err := json.Marshal(map[string]any{"name": d.Title, "type": "overlay", "vector_layers": d.Layers})
	if err != nil {
		return 0, err
	}
	described, err := packed(text)
	if err != nil {
		return 0, err
	}
	root, leaves, err := directories(w.entries)
	if err != nil {
		return 0, err
	}
	if err := w.out.Flush(); err != nil {
		return 0, err
	}
	if _, err := w.data.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(w.path, os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return 0, err
	}
	sections := [][]byte{w.header(d, len(root), len(described), len(leaves)), root, described, leaves}
	for _, part := range sections {
		if _, err := file.Write(part); err != nil {
			return 0, errors.Join(err, file.Close())
		}
	}
	if _, err := io.Copy(file, w.data); err != nil {
		return 0, errors.Join(err, file.Close())
	}
	return len(w.known), errors.Join(file.Chmod(0o644), file.Close())
}

// header is that of a clustered file whose sections follow one another: root
// directory, metadata, other directories, tiles.
func (w *pmtiles) header(d *tiles.Description, root, metadata, leaves int) []byte {
	h := append(make([]byte, 0, headerBytes), "PMTiles\x03"...)
	at := uint64(headerBytes)
	for _, length := range []uint64{uint64(root), uint64(metadata), uint64(leaves), w.size} {
		h = binary.LittleEndian.AppendUint64(h, at)
		h = binary.LittleEndian.AppendUint64(h, length)
		at += length
	}
	for _, count := range []uint64{w.tiles, uint64(len(w.entries)), uint64(len(w.known))} {
		h = binary.LittleEndian.AppendUint64(h, count)
	}
	h = append(h, 1, compressedGzip, compressedGzip, typeMVT, byte(d.MinZoom), byte(d.MaxZoom))
	degrees := func(all ...float64) {
		for _, v := range all {
			h = binary.LittleEndian.AppendUint32(h, uint32(int32(math.Round(v*1e7))))
		}
	}
	degrees(d.Bounds[:]...)
	center, zoom := d.Center()
	h = append(h, byte(zoom))
	degrees(center[:]...)
	return h
}

func (w *pmtiles) close() error {
	return errors.Join(w.data.Close(), os.Remove(w.data.Name()))
}

// directories are the root and, when it would be too long, those it leads to.
func directories(all []entry) (root, leaves []byte, err error) {
	if root, err = directory(all); err != nil || len(root) <= rootBytes-headerBytes {
		return root, nil, err
	}
	for size := leafEntries; ; size *= 2 {
		var top []entry
		leaves = leaves[:0]
		for from := 0; from < len(all); from += size {
			part := all[from:min(from+size, len(all))]
			leaf, err := directory(part)
			if err != nil {
				return nil, nil, err
			}
			top = append(top, entry{id: part[0].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(top); err != nil || len(root) <= rootBytes-headerBytes {
			return root, leaves, err
		}
	}
}

// directory is a list of entries: their numbers as differences, then their
// runs, lengths and offsets, where 0 is where the one before ends.
func directory(all []entry) ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(len(all)))
	last := uint64(0)
	for _, e := range all {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range all {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range all {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range all {
		if i > 0 && e.offset == all[i-1].offset+uint64(all[i-1].length) {
			b = binary.AppendUvarint(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.offset+1)
		}
	}
	return packed(b)
}

func packed(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}
