package memory

import (
	"iter"
	"math"

	"arpent/tiles/mvt"
)

// tolerance is the side of the square, in units of a tile, below whose area a
// vertex is not drawn: a quarter of a pixel of a tile of 256.
const tolerance = 4

// generalise says of each vertex from which zoom on it is drawn. Vertices where
// borders meet, and the ends of lines, always are. What is between two of them
// is an arc, of one feature or of neighbours; its vertices depend on the arc
// alone (Visvalingam and Whyatt 1993), so that neighbours meet at every zoom.
// Nothing is left out from maxZoom on, where clients enlarge what they have.
//
// It does so for some features, all that touch one of which are among those
// around, which are in no other way looked at.
func (s *store) generalise(maxZoom int, some, around iter.Seq[uint32]) {
	s.markJunctions(some, around)
	v := visvalingam{maxZoom: uint8(maxZoom)}
	s.eachPath(some, func(points []mvt.Point, zooms []uint8, closed bool) { v.path(points, zooms, closed) })
}

// all are the features of a store.
func (s *store) all(yield func(uint32) bool) {
	for i := range uint32(s.len()) {
		if !yield(i) {
			return
		}
	}
}

// eachPath hands over the lines and rings of features.
func (s *store) eachPath(of iter.Seq[uint32], do func(points []mvt.Point, zooms []uint8, closed bool)) {
	var shape mvt.Shape
	for i := range of {
		s.shape(i, &shape)
		if shape.Kind == mvt.Points {
			continue
		}
		start := 0
		for _, part := range shape.Parts {
			do(shape.Points[start:part.End()], shape.Zooms[start:part.End()], shape.Kind == mvt.Polygons)
			start = part.End()
		}
	}
}

// Zooms of vertices while it is found out which are junctions.
const (
	junction = 0
	between  = math.MaxUint8
)

// junctionSlots bounds the memory that looking for junctions takes: 32 MB.
const junctionSlots = 1 << 21

// markJunctions tells vertices where borders meet from those between. A vertex
// is between if whatever passes through it comes from and goes to the same two
// places. Vertices are looked at in as many rounds as memory needs.
func (s *store) markJunctions(some, around iter.Seq[uint32]) {
	vertices, size := 0, 64
	for i := range around {
		a, b := s.span(i)
		vertices += int(b - a)
	}
	for size < junctionSlots && size < 2*vertices {
		size *= 2
	}
	type slot struct{ place, pair uint64 } // pair is 0 in an empty slot, many where they differ
	const many = 2
	slots := make([]slot, size)
	rounds := uint64((2*vertices-1)/size + 1)
	for round := range rounds {
		clear(slots)
		find := func(p mvt.Point) *slot {
			place := uint64(uint32(p.X))<<32 | uint64(uint32(p.Y))
			hash := mix(place)
			if hash>>40%rounds != round {
				return nil
			}
			for i := hash; ; i++ {
				at := &slots[i&uint64(size-1)]
				if at.pair == 0 || at.place == place {
					at.place = place
					return at
				}
			}
		}
		s.eachPath(around, func(points []mvt.Point, _ []uint8, closed bool) {
			for i, p := range points {
				at := find(p)
				if at == nil {
					continue
				}
				n := len(points)
				pair := uint64(many)
				if closed || i > 0 && i < n-1 {
					pair = (mixPoint(points[(i+n-1)%n]) + mixPoint(points[(i+1)%n])) | 1
				}
				switch {
				case at.pair == 0:
					at.pair = pair
				case at.pair != pair:
					at.pair = many
				}
			}
		})
		s.eachPath(some, func(points []mvt.Point, zooms []uint8, _ bool) {
			for i, p := range points {
				if at := find(p); at != nil {
					zooms[i] = between
					if at.pair == many {
						zooms[i] = junction
					}
				}
			}
		})
	}
}

func mixPoint(p mvt.Point) uint64 { return mix(uint64(uint32(p.X))<<32 | uint64(uint32(p.Y))) }

// mix spreads the bits of a number (the finisher of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// less orders places.
func less(p, q mvt.Point) bool { return p.X < q.X || p.X == q.X && p.Y < q.Y }

// visvalingam finds the zooms of the vertices between junctions.
type visvalingam struct {
	maxZoom uint8
	arc     []mvt.Point // with its ends, which stay
	at      []int32     // where the vertices of the arc are in its path
	prev    []int32
	next    []int32
	area    []float64 // twice that of the triangle with those beside
	heap    []int32
	place   []int32 // in the heap
}

