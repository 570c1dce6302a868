package mvt

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math"
	"strings"
	"unicode/utf8"
)

// Value is an encoded value of the tile format.
type Value []byte

// AppendText appends a text as a Value. Bytes that are no UTF-8 are replaced.
func AppendText[S string | []byte](to []byte, s S) []byte {
	valid := string(s)
	if !utf8.ValidString(valid) {
		valid = strings.ToValidUTF8(valid, "\uFFFD")
	}
	return appendString(to, 1, valid)
}

// AppendInt appends a whole number as a Value: unsigned if it is not negative,
// as ST_AsMVT does.
func AppendInt(to []byte, n int64) []byte {
	if n >= 0 {
		return binary.AppendUvarint(append(to, 5<<3), uint64(n))
	}
	return binary.AppendVarint(append(to, 6<<3), n) // zigzag
}

// AppendFloat appends a double as a Value.
func AppendFloat(to []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint64(append(to, 3<<3|1), math.Float64bits(x))
}

// AppendBool appends a truth value as a Value.
func AppendBool(to []byte, b bool) []byte {
	if b {
		return append(to, 7<<3, 1)
	}
	return append(to, 7<<3, 0)
}

// Number is the number that AppendInt or AppendFloat made a Value of; false for
// other values.
func Number(v Value) (float64, bool) {
	if len(v) < 2 {
		return 0, false
	}
	switch v[0] {
	case 3<<3 | 1:
		if len(v) < 9 {
			return 0, false
		}
		return math.Float64frombits(binary.LittleEndian.Uint64(v[1:])), true
	case 5 << 3:
		n, _ := binary.Uvarint(v[1:])
		return float64(n), true
	case 6 << 3:
		n, _ := binary.Varint(v[1:])
		return float64(n), true
	}
	return 0, false
}

// Tag gives the feature that is drawn a value for a key, by its place among
// those that Begin was given. Equal values are in the tile once.
func (e *Encoder) Tag(key int, v Value) { e.tag(key, e.values.intern(v)) }

// TagKnown is Tag for a value that has a handle, which no other value has. It
// reports false, and tags nothing, the first time that the tile meets the
// handle: TagNew then gives the value.
func (e *Encoder) TagKnown(key int, handle uint32) bool {
	number, ok := e.values.known(handle)
	if ok {
		e.tag(key, number)
	}
	return ok
}

// TagNew is Tag for a value whose handle TagKnown did not know.
func (e *Encoder) TagNew(key int, handle uint32, v Value) {
	e.tag(key, e.values.add(handle, v))
}

// TagUnique is Tag for a text that no other feature of the tile has.
func (e *Encoder) TagUnique(key int, text []byte) {
	v := &e.values
	size := uint64(1 + uvarintSize(uint64(len(text))) + len(text))
	v.data = binary.AppendUvarint(append(v.data, 4<<3|2), size)
	v.data = binary.AppendUvarint(append(v.data, 1<<3|2), uint64(len(text)))
	v.data = append(v.data, text...)
	v.count++
	e.tag(key, v.count-1)
}

func (e *Encoder) tag(k int, number uint32) {
	at := &e.keys[k]
	if at.number < 0 {
		at.number = e.used
		e.used++
	}
	e.tags = binary.AppendUvarint(e.tags, uint64(at.number))
	e.tags = binary.AppendUvarint(e.tags, uint64(number))
}

// values are the values of a layer in the tile, as fields of its message, with
// two tables with open addressing that find them by content and by handle. What
// is in a table counts for the present tile only if it has its era.
type values struct {
	data      []byte
	count     uint32
	era       uint32
	byContent table
	byHandle  table
	seed      maphash.Seed
	seeded    bool
}

type table struct {
	slots []slot
	used  int
}

type slot struct {
	era    uint32
	number uint32
	key    uint64 // hash, or handle
	at     int    // where the value is in data
}

func (v *values) reset() {
	v.data, v.count = v.data[:0], 0
	v.byContent.used, v.byHandle.used = 0, 0
	v.era++
	if v.era == 0 { // after 2^32 tiles
		clear(v.byContent.slots)
		clear(v.byHandle.slots)
		v.era = 1
	}
	if !v.seeded {
		v.seed, v.seeded = maphash.MakeSeed(), true
	}
}

func (v *values) append(value Value) (number uint32, at int) {
	v.data = binary.AppendUvarint(append(v.data, 4<<3|2), uint64(len(value)))
	at = len(v.data)
	v.data = append(v.data, value...)
	v.count++
	return v.count - 1, at
}

func (v *values) intern(value Value) uint32 {
	t := &v.byContent
	t.grow(v.era, func(key uint64) uint64 { return key })
	hash := maphash.Bytes(v.seed, value)
	for i := hash; ; i++ {
		s := &t.slots[i&uint64(len(t.slots)-1)]
		if s.era != v.era {
			number, at := v.append(value)
			*s = slot{v.era, number, hash, at}
			t.used++
			return number
		}
		if s.key == hash && bytes.HasPrefix(v.data[s.at:], value) && v.ends(s, len(value)) {
			return s.number
		}
	}
}

// ends tells whether the value of a slot has that size.
func (v *values) ends(s *slot, size int) bool {
	n := uvarintSize(uint64(size))
	got, _ := binary.Uvarint(v.data[s.at-n:])
	return got == uint64(size)
}

func (v *values) known(handle uint32) (uint32, bool) {
	t := &v.byHandle
	t.grow(v.era, spread)
	for i := spread(uint64(handle)); ; i++ {
		s := &t.slots[i&uint64(len(t.slots)-1)]
		if s.era != v.era {
			return 0, false
		}
		if s.key == uint64(handle) {
			return s.number, true
		}
	}
}

func (v *values) add(handle uint32, value Value) uint32 {
	t := &v.byHandle
	t.grow(v.era, spread)
	for i := spread(uint64(handle)); ; i++ {
		s := &t.slots[i&uint64(len(t.slots)-1)]
		if s.era != v.era {
			number, at := v.append(value)
			*s = slot{v.era, number, uint64(handle), at}
			t.used++
			return number
		}
	}
}

func spread(handle uint64) uint64 { return handle * 0x9E3779B97F4A7C15 >> 32 }

// grow keeps a third of the slots free.
func (t *table) grow(era uint32, hash func(uint64) uint64) {
	if 3*(t.used+1) < 2*len(t.slots) {
		return
	}
	old := t.slots
	t.slots = make([]slot, max(256, 2*len(old)))
	for _, s := range old {
		if s.era != era {
			continue
		}
		for i := hash(s.key); ; i++ {
			if to := &t.slots[i&uint64(len(t.slots)-1)]; to.era != era {
				*to = s
				break
			}
		}
	}
}
