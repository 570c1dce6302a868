package mvt

import "arpent/geo/grid"

// drawLines clips lines to the tile. One that leaves it and comes back goes on
// as another part.
func (e *Encoder) drawLines(s *Shape) Fate {
	fate := Outside
	start := 0
	for _, part := range s.Parts {
		box := e.put(s, start, part.End())
		start = part.End()
		if len(e.path) == 0 || out(box) {
			continue
		}
		fate = max(fate, Collapsed)
		if in(box) {
			if e.line(e.path) {
				fate = Drawn
			}
			continue
		}
		e.clipped = e.clipped[:0]
		for i := 1; i < len(e.path); i++ {
			p, q, meets := clip(e.path[i-1], e.path[i])
			if !meets {
				continue
			}
			if n := len(e.clipped); n == 0 || e.clipped[n-1] != p {
				if e.line(e.clipped) {
					fate = Drawn
				}
				e.clipped = append(e.clipped[:0], p)
			}
			if q != p {
				e.clipped = append(e.clipped, q)
			}
		}
		if e.line(e.clipped) {
			fate = Drawn
		}
	}
	return fate
}

// line writes a part unless it has fallen together.
func (e *Encoder) line(path []grid.Point) bool {
	if len(path) < 2 {
		return false
	}
	e.command(moveTo, 1)
	e.to(path[0])
	e.command(lineTo, len(path)-1)
	for _, p := range path[1:] {
		e.to(p)
	}
	return true
}

// clip answers what of the way from p to q is in the tile.
func clip(p, q grid.Point) (grid.Point, grid.Point, bool) {
	if inTile(p) && inTile(q) {
		return p, q, true
	}
	for _, side := range sides {
		inP, inQ := side.has(p), side.has(q)
		switch {
		case !inP && !inQ:
			return p, q, false
		case !inP:
			p = crossAt(p, q, side.at, side.vertical)
		case !inQ:
			q = crossAt(p, q, side.at, side.vertical)
		}
	}
	return p, q, true
}

// side is one of the four of what a tile shows.
type side struct {
	at       int64
	vertical bool
	upper    bool // what is above its coordinate is out
}

var sides = [4]side{{low, true, false}, {high, true, true}, {low, false, false}, {high, false, true}}

func (s side) has(p grid.Point) bool {
	c := p.Y
	if s.vertical {
		c = p.X
	}
	if s.upper {
		return c <= s.at
	}
	return c >= s.at
}
