package town

import (
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Marks of the edges of the commune's mesh; those from 0 up are indexes of ways.
const (
	limit = -1 // of the commune
	river = -2
)

// generator holds a town in the making. The commune is one mesh whose edges are the
// centrelines of streets and river; its faces, less half the width of what bounds them, are
// the blocks.
type generator struct {
	seed  uint64
	rand  *rand.Rand
	plan  plan
	place origin
	names *namer
	town  *Town

	land   mesh
	ways   []way
	tree   []division        // how the commune was divided, the whole first
	leafOf []int32           // face: its node in the tree
	leaves []int32           // faces in the order of the tree
	rank   []int32           // face: its place in leaves
	water  []point           // outline of the river
	banks  rtree.RTreeG[int] // its edges, by index in water
	along  []station         // half-edge of land: where it is on its way

	parcels []int32 // place in leaves: parcels in that face
	front   []doors // parcel: where its door is
}

// division is a node of the tree of cuts that divided the commune.
type division struct {
	kids   [2]int32 // nodes, or 0 for a face
	face   int32
	lo, hi int32 // its faces in leaves
}

// way is a street in the making.
type way struct {
	class string
	half  float64 // mm, half its width
	first int32   // its first half-edge in land, or -1 when it is not an edge of land
	line  []point
	zone  zone
}

func newGenerator(o Options) *generator {
	g := &generator{
		seed: o.Seed,
		rand: rand.New(rand.NewPCG(o.Seed, 0)),
		town: &Town{Code: o.Code, Name: o.Name},
	}
	g.place = gridOrigin(o.Center)
	g.plan = newPlan(o.Inhabitants, g.rand)
	g.names = newNamer(o.Seed)
	if g.town.Name == "" {
		g.town.Name = g.names.commune()
	}
	return g
}

func gridOrigin(p orb.Point) origin {
	o := point{}.add(vector{p[0] * metre, p[1] * metre})
	return origin(o)
}

// spread draws from [-1, 1).
func spread(r *rand.Rand) float64 { return 2*r.Float64() - 1 }

// divide cuts a face of the land in two and keeps the tree.
func (g *generator) divide(c cut, tag int32) (first int32) {
	old := g.land.face[c.a.h]
	left, first := g.land.apply(c, tag)
	node := g.leafOf[old]
	for i, f := range [2]int32{old, left} {
		g.tree[node].kids[i] = int32(len(g.tree))
		g.setLeaf(f, int32(len(g.tree)))
		g.tree = append(g.tree, division{face: f})
	}
	return first
}

func (g *generator) setLeaf(face, node int32) {
	for int(face) >= len(g.leafOf) {
		g.leafOf = append(g.leafOf, 0)
	}
	g.leafOf[face] = node
}
