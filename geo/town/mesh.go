package town

// mesh is a planar subdivision of one simple polygon, held as half-edges. The twin of
// half-edge h is h^1; a face lies to the left of its half-edges. Edges are only ever added,
// and a vertex put on an edge is put in the faces of both sides at once: this is what makes
// neighbours share their vertices.
type mesh struct {
	at                    []point // vertices
	from                  []int32 // half-edge: its first vertex
	next, prev, face, tag []int32 // half-edge: along its face, which face, and the maker's mark of the edge
	loop                  []int32 // face: one of its half-edges
}

const outside = -1 // the face beyond the outline

// reset makes the mesh a single face, 0, bounded by the ring; tags mark the ring's edges.
func (m *mesh) reset(ring []point, tags []int32) {
	m.at = append(m.at[:0], ring...)
	m.from, m.next, m.prev, m.face, m.tag = m.from[:0], m.next[:0], m.prev[:0], m.face[:0], m.tag[:0]
	n := int32(len(ring))
	for i := range n {
		after, before := (i+1)%n, (i+n-1)%n
		m.from = append(m.from, i, after)
		m.next = append(m.next, 2*after, 2*before+1)
		m.prev = append(m.prev, 2*before, 2*after+1)
		m.face = append(m.face, 0, outside)
		m.tag = append(m.tag, tags[i], tags[i])
	}
	m.loop = append(m.loop[:0], 0)
}

func (m *mesh) start(h int32) point { return m.at[m.from[h]] }
func (m *mesh) end(h int32) point   { return m.at[m.from[h^1]] }

// ring appends the half-edges of the face to hs.
func (m *mesh) ring(face int32, hs []int32) []int32 {
	first := m.loop[face]
	for h := first; ; {
		hs = append(hs, h)
		if h = m.next[h]; h == first {
			return hs
		}
	}
}

// points appends the first vertices of the half-edges to ps.
func (m *mesh) points(hs []int32, ps []point) []point {
	for _, h := range hs {
		ps = append(ps, m.start(h))
	}
	return ps
}

// junction tells whether three edges or more meet at the start of h.
func (m *mesh) junction(h int32) bool { return m.next[h^1] != m.prev[h]^1 }

// splitEdge puts a vertex at p on the edge of h. h now ends there; the half-edge that
// follows it is returned.
func (m *mesh) splitEdge(h int32, p point) int32 {
	t := h ^ 1
	h2 := m.addEdge(int32(len(m.at)), m.from[t], m.tag[h])
	t2 := h2 ^ 1
	m.at = append(m.at, p)
	m.from[t] = m.from[h2]
	m.face[h2], m.face[t2] = m.face[h], m.face[t]
	m.link(h2, m.next[h])
	m.link(h, h2)
	m.link(m.prev[t], t2)
	m.link(t2, t)
	return h2
}

// splitFace joins the start of a to the start of b, half-edges of one face, by an edge
// path through the vertices. The face keeps what is right of the path; the face on its left
// is new and returned, with the first half-edge of the path, which is in it.
func (m *mesh) splitFace(a, b int32, through []point, tag int32) (face, first int32) {
	old := m.face[a]
	face = int32(len(m.loop))
	left, right := m.prev[a], m.prev[b]
	at := m.from[a]
	last := int32(-1)
	for i := 0; i <= len(through); i++ {
		to := m.from[b]
		if i < len(through) {
			to = int32(len(m.at))
			m.at = append(m.at, through[i])
		}
		h := m.addEdge(at, to, tag)
		m.face[h], m.face[h^1] = face, old
		if i == 0 {
			first = h
			m.link(left, h)
			m.link(h^1, a)
		} else {
			m.link(last, h)
			m.link(h^1, last^1)
		}
		last, at = h, to
	}
	m.link(last, b)
	m.link(right, last^1)
	m.loop = append(m.loop, first)
	m.loop[old] = a
	for h := b; h != first; h = m.next[h] {
		m.face[h] = face
	}
	return face, first
}

func (m *mesh) link(h, next int32) { m.next[h], m.prev[next] = next, h }

func (m *mesh) addEdge(from, to, tag int32) int32 {
	h := int32(len(m.from))
	m.from = append(m.from, from, to)
	m.next = append(m.next, 0, 0)
	m.prev = append(m.prev, 0, 0)
	m.face = append(m.face, outside, outside)
	m.tag = append(m.tag, tag, tag)
	return h
}
