package mvt

import (
	"errors"
	"math"
)

// World is the side of Web Mercator (EPSG:3857) in metres.
const World = 2 * 20037508.342789244

// Point is a place in world units: 2^32 of them span Web Mercator from west to
// east (one is 9.3 mm at the equator, a unit of a tile of zoom 20), counted from
// the middle, X eastwards and Y southwards.
type Point struct{ X, Y int32 }

// Kind is the dimension of a shape. The numbers are those of the tile format.
type Kind uint8

// The kinds of shapes.
const (
	Points   Kind = 1
	Lines    Kind = 2
	Polygons Kind = 3
)

// Part is where a line or ring ends among the points of its shape, and whether
// it is a hole.
type Part uint32

const holeBit = 1 << 31

// NewPart is a part that ends before the point of that number.
func NewPart(end int, hole bool) Part {
	if hole {
		return Part(end) | holeBit
	}
	return Part(end)
}

// End is the number of points up to the end of the part.
func (p Part) End() int { return int(p &^ holeBit) }

// Hole reports whether the part is a hole of the ring before it that is none.
func (p Part) Hole() bool { return p&holeBit != 0 }

// Shape is a geometry. Rings are without their last point, which is the first;
// outer ones run clockwise on the map, holes counter-clockwise, and follow the
// outer ring that they are in. All points of a shape of points are one part.
type Shape struct {
	Kind   Kind
	Points []Point
	Parts  []Part
	// Zooms are, by point, the lowest zoom at which it is drawn; nil for all.
	Zooms []uint8
}

// Reset empties the shape and keeps its memory.
func (s *Shape) Reset() {
	s.Kind, s.Points, s.Parts, s.Zooms = 0, s.Points[:0], s.Parts[:0], nil
}

// Empty reports whether there is nothing to draw.
func (s *Shape) Empty() bool { return len(s.Points) == 0 }

// Box is an extent in world units, its borders included.
type Box struct{ MinX, MinY, MaxX, MaxY int32 }

// Meets reports whether the boxes have a place in common.
func (b Box) Meets(o Box) bool {
	return b.MinX <= o.MaxX && o.MinX <= b.MaxX && b.MinY <= o.MaxY && o.MinY <= b.MaxY
}

// With is the smallest box around both.
func (b Box) With(o Box) Box {
	return Box{min(b.MinX, o.MinX), min(b.MinY, o.MinY), max(b.MaxX, o.MaxX), max(b.MaxY, o.MaxY)}
}

// Nowhere is the box around nothing.
var Nowhere = Box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

// Box is the extent of the shape.
func (s *Shape) Box() Box {
	b := Nowhere
	for _, p := range s.Points {
		b = b.With(Box{p.X, p.Y, p.X, p.Y})
	}
	return b
}

// TileBox is the extent of a tile of WebMercatorQuad with its buffer, as far as
// the world goes.
func TileBox(z, x, y int) Box {
	side := int64(1) << (32 - z)
	margin := side*Buffer/Extent + 1
	low := func(n int) int32 { return clamp(int64(n)*side - 1<<31 - margin) }
	high := func(n int) int32 { return clamp(int64(n+1)*side - 1<<31 + margin) }
	return Box{low(x), low(y), high(x), high(y)}
}

func clamp(n int64) int32 { return int32(max(math.MinInt32, min(math.MaxInt32, n))) }

// Order is where the middle of a box comes along a Hilbert curve through the
// world: what is near in order is near on the map. Features are drawn in this
// order, those of the same by their identifiers, whoever encodes them.
func (b Box) Order() uint32 {
	x := uint32((int64(b.MinX)+int64(b.MaxX))/2+1<<31) >> 16
	y := uint32((int64(b.MinY)+int64(b.MaxY))/2+1<<31) >> 16
	var d uint32
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = 1<<16-1-x, 1<<16-1-y
			}
			x, y = y, x
		}
	}
	return d
}

// ErrBeyond says that a shape reaches beyond Web Mercator, and so has no world
// units.
var ErrBeyond = errors.New("mvt: the shape reaches beyond the world of Web Mercator")

// ErrNotFinite says that a coordinate is not a number, or infinite.
var ErrNotFinite = errors.New("mvt: a coordinate is not a finite number")

// PointAt is the place of a coordinate pair in metres of EPSG:3857, rounded to
// the nearest world unit.
func PointAt(x, y float64) (Point, error) {
	px, py := math.Floor(x*(1<<32/World)+0.5), math.Floor(-y*(1<<32/World)+0.5)
	switch {
	case !(math.Abs(px) <= 1<<31) || !(math.Abs(py) <= 1<<31):
		if sum := x + y; math.IsNaN(sum) || math.IsInf(sum, 0) {
			return Point{}, ErrNotFinite
		}
		return Point{}, ErrBeyond
	}
	return Point{clamp(int64(px)), clamp(int64(py))}, nil // the eastern edge is one unit out
}

// Mercator brings longitude and latitude in degrees to metres of EPSG:3857.
func Mercator(lon, lat float64) (x, y float64) {
	x = lon * (World / 360)
	y = math.Log(math.Tan(math.Pi/4+lat*(math.Pi/360))) * (World / (2 * math.Pi))
	return x, y
}

// Area2 is twice the area of a ring in square world units: positive for one
// that runs clockwise on the map, as outer rings do. Its sign is exact where the
// ring is narrower than an eighth of the world.
func Area2(ring []Point) float64 {
	var whole int64
	var sum float64
	for i := 2; i < len(ring); i++ {
		o, a, b := ring[0], ring[i-1], ring[i]
		ax, ay := int64(a.X)-int64(o.X), int64(a.Y)-int64(o.Y)
		bx, by := int64(b.X)-int64(o.X), int64(b.Y)-int64(o.Y)
		if max(ax, -ax, ay, -ay, bx, -bx, by, -by) < 1<<29 {
			whole += ax*by - ay*bx
			continue
		}
		sum += float64(ax)*float64(by) - float64(ay)*float64(bx)
	}
	return sum + float64(whole)
}
