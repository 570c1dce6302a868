package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"arpent/geo/grid"
)

// Split cuts polygons by a line, in metres. Of each polygon the largest piece
// keeps the name; each other becomes a polygon of its own. With no names given
// all polygons that the line crosses are cut.
//
// It fails with Missed, Touches or EndsInside when the line cuts none of them,
// and with Narrow when a piece would be a sliver.
func (c *Coverage) Split(ids []ID, line orb.LineString) (Change, error) {
	drawn, err := c.lineOnGrid(line)
	if err != nil {
		return Change{}, err
	}
	if len(ids) == 0 {
		ids = c.near(grid.Around(drawn))
	}
	return c.cut(ids, [][]Point{drawn}, nil)
}

// strip says in which of several strips, side by side, land lies; by its box.
type strip func(s Shape) int

// cut cuts polygons by lines. Pieces of one strip stay together, and the first
// strip keeps the name; without strips each piece is on its own, and the largest
// keeps it.
func (c *Coverage) cut(ids []ID, lines [][]Point, of strip) (Change, error) {
	pieces, err := c.clip(ids, lines)
	if err != nil {
		return Change{}, err
	}
	around, err := c.boxOf(ids)
	if err != nil {
		return Change{}, err
	}
	return c.at(around, func(near []ID) (Change, error) {
		w := c.work(near)
		for _, p := range pieces {
			w.draw(p[:], none)
		}
		if err := w.arrange(); err != nil {
			return Change{}, err
		}
		owners := map[int32][]int32{}
		for _, id := range ids {
			if err := w.divide(id, of, owners); err != nil {
				return Change{}, err
			}
		}
		if len(owners) == 0 {
			return Change{}, fault(Touches, pieces[0][0], ids...)
		}
		return w.change(owners), nil
	})
}

// clip answers the pieces of lines that run through polygons from border to
// border.
func (c *Coverage) clip(ids []ID, lines [][]Point) ([][2]Point, error) {
	for _, id := range ids {
		if _, known := c.shapes[id]; !known {
			return nil, &Fault{Kind: Unknown, IDs: []ID{id}}
		}
	}
	w := c.work(ids)
	for _, line := range lines {
		w.draw(line, none)
	}
	if err := w.arrange(); err != nil {
		return nil, err
	}
	return w.inside(slices.Concat(lines...), func(f int32) []int32 { return w.faces[f].owners })
}

// piece is connected land of a polygon that was one before it was cut.
type piece struct {
	faces []int32
	shape Shape
	strip int
}

// divide gives the pieces of a polygon to owners.
func (w *work) divide(id ID, of strip, owners map[int32][]int32) error {
	self := w.number[id]
	owned := func(f int32) bool { return w.owns(f, self) }
	whole, parts := w.parts(owned, func(int32) bool { return true })
	cut, _ := w.parts(owned, func(half int32) bool { return !w.arrangement.edges[half/2].line })
	name := w.fresh(id)
	for part := range parts {
		pieces := w.pieces(func(f int32) bool { return whole[f] == part }, cut, of)
		for _, p := range pieces[1:] {
			if err := w.wide(p, id); err != nil {
				return err
			}
			if err := w.wide(pieces[0], id); err != nil {
				return err
			}
			w.give(p.faces, self, w.owner(name()), owners)
		}
	}
	return nil
}

// pieces answers the pieces within a part; the one that keeps the name first.
func (w *work) pieces(within func(face int32) bool, cut []int32, of strip) []piece {
	land := map[int32][]int32{}
	for f := range int32(len(w.faces)) {
		if within(f) {
			land[cut[f]] = append(land[cut[f]], f)
		}
	}
	var pieces []piece
	for number, faces := range land {
		s := w.shape(faces, func(f int32) bool { return cut[f] == number })
		p := piece{faces: faces, shape: s}
		if of != nil {
			p.strip = of(s)
			if at := slices.IndexFunc(pieces, func(q piece) bool { return q.strip == p.strip }); at >= 0 {
				pieces[at].faces = append(pieces[at].faces, faces...)
				pieces[at].shape = append(pieces[at].shape, s...).canonical()
				continue
			}
		}
		pieces = append(pieces, p)
	}
	slices.SortFunc(pieces, func(p, q piece) int {
		return cmp.Or(cmp.Compare(p.strip, q.strip), cmp.Compare(q.shape.Area2(), p.shape.Area2()), p.shape[0][0][0].Compare(q.shape[0][0][0]))
	})
	return pieces
}

// wide checks that a piece is no sliver.
func (w *work) wide(p piece, id ID) error {
	if width := p.shape.width(); width < w.c.narrow {
		f := w.narrow(Narrow, p.shape, id)
		return &f
	}
	return nil
}

// give has faces of one owner belong to another.
func (w *work) give(faces []int32, from, to int32, owners map[int32][]int32) {
	for _, f := range faces {
		now, changed := owners[f]
		if !changed {
			now = w.faces[f].owners
		}
		now = slices.DeleteFunc(slices.Clone(now), func(o int32) bool { return o == from || o == to })
		now = append(now, to)
		slices.Sort(now)
		owners[f] = now
	}
}
