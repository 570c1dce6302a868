package town

// nameTheCountryside names the land around the town: whole branches of the tree of cuts,
// so that places neither overlap nor leave gaps between them.
func (g *generator) nameTheCountryside() {
	const large = 110 * 10_000 // m²
	rural := make([]int, len(g.leaves)+1)
	var ps []point
	var hs []int32
	for i, f := range g.leaves {
		hs = g.land.ring(f, hs[:0])
		ps = g.land.points(hs, ps[:0])
		rural[i+1] = rural[i]
		if g.plan.zoneAt(middle(ps)) == country {
			rural[i+1]++
		}
	}
	var visit func(n int32)
	visit = func(n int32) {
		d := g.tree[n]
		fields := rural[d.hi] - rural[d.lo]
		if fields == 0 {
			return
		}
		if fields == int(d.hi-d.lo) {
			ring := g.outlineOf(n)
			if d.kids[0] == 0 || squareMetres(ring) < large {
				g.town.PlaceNames = append(g.town.PlaceNames, PlaceName{Name: g.names.place(), Geometry: g.place.polygon(ring)})
				return
			}
		}
		if d.kids[0] != 0 {
			visit(d.kids[0])
			visit(d.kids[1])
		}
	}
	visit(0)
}
