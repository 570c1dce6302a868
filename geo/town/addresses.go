package town

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// numberAddresses names the streets and numbers the doors along them.
func (g *generator) numberAddresses() {
	type door struct {
		street int32
		left   bool
		at     float64
		parcel int
		k      int
	}
	var all []door
	for parcel, d := range g.front {
		for k, at := range d.at {
			all = append(all, door{d.street, d.left, at, parcel, k})
		}
	}
	slices.SortFunc(all, func(a, b door) int {
		if c := cmp.Compare(a.street, b.street); c != 0 {
			return c
		}
		if a.left != b.left {
			if a.left {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.parcel, b.parcel), cmp.Compare(a.k, b.k))
	})
	streets := g.publishStreets()
	r := rand.New(rand.NewPCG(g.seed, 1<<62))
	number, suffix := 0, ""
	for i, d := range all {
		odd := 2
		if d.left {
			odd = 1
		}
		switch {
		case i == 0 || all[i-1].street != d.street || all[i-1].left != d.left:
			number, suffix = odd, ""
		case suffix == "" && r.Float64() < .045:
			suffix = "bis"
		case suffix == "bis" && r.Float64() < .2:
			suffix = "ter"
		default:
			number, suffix = number+2, ""
			for r.Float64() < .04 {
				number += 2
			}
		}
		g.town.Addresses = append(g.town.Addresses, Address{
			Street: streets[d.street], Parcel: d.parcel, Number: number, Suffix: suffix,
			Position: g.place.point(g.front[d.parcel].p[d.k]),
		})
	}
}

// publishStreets gives the ways their names and their place in Town.Streets.
func (g *generator) publishStreets() (index []int) {
	index = make([]int, len(g.ways))
	for i, w := range g.ways {
		index[i] = -1
		if w.line == nil {
			continue
		}
		index[i] = len(g.town.Streets)
		length := 0.
		for k := range len(w.line) - 1 {
			length += w.line[k].distance(w.line[k+1])
		}
		g.town.Streets = append(g.town.Streets, Street{
			ID: index[i], Name: g.names.street(w, length), Class: w.class, Geometry: g.place.line(w.line),
		})
	}
	return index
}

// settle shares the inhabitants and the electors among the addresses, after their homes.
func (g *generator) settle(inhabitants int) {
	r := rand.New(rand.NewPCG(g.seed, 1<<62+1))
	list := g.town.Addresses
	weight := make([]float64, len(list))
	total := 0.
	for i, a := range list {
		weight[i] = g.front[a.Parcel].homes * (.25 + 1.5*r.Float64())
		total += weight[i]
	}
	sum, given, electors, counted := 0., 0, 0., 0
	for i := range list {
		sum += weight[i]
		upTo := int(sum/total*float64(inhabitants) + .5)
		if i == len(list)-1 {
			upTo = inhabitants
		}
		n := upTo - given
		given = upTo
		electors += .7 * float64(n) * (1 + .3*spread(r))
		list[i].Inhabitants = n
		list[i].Electors = max(0, min(n, int(electors+.5)-counted))
		counted += list[i].Electors
	}
}
