package memory

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"math"
	"slices"

	"arpent/tiles/mvt"
)

// Thin says what of a layer is drawn where there is too much. The zero Thin
// leaves nothing out. Pixels are those of tiles of 256.
type Thin struct {
	// Budget is how many bytes the layer may take in a tile; 0 for any. Of more
	// those of highest rank stay, as many as fit.
	Budget int
	// Rank is the place of a number among the values, plus one; 0 for the area, or
	// of lines the length, and of points chance.
	Rank int
	// Smallest is the area in square pixels, of lines the length in pixels, below
	// which a feature is left out.
	Smallest float64
	// Cluster is the side in pixels of the squares in which points become one; 0
	// for none. CountKey is the key of how many those are.
	Cluster  int
	CountKey string
}

// Share is how many features of a tile are drawn, of how many that would be
// without a budget and a smallest size. A cluster is a feature.
type Share struct{ Kept, Of int }

// Reduced reports whether features are left out.
func (s Share) Reduced() bool { return s.Kept < s.Of }

// pixel is the side of a pixel in world units.
func pixel(z int) float64 { return math.Exp2(float64(32-z)) / 256 }

// least is the smallest size that is drawn, in world units; zero for any.
type least struct{ area, length float64 }

func (t *Thin) least(z int) least {
	if t.Smallest == 0 {
		return least{}
	}
	return least{t.Smallest * pixel(z) * pixel(z), t.Smallest * pixel(z)}
}

// excludes tells whether a shape is smaller.
func (m least) excludes(s *mvt.Shape, box mvt.Box) bool {
	width, height := float64(box.MaxX)-float64(box.MinX), float64(box.MaxY)-float64(box.MinY)
	switch {
	case m.area == 0 || s.Kind == mvt.Points:
		return false
	case s.Kind == mvt.Polygons:
		return width*height < m.area || measure(s) < m.area
	default:
		return max(width, height) < m.length && measure(s) < m.length
	}
}

// measure is the area of polygons, the length of lines, in world units.
func measure(s *mvt.Shape) float64 {
	sum, start := 0.0, 0
	for _, part := range s.Parts {
		points := s.Points[start:part.End()]
		start = part.End()
		if s.Kind == mvt.Polygons {
			sum += mvt.Area2(points) / 2 // of holes it is negative
			continue
		}
		for i := 1; i < len(points); i++ {
			sum += math.Hypot(float64(points[i].X)-float64(points[i-1].X), float64(points[i].Y)-float64(points[i-1].Y))
		}
	}
	return sum
}

// candidate is a feature for a tile that has a budget.
type candidate struct {
	feature uint32
	order   int // in which it is drawn
	size    int // bytes
	rank    float64
	kind    mvt.Kind
	chance  uint64
	kept    bool
}

// thin encodes a tile anew, with the features of highest rank that fit its
// budget. It depends on nothing but the features in the tile.
func (w *work) thin(dst []byte, l *Layer, v *View, share Share, begin func()) ([]byte, Share, error) {
	for i := range w.drawn {
		c := &w.drawn[i]
		c.order = i
		w.rank(l, c, v)
	}
	slices.SortFunc(w.drawn, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.kind, a.kind), cmp.Compare(a.chance, b.chance), bytes.Compare(l.store.ids.at(a.feature), l.store.ids.at(b.feature)))
	})
	for allowed := v.Budget; ; {
		left := allowed
		for i := range w.drawn {
			c := &w.drawn[i]
			if c.kept = c.size <= left; c.kept {
				left -= c.size
			}
		}
		begin()
		chosen := w.inOrder()
		for _, i := range chosen {
			if _, err := w.draw(l, i, v, least{}); err != nil {
				return dst, Share{}, err
			}
		}
		tile := w.encoder.AppendTo(dst)
		over := len(tile) - len(dst) - v.Budget
		if over <= 0 || len(chosen) == 0 {
			return tile, Share{len(chosen), share.Of}, nil
		}
		allowed -= over // names, keys, and values that others brought before
		dst = tile[:len(dst)]
	}
}

// inOrder are the features that are kept, in the order in which they are drawn.
func (w *work) inOrder() []uint32 {
	w.found = append(w.found[:0], make([]uint32, len(w.drawn))...)
	for i := range w.found {
		w.found[i] = math.MaxUint32
	}
	for _, c := range w.drawn {
		if c.kept {
			w.found[c.order] = c.feature
		}
	}
	return slices.DeleteFunc(w.found, func(i uint32) bool { return i == math.MaxUint32 })
}

// rank says what counts for a feature: the value of a field, none counting least,
// or its size.
func (w *work) rank(l *Layer, c *candidate, v *View) {
	s := l.store
	s.shape(c.feature, &w.shape)
	c.kind = w.shape.Kind
	hash := fnv.New64a()
	_, _ = hash.Write(s.ids.at(c.feature))
	c.chance = mix(hash.Sum64())
	switch {
	case v.Rank > 0:
		c.rank = math.Inf(-1)
		if handle := s.values[v.Rank-1][c.feature]; handle != 0 {
			if n, ok := mvt.Number(s.tables.value(handle)); ok && !math.IsNaN(n) {
				c.rank = n
			}
		}
	case c.kind != mvt.Points:
		c.rank = measure(&w.shape)
	}
}
