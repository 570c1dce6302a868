package tiles

import (
	"math"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Forget hears changes: of each it gives the tiles that it touches another
// version, so that those kept are not served again.
func (s *Service) Forget(changes []layers.Change) {
	for _, c := range changes {
		for _, l := range s.layers.Catalog().Dependents(c.Relation) { // computed from what changed, it is not known where
			s.versions.changeAll(l.ID, c.Seq)
		}
		for _, l := range s.layers.Catalog().OfTable(c.Relation) {
			s.holding.hear(l, c.Feature) // first: who reads the new version reads what it is of
			for _, b := range c.Boxes {
				s.versions.change(l, b, c.Seq)
			}
		}
	}
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
