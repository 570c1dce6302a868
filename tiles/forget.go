package tiles

import (
	"math"
	"slices"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Forget drops exactly the tiles that the changes touch.
func (s *Service) Forget(changes []layers.Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wide := map[string][]layers.BBox{} // boxes that touch more tiles than are kept
	for _, c := range changes {
		for _, l := range s.layers.Catalog().Dependents(c.Relation) { // computed from what changed, it is not known where
			s.generation[l.ID]++
			wide[l.ID] = append(wide[l.ID], layers.World)
		}
		for _, l := range s.layers.Catalog().OfTable(c.Relation) {
			s.holding.hear(l, c.Feature)
			s.generation[l.ID]++
			for _, b := range c.Boxes {
				if !s.forgetIn(l, b) {
					wide[l.ID] = append(wide[l.ID], b)
				}
			}
		}
	}
	if len(wide) == 0 {
		return
	}
	for k := range s.cache.Keys() {
		if slices.ContainsFunc(wide[k.layer], func(b layers.BBox) bool { return touched(b, k.tile.Z).holds(k.tile) }) {
			s.cache.Invalidate(k)
		}
	}
}

// forgetIn drops the tiles of a layer that the box touches, one by one. It
// reports false, and drops nothing, when these are more than are kept.
func (s *Service) forgetIn(l *layers.Layer, b layers.BBox) bool {
	sights := s.sights[l.ID]
	lowest, highest := maptile.Zoom(l.Tiles.MinZoom), maptile.Zoom(l.Tiles.MaxZoom)
	count := 0
	for z := lowest; z <= highest; z++ {
		count += touched(b, z).size() * len(sights)
		if count > s.cache.EstimatedSize() {
			return false
		}
	}
	for z := lowest; z <= highest; z++ {
		r := touched(b, z)
		for x := r.minX; x <= r.maxX; x++ {
			for y := r.minY; y <= r.maxY; y++ {
				for sight := range sights {
					s.cache.Invalidate(key{l.ID, maptile.New(uint32(x), uint32(y), z), sight})
				}
			}
		}
	}
	return true
}

// span is a block of tiles of one zoom, borders included.
type span struct{ minX, minY, maxX, maxY int }

func (r span) size() int { return max(0, r.maxX-r.minX+1) * max(0, r.maxY-r.minY+1) }

func (r span) holds(t maptile.Tile) bool {
	x, y := int(t.X), int(t.Y)
	return r.minX <= x && x <= r.maxX && r.minY <= y && y <= r.maxY
}

// The sphere of Web Mercator (EPSG:3857), in metres.
const (
	radius = 6378137.0
	world  = 2 * math.Pi * radius
)

// touched are the tiles that a box in EPSG:3857 meets with themselves or
// their buffer. The box is made a little wider: by one unit of the tile, for
// rounding, and by how far an edge that was straight in the CRS of the layer
// may swell beyond its ends: twice the sagitta of an arc on the sphere.
func touched(b layers.BBox, z maptile.Zoom) span {
	n := 1 << z
	size := world / float64(n)
	swell := (math.Pow(b.MaxX-b.MinX, 2) + math.Pow(b.MaxY-b.MinY, 2)) / (4 * radius)
	margin := size*(postgis.TileBuffer+1)/postgis.TileExtent + swell
	column := func(x float64) float64 { return math.Floor((x + world/2) / size) }
	return span{
		minX: int(max(0, column(b.MinX-margin))),
		maxX: int(min(float64(n-1), column(b.MaxX+margin))),
		minY: int(max(0, column(-b.MaxY-margin))),
		maxY: int(min(float64(n-1), column(-b.MinY+margin))),
	}
}
