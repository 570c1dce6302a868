// Package mvt encodes layers of Mapbox vector tiles (version 2.1) from shapes in
// world units, feature by feature, without allocating memory for each: an
// [Encoder] keeps what it needs and is used again.
//
// What it draws is valid by the rules of OGC: polygons are clipped to the tile
// with its buffer, put on the grid of the tile and checked there; one that
// touches or crosses itself after that is mended by itself, more slowly
// (arpent/geo/coverage.Mend).
package mvt

import (
	"encoding/binary"
	"fmt"

	"arpent/geo/grid"
	"arpent/layers/postgis"
)

// The side of a tile and of what it shows beyond, in units of the tile.
const (
	Extent = postgis.TileExtent
	Buffer = postgis.TileBuffer
)

// Fate is what became of a shape.
type Fate int

// What may become of a shape in a tile.
const (
	Outside   Fate = iota // nothing of it is in the tile with its buffer
	Collapsed             // less than a unit of the tile is left of a line or polygon
	Drawn                 // it is in the tile
)

// Encoder encodes one layer of one tile after another: Begin, then for each
// feature Draw and, if it is drawn, its values and End; then AppendTo. The zero
// Encoder is ready. It is not safe for concurrent use.
type Encoder struct {
	name    string
	z       uint8
	originX int64 // of the tile, in world units
	originY int64
	box     Box   // of the tile with its buffer
	least   int64 // side of what is drawn: half a unit of the tile
	keys    []key
	used    int // keys that have a value
	values  values

	features []byte // of the layer, as fields of its message
	kind     Kind
	commands []byte // of the feature that is drawn
	tags     []byte

	path    []grid.Point // a part on the grid of the tile
	clipped []grid.Point
	rings   []grid.Point // of a polygon
	parts   []Part
	edges   []edge
	cursor  grid.Point
}

type key struct {
	name   string
	number int // in the layer; -1 until it has a value
}

// Begin starts the layer called name in a tile of WebMercatorQuad, whose
// features have values for some of the keys.
func (e *Encoder) Begin(name string, z, x, y int, keys []string) {
	e.name, e.z, e.used = name, uint8(z), 0
	e.originX = int64(x)<<(32-z) - 1<<31
	e.originY = int64(y)<<(32-z) - 1<<31
	e.box, e.least = TileBox(z, x, y), int64(1)<<(32-z)/Extent/2
	e.keys = e.keys[:0]
	for _, name := range keys {
		e.keys = append(e.keys, key{name, -1})
	}
	e.values.reset()
	e.features = e.features[:0]
}

// Draw draws a shape that has the extent box. An error says that it cannot be
// made valid; nothing is drawn then.
func (e *Encoder) Draw(s *Shape, box Box) (Fate, error) {
	e.kind, e.commands, e.tags, e.cursor = s.Kind, e.commands[:0], e.tags[:0], grid.Point{}
	if !box.Meets(e.box) {
		return Outside, nil
	}
	if s.Kind != Points && max(int64(box.MaxX)-int64(box.MinX), int64(box.MaxY)-int64(box.MinY)) < e.least {
		return Collapsed, nil // as ST_AsMVTGeom does, whatever rounding would make of it
	}
	switch s.Kind {
	case Points:
		return e.drawPoints(s), nil
	case Lines:
		return e.drawLines(s), nil
	case Polygons:
		return e.drawPolygons(s)
	}
	return Outside, nil
}

// End ends a feature that is drawn and has a number.
func (e *Encoder) End(id uint64) {
	e.end(uvarintSize(id) + 1)
	e.features = append(e.features, 1<<3)
	e.features = binary.AppendUvarint(e.features, id)
	e.finish()
}

// EndWithoutID ends a feature that is drawn and has no number.
func (e *Encoder) EndWithoutID() {
	e.end(0)
	e.finish()
}

// end opens the message of the feature, whose number takes so many bytes.
func (e *Encoder) end(idSize int) {
	size := idSize + 2 + 1 + uvarintSize(uint64(len(e.commands))) + len(e.commands)
	if len(e.tags) > 0 {
		size += 1 + uvarintSize(uint64(len(e.tags))) + len(e.tags)
	}
	e.features = append(e.features, 2<<3|2)
	e.features = binary.AppendUvarint(e.features, uint64(size))
}

func (e *Encoder) finish() {
	if len(e.tags) > 0 {
		e.features = append(e.features, 2<<3|2)
		e.features = binary.AppendUvarint(e.features, uint64(len(e.tags)))
		e.features = append(e.features, e.tags...)
	}
	e.features = append(e.features, 3<<3, byte(e.kind), 4<<3|2)
	e.features = binary.AppendUvarint(e.features, uint64(len(e.commands)))
	e.features = append(e.features, e.commands...)
}

// AppendTo appends the layer to a tile; nothing when no feature was drawn.
func (e *Encoder) AppendTo(tile []byte) []byte {
	if len(e.features) == 0 {
		return tile
	}
	size := 2 + stringSize(e.name) + len(e.features) + len(e.values.data) + 1 + uvarintSize(Extent)
	for number := range e.used {
		size += stringSize(e.keyOf(number))
	}
	tile = append(tile, 3<<3|2)
	tile = binary.AppendUvarint(tile, uint64(size))
	tile = append(tile, 15<<3, 2)
	tile = appendString(tile, 1, e.name)
	tile = append(tile, e.features...)
	for number := range e.used {
		tile = appendString(tile, 3, e.keyOf(number))
	}
	tile = append(tile, e.values.data...)
	tile = append(tile, 5<<3)
	return binary.AppendUvarint(tile, Extent)
}

// Size is how many bytes the features and values of the layer take so far.
func (e *Encoder) Size() int { return len(e.features) + len(e.values.data) }

func (e *Encoder) keyOf(number int) string {
	for _, k := range e.keys {
		if k.number == number {
			return k.name
		}
	}
	panic(fmt.Sprintf("mvt: no key has number %d", number))
}

func appendString(to []byte, field byte, s string) []byte {
	to = append(to, field<<3|2)
	to = binary.AppendUvarint(to, uint64(len(s)))
	return append(to, s...)
}

func stringSize(s string) int { return 1 + uvarintSize(uint64(len(s))) + len(s) }

func uvarintSize(n uint64) int {
	size := 1
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}
