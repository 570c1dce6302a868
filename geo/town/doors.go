package town

// doors is the street front of a built parcel.
type doors struct {
	street int32 // way, or -1: no door
	left   bool
	at     []float64 // mm along the street, of each door
	p      []point
	homes  float64 // how many dwellings each door leads to
}

// openDoor gives the parcel its doors on the street.
func (b *builder) openDoor(f *footing) {
	n := 1
	homes := 1.
	switch b.use {
	case oldTown:
		homes = .6 + 1.7*b.rand.Float64()
	case flats:
		n = max(1, min(4, int(f.length/(16*metre))))
		homes = 0
		built := b.town.Buildings[len(b.town.Buildings)-len(f.outs):]
		for i, o := range f.outs {
			homes += squareMetres(o) / 130 * float64(built[i].Levels)
		}
		homes /= float64(n)
	case works, school:
		homes = 0
	case strips:
		homes = .8 + .6*b.rand.Float64()
	}
	d := doors{homes: homes}
	for k := range n {
		h, p, along := b.onFront(f.i, f.n, f.length*(float64(k)+.45)/float64(n))
		side := b.sides[b.mesh.tag[h]]
		if k > 0 && (side.street != d.street || side.left != d.left) {
			continue
		}
		d.street, d.left = side.street, side.left
		at := side.at + side.sense*side.a.to(p).dot(side.along)
		d.at = append(d.at, at)
		d.p = append(d.p, p.add(along.left().scale(3)))
	}
	b.front[b.parcel] = d
}
