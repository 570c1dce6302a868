package archive_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"testing"

	"github.com/paulmach/orb/maptile"
)

// pmtiles reads every tile of a file as the specification says, from the
// header on.
func pmtiles(t testing.TB, path string) map[maptile.Tile][]byte {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(file[:8]) != "PMTiles\x03" {
		t.Fatalf("it begins with %q", file[:8])
	}
	number := func(at int) uint64 { return binary.LittleEndian.Uint64(file[at:]) }
	section := func(at int) []byte { return file[number(at):][:number(at+8)] }
	var metadata struct {
		VectorLayers []struct{ ID string } `json:"vector_layers"`
	}
	if err := json.Unmarshal(unpacked(t, section(24)), &metadata); err != nil || len(metadata.VectorLayers) != len(ids) {
		t.Errorf("metadata: %+v, %v", metadata, err)
	}
	leaves, data := section(40), section(56)
	found := map[maptile.Tile][]byte{}
	entries := 0
	var read func(packed []byte)
	read = func(packed []byte) {
		r := bytes.NewReader(unpacked(t, packed))
		next := func() uint64 {
			n, err := binary.ReadUvarint(r)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		columns := [4][]uint64{}
		n := next()
		for c := range columns {
			for range n {
				columns[c] = append(columns[c], next())
			}
		}
		id, end := uint64(0), uint64(0)
		for i := range n {
			id += columns[0][i]
			run, length, offset := columns[1][i], columns[2][i], columns[3][i]
			if offset == 0 {
				offset = end
			} else {
				offset--
			}
			end = offset + length
			if run == 0 {
				read(leaves[offset:end])
				continue
			}
			entries++
			for k := range run {
				found[tileOf(id+k)] = data[offset:end]
			}
		}
	}
	read(section(8))
	if uint64(len(found)) != number(72) || uint64(entries) != number(80) {
		t.Errorf("%d tiles in %d entries are read, the header says %d in %d", len(found), entries, number(72), number(80))
	}
	return found
}

// tileOf is the tile of a number: the inverse of what the writer does, by
// going down into quarters.
func tileOf(id uint64) maptile.Tile {
	z := maptile.Zoom(0)
	for ; id >= 1<<(2*z); z++ {
		id -= 1 << (2 * z)
	}
	var x, y uint32
	for side := uint32(1); side < 1<<z; side *= 2 {
		right := uint32(id/2) & 1
		low := uint32(id^uint64(right)) & 1
		if low == 0 {
			if right == 1 {
				x, y = side-1-x, side-1-y
			}
			x, y = y, x
		}
		x, y = x+side*right, y+side*low
		id /= 4
	}
	return maptile.New(x, y, z)
}
