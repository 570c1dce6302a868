package grid

// Places finds which of many places stand within a tolerance of another.
type Places struct {
	tolerance int64
	cells     map[Point][]Point // by squares of the tolerance
}

// NewPlaces answers an empty set for some number of places and a tolerance in
// steps.
func NewPlaces(tolerance int64, size int) Places {
	return Places{tolerance: tolerance, cells: make(map[Point][]Point, size)}
}

// Add puts a place into the set.
func (s Places) Add(p Point) { s.cells[s.cell(p)] = append(s.cells[s.cell(p)], p) }

// Nearest answers the nearest place of the set within the tolerance; with a
// tolerance of one step there is none but what is the same.
func (s Places) Nearest(p Point) (nearest Point, found bool) {
	least := float64(s.tolerance)
	at := s.cell(p)
	if s.tolerance == 1 {
		least = 0
	}
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			for _, q := range s.cells[Point{at.X + dx, at.Y + dy}] {
				if d := Distance(p, q); d <= least {
					nearest, least, found = q, d, true
				}
			}
		}
	}
	return nearest, found
}

func (s Places) cell(p Point) Point {
	return Point{floor(p.X, s.tolerance+1), floor(p.Y, s.tolerance+1)}
}

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
