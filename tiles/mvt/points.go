package mvt

import (
	"encoding/binary"

	"arpent/geo/grid"
)

// The commands of the tile format.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// The border of what a tile shows, on its grid.
const (
	low  = -Buffer
	high = Extent + Buffer
)

// onGrid is where a place is on the grid of the tile, to the nearest unit. It
// does not depend on the tile, so that what crosses its border meets beyond.
func (e *Encoder) onGrid(p Point) grid.Point {
	x, y := int64(p.X)-e.originX, int64(p.Y)-e.originY
	if e.z >= 20 {
		return grid.Point{X: x << (e.z - 20), Y: y << (e.z - 20)}
	}
	shift := 20 - e.z
	half := int64(1) << (shift - 1)
	return grid.Point{X: (x + half) >> shift, Y: (y + half) >> shift}
}

func inTile(p grid.Point) bool {
	return low <= p.X && p.X <= high && low <= p.Y && p.Y <= high
}

func (e *Encoder) drawPoints(s *Shape) Fate {
	e.path = e.path[:0]
	for _, p := range s.Points {
		if at := e.onGrid(p); inTile(at) && (len(e.path) == 0 || e.path[len(e.path)-1] != at) {
			e.path = append(e.path, at)
		}
	}
	if len(e.path) == 0 {
		return Outside
	}
	e.command(moveTo, len(e.path))
	for _, p := range e.path {
		e.to(p)
	}
	return Drawn
}

func (e *Encoder) command(command, count int) {
	e.commands = binary.AppendUvarint(e.commands, uint64(count)<<3|uint64(command))
}

// to writes where the pen goes.
func (e *Encoder) to(p grid.Point) {
	e.commands = binary.AppendVarint(e.commands, p.X-e.cursor.X)
	e.commands = binary.AppendVarint(e.commands, p.Y-e.cursor.Y)
	e.cursor = p
}

// put brings a part of a shape onto the grid of the tile as e.path: without
// points that this zoom does not draw, and with those that fall together once.
// It answers the extent.
func (e *Encoder) put(s *Shape, start, end int) grid.Box {
	e.path = e.path[:0]
	box := grid.Nowhere
	for i := start; i < end; i++ {
		if s.Zooms != nil && s.Zooms[i] > e.z {
			continue
		}
		p := e.onGrid(s.Points[i])
		if n := len(e.path); n > 0 && e.path[n-1] == p {
			continue
		}
		e.path = append(e.path, p)
		box.Min.X, box.Min.Y = min(box.Min.X, p.X), min(box.Min.Y, p.Y)
		box.Max.X, box.Max.Y = max(box.Max.X, p.X), max(box.Max.Y, p.Y)
	}
	return box
}

// in and out tell how an extent lies to what the tile shows.
func in(b grid.Box) bool {
	return b.Min.X >= low && b.Min.Y >= low && b.Max.X <= high && b.Max.Y <= high
}

func out(b grid.Box) bool {
	return b.Min.X > high || b.Min.Y > high || b.Max.X < low || b.Max.Y < low
}

// crossAt answers where the way between two places crosses a line of the grid
// at c, along X or Y. It does not depend on which of the two comes first.
func crossAt(p, q grid.Point, c int64, vertical bool) grid.Point {
	if q.Less(p) {
		p, q = q, p
	}
	if vertical {
		return grid.Point{X: c, Y: p.Y + share(q.Y-p.Y, c-p.X, q.X-p.X)}
	}
	return grid.Point{X: p.X + share(q.X-p.X, c-p.Y, q.Y-p.Y), Y: c}
}

// share is n·p/q rounded, for p between 0 and q, which may both be negative.
func share(n, p, q int64) int64 {
	if q < 0 {
		p, q = -p, -q
	}
	return grid.Share(n, p, q)
}