func (v *visvalingam) path(points []mvt.Point, zooms []uint8, closed bool) {
	n := len(points)
	if n < 3 {
		for i := range zooms {
			zooms[i] = 0
		}
		return
	}
	first := 0
	if closed {
		least, found := 0, false
		for i, p := range points {
			if zooms[i] == junction {
				first, found = i, true
				break
			}
			if less(p, points[least]) {
				least = i
			}
		}
		if !found { // alone: it begins at its least place, wherever it was drawn from
			first = least
			zooms[first] = junction
		}
	}
	end := n
	if !closed {
		end = n - 1
	}
	v.begin(points, first)
	for step := 1; step <= end; step++ {
		i := (first + step) % n
		v.arc, v.at = append(v.arc, points[i]), append(v.at, int32(i))
		if zooms[i] == junction || step == end {
			v.run(zooms)
			v.begin(points, i)
		}
	}
}

func (v *visvalingam) begin(points []mvt.Point, i int) {
	v.arc, v.at = append(v.arc[:0], points[i]), append(v.at[:0], int32(i))
}

// run takes the vertices of the arc out, the least first, and notes for each
// the zoom at which what it takes away would be seen. The last ones stay, so
// that an arc does not fall onto another between the same two ends: one, or two
// of a ring alone.
func (v *visvalingam) run(zooms []uint8) {
	n := len(v.arc)
	stay := 1
	if v.arc[0] == v.arc[n-1] {
		stay = 2
	}
	if n-2 <= stay {
		for _, i := range v.at[1 : n-1] {
			zooms[i] = 0
		}
		return
	}
	if v.backwards() {
		for i, j := 0, n-1; i < j; i, j = i+1, j-1 {
			v.arc[i], v.arc[j] = v.arc[j], v.arc[i]
			v.at[i], v.at[j] = v.at[j], v.at[i]
		}
	}
	v.prev, v.next, v.area, v.heap, v.place = v.prev[:0], v.next[:0], v.area[:0], v.heap[:0], v.place[:0]
	for i := range int32(n) {
		v.prev, v.next = append(v.prev, i-1), append(v.next, i+1)
		v.area, v.place = append(v.area, 0), append(v.place, i-1)
	}
	for i := int32(1); i < int32(n-1); i++ {
		v.area[i] = v.triangle(i)
		v.heap = append(v.heap, i)
	}
	for i := len(v.heap)/2 - 1; i >= 0; i-- {
		v.sink(i)
	}
	most := 0.0
	for len(v.heap) > stay {
		i := v.heap[0]
		most = max(most, v.area[i]) // a vertex is not left out before those that went first
		zooms[v.at[i]] = v.zoom(most)
		last := len(v.heap) - 1
		v.swap(0, last)
		v.heap = v.heap[:last]
		v.sink(0)
		p, q := v.prev[i], v.next[i]
		v.next[p], v.prev[q] = q, p
		for _, beside := range []int32{p, q} {
			if beside > 0 && beside < int32(n-1) {
				v.area[beside] = v.triangle(beside)
				v.lift(int(v.place[beside]))
				v.sink(int(v.place[beside]))
			}
		}
	}
	for _, i := range v.heap {
		zooms[v.at[i]] = 0
	}
}

// backwards tells whether the neighbour on the other side, who sees the arc the
// other way around, is the one whose order counts.
func (v *visvalingam) backwards() bool {
	for i, j := 0, len(v.arc)-1; i < j; i, j = i+1, j-1 {
		if v.arc[i] != v.arc[j] {
			return less(v.arc[j], v.arc[i])
		}
	}
	return false
}

func (v *visvalingam) triangle(i int32) float64 {
	a, b, c := v.arc[v.prev[i]], v.arc[i], v.arc[v.next[i]]
	ux, uy := float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	wx, wy := float64(c.X)-float64(a.X), float64(c.Y)-float64(a.Y)
	return math.Abs(ux*wy - uy*wx)
}

// zoom is the lowest at which twice an area, in square world units, is more
// than twice the square of the tolerance.
func (v *visvalingam) zoom(area2 float64) uint8 {
	for z := uint8(0); z < v.maxZoom; z++ {
		side := tolerance * math.Exp2(20-float64(z))
		if area2 >= 2*side*side {
			return z
		}
	}
	return v.maxZoom
}

// before orders the heap: by area, equal ones by place.
func (v *visvalingam) before(i, j int32) bool {
	if v.area[i] != v.area[j] {
		return v.area[i] < v.area[j]
	}
	return less(v.arc[i], v.arc[j])
}

func (v *visvalingam) swap(k, l int) {
	v.heap[k], v.heap[l] = v.heap[l], v.heap[k]
	v.place[v.heap[k]], v.place[v.heap[l]] = int32(k), int32(l)
}

func (v *visvalingam) sink(k int) {
	for {
		least := k
		for _, child := range [2]int{2*k + 1, 2*k + 2} {
			if child < len(v.heap) && v.before(v.heap[child], v.heap[least]) {
				least = child
			}
		}
		if least == k {
			return
		}
		v.swap(k, least)
		k = least
	}
}

func (v *visvalingam) lift(k int) {
	for k > 0 && v.before(v.heap[k], v.heap[(k-1)/2]) {
		v.swap(k, (k-1)/2)
		k = (k - 1) / 2
	}
}
