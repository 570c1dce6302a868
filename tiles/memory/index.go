package memory

import (
	"bytes"
	"hash/maphash"
)

// texts are many byte strings in two slices.
type texts struct {
	data []byte
	ends []uint32
}

func (t *texts) at(i uint32) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.data[start:t.ends[i]:t.ends[i]]
}

func (t *texts) add(b []byte) uint32 {
	t.data = append(t.data, b...)
	t.ends = append(t.ends, uint32(len(t.data)))
	return uint32(len(t.ends) - 1)
}

func (t *texts) size() int { return cap(t.data) + 4*cap(t.ends) }

// seed makes hashes of one process alike.
var seed = maphash.MakeSeed()

// index finds texts by their content: a hash table with open addressing of
// their numbers, plus one. What was taken out leaves removed behind.
type index struct {
	slots []uint32
	used  int // slots that are not 0
}

const removed = ^uint32(0)

// find answers the number of the text that is b, the last that was added.
func (x *index) find(t *texts, b []byte) (uint32, bool) {
	if len(x.slots) == 0 {
		return 0, false
	}
	for i := maphash.Bytes(seed, b); ; i++ {
		switch n := x.slots[i&uint64(len(x.slots)-1)]; {
		case n == 0:
			return 0, false
		case n != removed && bytes.Equal(t.at(n-1), b):
			return n - 1, true
		}
	}
}

// put adds a text that is not in the index.
func (x *index) put(t *texts, number uint32) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.grow(t)
	}
	x.place(t, number)
	x.used++
}

func (x *index) place(t *texts, number uint32) {
	for i := maphash.Bytes(seed, t.at(number)); ; i++ {
		if at := &x.slots[i&uint64(len(x.slots)-1)]; *at == 0 {
			*at = number + 1
			return
		}
	}
}

func (x *index) grow(t *texts) {
	old := x.slots
	x.slots = make([]uint32, max(64, 2*len(old)))
	x.used = 0
	for _, n := range old {
		if n != 0 && n != removed {
			x.place(t, n-1)
			x.used++
		}
	}
}

// remove takes a text out.
func (x *index) remove(t *texts, number uint32) {
	if len(x.slots) == 0 {
		return
	}
	for i := maphash.Bytes(seed, t.at(number)); ; i++ {
		switch at := &x.slots[i&uint64(len(x.slots)-1)]; *at {
		case 0:
			return
		case number + 1:
			*at = removed
			return
		}
	}
}
