package coverage

import (
	"cmp"

	"arpent/geo/grid"
)

// Borders answers how long each two polygons border each other, and each the
// land of nobody, in metres: the dual graph. Of two names the lesser comes first;
// the empty one is nobody.
func (c *Coverage) Borders() map[[2]ID]float64 {
	owner := map[[2]Point][]ID{}
	ids := c.IDs()
	for _, id := range ids {
		for a, b := range c.shapes[id].edges {
			owner[[2]Point{a, b}] = append(owner[[2]Point{a, b}], id)
		}
	}
	lengths := map[[2]ID]float64{}
	for _, id := range ids {
		for a, b := range c.shapes[id].edges {
			others := owner[[2]Point{b, a}]
			if len(others) == 0 {
				lengths[[2]ID{"", id}] += grid.Distance(a, b) / grid.PerMetre
			}
			for _, other := range others {
				if cmp.Less(id, other) {
					lengths[[2]ID{id, other}] += grid.Distance(a, b) / grid.PerMetre
				}
			}
		}
	}
	return lengths
}
