package town

import (
	"math"
	"math/rand/v2"
)

// zone is how land is used, from the old centre outwards.
type zone int

const (
	core    zone = iota // the old town: small irregular blocks, houses in rows
	suburb              // faubourgs: deep strips along the roads
	estate              // lotissements: regular lots, closes
	country             // fields and woods
)

// shape is how the streets of a zone are laid.
type shape struct {
	block   float64 // m², a face is divided down to about this area, streets included
	clear   float64 // mm between parallel streets, at least
	snap    float64 // mm within which two streets that face each other meet
	bend    float64 // sideways sweep of a street, share of its length
	shake   float64 // irregularity of a street, share of its length
	stride  float64 // mm between the bends of a street
	lean    float64 // radians by which a street may lean from the perpendicular
	width   float64 // mm, of a residential street, wall to wall
	widened float64 // mm, of a primary one
}

var shapes = [...]shape{
	core:    {4_200, 16 * metre, 14 * metre, .02, .035, 28 * metre, .30, 6 * metre, 10 * metre},
	suburb:  {14_000, 30 * metre, 24 * metre, .03, .015, 60 * metre, .16, 8.5 * metre, 13 * metre},
	estate:  {24_000, 42 * metre, 26 * metre, .2, .004, 30 * metre, .12, 9 * metre, 14 * metre},
	country: {260_000, 120 * metre, 70 * metre, .05, .02, 140 * metre, .25, 5 * metre, 11 * metre},
}

// plan is the size and the outline of the zones.
type plan struct {
	core, urban, commune float64 // mm, mean radii
	lobes                [3]lobe // the town reaches further on some sides
	tilt                 float64 // direction of the river
	riverAt              float64 // mm from the centre to the river
	riverHalf            float64 // mm, half its width
}

type lobe struct{ waves, share, phase float64 }

func newPlan(inhabitants int, r *rand.Rand) plan {
	people := float64(max(inhabitants, 40))
	var p plan
	p.urban = math.Sqrt(76*people+6_000+12_000*min(1, people/200)) * metre
	p.core = max(70*metre, .24*p.urban)
	p.commune = 1.3*p.urban + 1_050*metre
	for i := range p.lobes {
		p.lobes[i] = lobe{float64(i + 2), .16 / float64(i+1), 2 * math.Pi * r.Float64()}
	}
	p.tilt = 2 * math.Pi * r.Float64()
	p.riverHalf = (5 + 2*math.Log10(people)) * metre
	p.riverAt = .55*p.core + p.riverHalf + (35+25*r.Float64())*metre
	return p
}

// remoteness is the distance from the centre, 1 at the edge of the built land.
func (p *plan) remoteness(q point) float64 {
	v := point{}.to(q)
	reach := 1.0
	for _, l := range p.lobes {
		reach += l.share * math.Sin(l.waves*v.angle()+l.phase)
	}
	return v.length() / (p.urban * reach)
}

func (p *plan) zoneAt(q point) zone {
	switch d := p.remoteness(q); {
	case (point{}).distance(q) < p.core:
		return core
	case d < .52:
		return suburb
	case d < 1:
		return estate
	}
	return country
}
