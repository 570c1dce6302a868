package network

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Position is east, north and level in metres; the level is NaN where there is
// none. In JSON that is [east, north] or [east, north, level].
type Position [3]float64

// At answers a position without a level.
func At(p orb.Point) Position { return Position{p[0], p[1], math.NaN()} }

// Flat is the position without its level.
func (p Position) Flat() orb.Point { return orb.Point{p[0], p[1]} }

// Equal compares levels too; none is equal to none.
func (p Position) Equal(q Position) bool {
	return p[0] == q[0] && p[1] == q[1] && (p[2] == q[2] || math.IsNaN(p[2]) && math.IsNaN(q[2]))
}

// MarshalJSON writes two or three numbers.
func (p Position) MarshalJSON() ([]byte, error) {
	if math.IsNaN(p[2]) {
		return json.Marshal(p[:2])
	}
	return json.Marshal(p[:])
}

// UnmarshalJSON reads two or three numbers.
func (p *Position) UnmarshalJSON(text []byte) error {
	var numbers []float64
	if err := json.Unmarshal(text, &numbers); err != nil {
		return err
	}
	if len(numbers) != 2 && len(numbers) != 3 {
		return fmt.Errorf("a position has two or three numbers, not %d", len(numbers))
	}
	*p = Position{numbers[0], numbers[1], math.NaN()}
	copy(p[:], numbers)
	return nil
}

// NoLevel is the level of a vertex that has none: it is never invented.
const NoLevel = math.MinInt64

// Vertex is a place on the grid and its level in millimetres, or [NoLevel].
type Vertex struct {
	grid.Point
	Z int64
}

func snap(p Position) Vertex {
	v := Vertex{grid.Snap(p.Flat()), NoLevel}
	if !math.IsNaN(p[2]) {
		v.Z = int64(math.Round(p[2] * grid.PerMetre))
	}
	return v
}

// Line is the way of an edge.
type Line []Vertex

func (l Line) equal(m Line) bool { return slices.Equal(l, m) }

func (l Line) first() grid.Point { return l[0].Point }
func (l Line) last() grid.Point  { return l[len(l)-1].Point }

func (l Line) box() grid.Box {
	b := grid.Nowhere
	for _, v := range l {
		b = b.With(v.Point)
	}
	return b
}

// Length is that of the line on the map, in metres.
func (l Line) Length() float64 { return l.steps() / grid.PerMetre }

func (l Line) steps() float64 {
	sum := 0.0
	for i := 1; i < len(l); i++ {
		sum += grid.Distance(l[i-1].Point, l[i].Point)
	}
	return sum
}

func (l Line) reversed() Line {
	m := slices.Clone(l)
	slices.Reverse(m)
	return m
}

// foot is the place of a line nearest to another place.
type foot struct {
	Vertex           // on the grid, its level from those before and after it
	segment  int     // that it lies on, up to and without its end
	distance float64 // to the other place, in steps
	along    float64 // share of the length of the line
}

// foot answers the place of the line nearest to p.
func (l Line) foot(p grid.Point) foot {
	best := foot{distance: math.Inf(1)}
	passed := 0.0
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		length := grid.Distance(a.Point, b.Point)
		on := grid.NearestOn(a.Point, b.Point, p)
		if d := grid.Distance(p, on); d < best.distance {
			best = foot{Vertex: between(a, b, on), segment: i - 1, distance: d, along: passed + grid.Distance(a.Point, on)}
		}
		passed += length
	}
	if passed > 0 {
		best.along = min(1, best.along/passed)
	}
	return best
}

// between answers a place of ab with its level.
func between(a, b Vertex, on grid.Point) Vertex {
	v := Vertex{on, NoLevel}
	switch length := grid.Distance(a.Point, b.Point); {
	case on == a.Point:
		v.Z = a.Z
	case on == b.Point:
		v.Z = b.Z
	case a.Z != NoLevel && b.Z != NoLevel:
		v.Z = a.Z + int64(math.Round(float64(b.Z-a.Z)*grid.Distance(a.Point, on)/length))
	}
	return v
}

// cut answers the line up to a foot and from there on, both through at.
func (l Line) cut(f foot, at grid.Point) (Line, Line) {
	v := Vertex{at, f.Z}
	left := append(slices.Clone(l[:f.segment+1]), v)
	right := append(Line{v}, l[f.segment+1:]...)
	return left.compact(), right.compact()
}

// compact leaves out vertices that repeat the one before; a drop from one level
// to another stays.
func (l Line) compact() Line {
	return slices.CompactFunc(l, func(a, b Vertex) bool {
		return a.Point == b.Point && (a.Z == b.Z || b.Z == NoLevel)
	})
}

// simple tells whether the line neither meets nor runs over itself, but for its
// ends, and else where it does.
func (l Line) simple() (grid.Point, bool) {
	var segments []segment
	for i := 1; i < len(l); i++ {
		if l[i-1].Point != l[i].Point {
			segments = append(segments, segment{l[i-1], l[i], len(segments)})
		}
	}
	closed := len(segments) > 0 && l.first() == l.last()
	var where grid.Point
	crossed := false
	pairs(segments, func(s, t segment) bool {
		next := t.number - s.number
		if next < 0 {
			s, t, next = t, s, -next
		}
		switch {
		case next == 1: // they meet, and must not run back
			crossed = grid.Orientation(s.from.Point, s.to.Point, t.to.Point) == 0 && backwards(s.from.Point, s.to.Point, t.to.Point)
			where = s.to.Point
		case closed && s.number == 0 && t.number == len(segments)-1:
			crossed = grid.Orientation(t.from.Point, t.to.Point, s.to.Point) == 0 && backwards(t.from.Point, t.to.Point, s.to.Point)
			where = s.from.Point
		default:
			where, crossed = meet(s, t)
		}
		return !crossed
	})
	return where, !crossed
}

// backwards tells whether the way abc, all on one line, turns around at b.
func backwards(a, b, c grid.Point) bool {
	return float64(b.X-a.X)*float64(c.X-b.X)+float64(b.Y-a.Y)*float64(c.Y-b.Y) < 0
}
