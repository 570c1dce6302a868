package town

import (
	"fmt"
	"math/rand/v2"
)

// namer draws names and never gives the same street or place name twice.
type namer struct {
	rand *rand.Rand
	used map[string]bool
}

func newNamer(seed uint64) *namer {
	return &namer{rand.New(rand.NewPCG(seed, 1<<62+2)), map[string]bool{}}
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// fresh draws from the makers, each tried a few times before the next, until a name is new.
func (n *namer) fresh(makers ...func() string) string {
	for _, make := range makers {
		for range 30 {
			if name := make(); !n.used[name] {
				n.used[name] = true
				return name
			}
		}
	}
	base := makers[len(makers)-1]()
	for k := 2; ; k++ {
		if name := fmt.Sprintf("%s %d", base, k); !n.used[name] {
			n.used[name] = true
			return name
		}
	}
}

func (n *namer) commune() string {
	return pick(n.rand, communeStems) + pick(n.rand, communeTails)
}

func (n *namer) saint(r *rand.Rand) string  { return "Saint-" + pick(r, saints) }
func (n *namer) person(r *rand.Rand) string { return pick(r, firstNames) + " " + pick(r, lastNames) }
func (n *namer) river() string              { return pick(n.rand, rivers) }

// place draws the name of a lieu-dit.
func (n *namer) place() string {
	r := n.rand
	return n.fresh(
		func() string { return pick(r, placeNames) },
		func() string { return pick(r, placeHeads) + " " + pick(r, placeTails) },
		func() string { return pick(r, placeHeads) + " " + pick(r, placeTails) + " " + pick(r, placeEnds) },
		func() string { return pick(r, placeHeads) + " " + pick(r, lastNames) },
	)
}

// street draws a name fit for the way.
func (n *namer) street(w way, length float64) string {
	r := n.rand
	kind := "Rue"
	switch {
	case w.class == Service:
		kind = pick(r, []string{"Impasse", "Impasse", "Allée", "Clos", "Square"})
	case w.zone == country && (w.class == Primary || w.class == Secondary):
		kind = "Route"
	case w.zone == country || w.class == Path && w.zone != core:
		kind = "Chemin"
	case w.class == Path:
		kind = pick(r, []string{"Ruelle", "Passage", "Venelle"})
	case w.zone == core && w.class == Primary:
		kind = "Rue"
	case w.class == Primary:
		kind = pick(r, []string{"Avenue", "Avenue", "Rue"})
	case w.class == Secondary:
		kind = pick(r, []string{"Boulevard", "Avenue", "Rue"})
	case w.zone == estate && length < 180*metre:
		kind = pick(r, []string{"Allée", "Rue"})
	}
	if kind == "Rue" && w.zone == core && length < 80*metre && r.IntN(3) == 0 {
		kind = "Ruelle"
	}
	person := func() string { return kind + " " + n.person(r) }
	titled := func() string { return kind + " " + pick(r, titles) + " " + n.person(r) }
	from := func(list []string) func() string {
		return func() string { return kind + " " + pick(r, list) }
	}
	countryside := func() string {
		return kind + " " + pick(r, ofPlaces) + " " + pick(r, placeTails)
	}
	switch kind {
	case "Route":
		return n.fresh(func() string { return "Route de " + pick(r, communeStems) + pick(r, communeTails) },
			func() string { return "Ancienne Route de " + pick(r, communeStems) + pick(r, communeTails) })
	case "Chemin":
		return n.fresh(from(pathNames), countryside,
			func() string {
				return kind + " " + pick(r, ofPlaces) + " " + pick(r, placeTails) + " " + pick(r, placeEnds)
			},
			func() string { return kind + " " + pick(r, ofPlaces) + " " + pick(r, lastNames) }, titled)
	case "Avenue", "Boulevard":
		return n.fresh(from(grandNames), person, titled)
	}
	switch {
	case w.zone == core:
		return n.fresh(from(oldNames), from(natureNames), person, titled)
	case w.zone == suburb:
		if r.Float64() < .35 {
			return n.fresh(from(oldNames), from(grandNames), person, titled)
		}
		return n.fresh(person, titled)
	}
	if r.Float64() < .6 {
		return n.fresh(from(natureNames), person, titled)
	}
	return n.fresh(person, titled)
}
