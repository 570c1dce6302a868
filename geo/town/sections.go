package town

import "fmt"

// sheet is about how many parcels a section holds.
const sheet = 380

// drawSections gathers blocks into sections: nodes of the tree of cuts that hold few enough
// parcels, so that every section is in one piece. It then numbers the parcels.
func (g *generator) drawSections() {
	upTo := make([]int, len(g.leaves)+1)
	for i := range g.leaves {
		upTo[i+1] = upTo[i] + int(g.parcels[i])
	}
	count := func(n int32) int { return upTo[g.tree[n].hi] - upTo[g.tree[n].lo] }
	var sheets []int32
	var visit func(n int32)
	visit = func(n int32) {
		d := g.tree[n]
		if d.kids[0] == 0 || count(n) <= sheet || min(count(d.kids[0]), count(d.kids[1])) == 0 {
			sheets = append(sheets, n)
			return
		}
		visit(d.kids[0])
		visit(d.kids[1])
	}
	visit(0)

	block, parcel := 0, 0
	for s, n := range sheets {
		prefix, code := sectionCode(s)
		g.town.Sections = append(g.town.Sections, Section{
			ID: g.town.Code + prefix + code, Prefix: prefix, Code: code,
			Geometry: g.place.polygon(g.outlineOf(n)),
		})
		number := 0
		for end := upTo[g.tree[n].hi]; parcel < end; parcel++ {
			number++
			p := &g.town.Parcels[parcel]
			p.Section, p.Number = s, number
			p.ID = fmt.Sprintf("%s%s%s%04d", g.town.Code, prefix, code, number)
			for ; block <= p.Block; block++ {
				g.town.Blocks[block].Section = s
			}
		}
	}
	g.town.Boundary = g.place.polygon(g.outlineOf(0))
}

// sectionCode is the name of the n-th section: AA to ZZ without I and O, then again under
// the prefixes 101, 102…
func sectionCode(n int) (prefix, code string) {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	const k = len(letters)
	prefix = "000"
	if sheet := n / (k * k); sheet > 0 {
		prefix = fmt.Sprintf("%03d", 100+sheet)
	}
	n %= k * k
	return prefix, string([]byte{letters[n/k], letters[n%k]})
}

// outlineOf is the outline of the faces under a node of the tree.
func (g *generator) outlineOf(node int32) []point {
	m := &g.land
	d := g.tree[node]
	in := func(h int32) bool {
		f := m.face[h]
		return f != outside && g.rank[f] >= d.lo && g.rank[f] < d.hi
	}
	first := int32(-1)
	for _, f := range g.leaves[d.lo:d.hi] {
		start := m.loop[f]
		for h := start; first < 0; {
			if !in(h ^ 1) {
				first = h
			}
			if h = m.next[h]; h == start {
				break
			}
		}
		if first >= 0 {
			break
		}
	}
	var ring []point
	for h := first; ; {
		ring = append(ring, m.start(h))
		h = m.next[h]
		for in(h ^ 1) {
			h = m.next[h^1]
		}
		if h == first {
			return ring
		}
	}
}
