package memory

import (
	"cmp"
	"slices"

	"arpent/tiles/mvt"
)

// cell is a square of the grid of clusters, which is the same for all tiles of a
// zoom.
type cell struct{ x, y int64 }

// crowd is what is in a cell: where its points are on average, counted from its
// corner, and the one that is nearest to there.
type crowd struct {
	count   int
	x, y    int64 // sums
	nearest mvt.Point
	off     float64 // square of its distance
}

// lattice is the grid of clusters of a zoom: cells of a side in world units.
type lattice int64

func (side lattice) cellOf(p mvt.Point) cell {
	return cell{(int64(p.X) + 1<<31) / int64(side), (int64(p.Y) + 1<<31) / int64(side)}
}

// around is the extent of the cells that a box meets.
func (side lattice) around(b mvt.Box) mvt.Box {
	from, to := side.cellOf(mvt.Point{X: b.MinX, Y: b.MinY}), side.cellOf(mvt.Point{X: b.MaxX, Y: b.MaxY})
	low, high := side.corner(from), side.corner(cell{to.x + 1, to.y + 1})
	return mvt.Box{MinX: low.X, MinY: low.Y, MaxX: high.X, MaxY: high.Y}
}

// corner is that of a cell, within the world.
func (side lattice) corner(c cell) mvt.Point {
	within := func(n int64) int32 { return int32(min(n*int64(side)-1<<31, 1<<31-1)) }
	return mvt.Point{X: within(c.x), Y: within(c.y)}
}

// middle is that of the box of a feature, where it counts as a point.
func middle(b mvt.Box) mvt.Point {
	return mvt.Point{X: int32((int64(b.MinX) + int64(b.MaxX)) / 2), Y: int32((int64(b.MinY) + int64(b.MaxY)) / 2)}
}

// clusters encodes a tile whose points are one where they are close. A cluster
// holds all points of its cell that the viewer sees, in the tile or beyond, and
// is where one of them is: nowhere is a cluster where there is nothing.
func (w *work) clusters(dst []byte, l *Layer, box mvt.Box, v *View) ([]byte, Share, error) {
	side := lattice(pixel(w.zoom) * float64(v.Cluster))
	w.search(l, side.around(box))
	clear(w.cells)
	s := l.store
	w.found = slices.DeleteFunc(w.found, func(i uint32) bool { return s.isGone(i) || !w.sightOf(s, s.owners[i], v).rows })
	for _, i := range w.found {
		p := middle(l.boxOf(i))
		at := side.cellOf(p)
		corner := side.corner(at)
		c, ok := w.cells[at]
		if !ok {
			c.off = -1
		}
		c.count, c.x, c.y = c.count+1, c.x+int64(p.X)-int64(corner.X), c.y+int64(p.Y)-int64(corner.Y)
		w.cells[at] = c
	}
	var share Share
	for _, i := range w.found {
		p := middle(l.boxOf(i))
		at := side.cellOf(p)
		if c := w.cells[at]; c.count > 1 {
			corner := side.corner(at)
			dx := float64(int64(p.X)-int64(corner.X)) - float64(c.x)/float64(c.count)
			dy := float64(int64(p.Y)-int64(corner.Y)) - float64(c.y)/float64(c.count)
			if off := dx*dx + dy*dy; c.off < 0 || off < c.off {
				c.nearest, c.off = p, off
				w.cells[at] = c
			}
			continue
		}
		fate, err := w.draw(l, i, v, least{})
		if err != nil {
			return dst, Share{}, err
		}
		if fate == drawn {
			share.Kept++
		}
	}
	w.crowded = w.crowded[:0]
	for at, c := range w.cells {
		if c.count > 1 {
			w.crowded = append(w.crowded, at)
		}
	}
	slices.SortFunc(w.crowded, func(a, b cell) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
	for _, at := range w.crowded {
		if w.drawCluster(w.cells[at]) {
			share.Kept++
		}
	}
	share.Of = share.Kept
	return w.encoder.AppendTo(dst), share, nil
}

func (w *work) drawCluster(c crowd) bool {
	p := c.nearest
	one := mvt.Shape{Kind: mvt.Points, Points: append(w.place[:0], p), Parts: append(w.part[:0], mvt.NewPart(1, false))}
	w.place, w.part = one.Points, one.Parts
	if fate, err := w.encoder.Draw(&one, mvt.Box{MinX: p.X, MinY: p.Y, MaxX: p.X, MaxY: p.Y}); err != nil || fate != mvt.Drawn {
		return false
	}
	w.value = mvt.AppendInt(w.value[:0], int64(c.count))
	w.encoder.Tag(len(w.keys)-1, w.value)
	w.encoder.EndWithoutID()
	return true
}
