package mvt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrCurved says that a geometry has arcs or surfaces that tiles do not know.
// ST_CurveToLine makes lines of arcs.
var ErrCurved = errors.New("mvt: the geometry has curves or surfaces: make lines of them first (ST_CurveToLine)")

// ErrMalformed says that the bytes are no WKB.
var ErrMalformed = errors.New("mvt: the geometry is no well-known binary")

// maxDepth is how deep collections may lie in each other.
const maxDepth = 16

// ReadWKB reads a geometry in WKB, ISO or extended (EWKB), into the shape, whose
// memory it uses again. Coordinates are in EPSG:3857, or in EPSG:4326 (longitude
// first) where srid says so; an SRID in EWKB outdoes it. Z and M are left out.
// Of a collection the parts of the highest dimension stay, as ST_AsMVTGeom does.
// An empty geometry is an empty shape.
func (s *Shape) ReadWKB(data []byte, srid int) error {
	s.Reset()
	r := reader{data: data, shape: s, srid: srid}
	if err := r.geometry(0); err != nil {
		s.Reset()
		return err
	}
	if s.Kind == Points && len(s.Points) > 0 {
		s.Parts = append(s.Parts[:0], NewPart(len(s.Points), false))
	}
	return nil
}

type reader struct {
	data  []byte
	shape *Shape
	order binary.ByteOrder
	srid  int
	size  int // coordinates of a point
}

func (r *reader) uint32() (uint32, error) {
	if len(r.data) < 4 {
		return 0, ErrMalformed
	}
	n := r.order.Uint32(r.data)
	r.data = r.data[4:]
	return n, nil
}

func (r *reader) float() float64 {
	bits := r.order.Uint64(r.data)
	r.data = r.data[8:]
	return math.Float64frombits(bits)
}

// count reads how many things of at least so many bytes follow.
func (r *reader) count(least int) (int, error) {
	n, err := r.uint32()
	if err != nil || int64(n)*int64(least) > int64(len(r.data)) {
		return 0, ErrMalformed
	}
	return int(n), nil
}

// some tells whether the number of things that follows is not zero.
func (r *reader) some() bool { return len(r.data) >= 4 && r.order.Uint32(r.data) > 0 }

// Types of geometries in WKB.
const (
	wkbPoint = iota + 1
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
	wkbCollection
)

func (r *reader) geometry(depth int) error {
	if len(r.data) < 5 || depth > maxDepth {
		return ErrMalformed
	}
	switch r.data[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return ErrMalformed
	}
	r.data = r.data[1:]
	kind, err := r.uint32()
	if err != nil {
		return err
	}
	const hasZ, hasM, hasSRID = 1 << 31, 1 << 30, 1 << 29
	flags := kind >> 29 << 29
	kind &^= flags
	r.size = 2
	if flags&hasZ != 0 || kind/1000 == 1 || kind/1000 == 3 {
		r.size++
	}
	if flags&hasM != 0 || kind/1000 == 2 || kind/1000 == 3 {
		r.size++
	}
	if flags&hasSRID != 0 {
		srid, err := r.uint32()
		if err != nil {
			return err
		}
		if srid != 0 {
			r.srid = int(srid)
		}
	}
	if r.srid != 3857 && r.srid != 4326 {
		return fmt.Errorf("mvt: coordinates are in EPSG:%d: bring them to EPSG:3857 first", r.srid)
	}
	kind %= 1000
	switch kind {
	case wkbPoint:
		return r.point()
	case wkbLineString:
		return r.line()
	case wkbPolygon:
		return r.polygon()
	case wkbMultiPoint, wkbMultiLineString, wkbMultiPolygon, wkbCollection:
		n, err := r.count(5)
		if err != nil {
			return err
		}
		for range n {
			if err := r.geometry(depth + 1); err != nil {
				return err
			}
		}
		return nil
	case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17:
		return ErrCurved
	}
	return ErrMalformed
}

// begin tells whether parts of a kind stay; those of lower ones go.
func (r *reader) begin(kind Kind) bool {
	s := r.shape
	if kind > s.Kind {
		s.Kind, s.Points, s.Parts = kind, s.Points[:0], s.Parts[:0]
	}
	return kind == s.Kind
}

// next reads a coordinate pair in EPSG:3857 or, as it stands there, EPSG:4326.
func (r *reader) next() (Point, error) {
	x, y := r.float(), r.float()
	r.data = r.data[8*(r.size-2):]
	if r.srid == 4326 {
		if math.Abs(y) >= 90 { // a pole is infinitely far
			if sum := x + y; math.IsNaN(sum) || math.IsInf(sum, 0) {
				return Point{}, ErrNotFinite
			}
			return Point{}, ErrBeyond
		}
		x, y = Mercator(x, y)
	}
	return PointAt(x, y)
}

func (r *reader) point() error {
	if len(r.data) < 8*r.size {
		return ErrMalformed
	}
	x := math.Float64frombits(r.order.Uint64(r.data))
	y := math.Float64frombits(r.order.Uint64(r.data[8:]))
	if math.IsNaN(x) && math.IsNaN(y) { // POINT EMPTY
		r.data = r.data[8*r.size:]
		return nil
	}
	p, err := r.next()
	if err == nil && r.begin(Points) {
		r.shape.Points = append(r.shape.Points, p)
	}
	return err
}

// path reads points, the same in a row once. It answers where they begin.
func (r *reader) path() (start int, err error) {
	n, err := r.count(8 * r.size)
	if err != nil {
		return 0, err
	}
	s := r.shape
	start = len(s.Points)
	for range n {
		p, err := r.next()
		if err != nil {
			return 0, err
		}
		if len(s.Points) == start || s.Points[len(s.Points)-1] != p {
			s.Points = append(s.Points, p)
		}
	}
	return start, nil
}

func (r *reader) line() error {
	stays := r.some() && r.begin(Lines)
	start, err := r.path()
	if err != nil {
		return err
	}
	s := r.shape
	if !stays {
		s.Points = s.Points[:start]
		return nil
	}
	s.Parts = append(s.Parts, NewPart(len(s.Points), false))
	return nil
}

// polygon reads rings. One that has no area stays: whether it is drawn is for
// the tile to say.
func (r *reader) polygon() error {
	if r.some() {
		r.begin(Polygons)
	}
	n, err := r.count(4)
	if err != nil {
		return err
	}
	s := r.shape
	for i := range n {
		start, err := r.path()
		if err != nil {
			return err
		}
		for len(s.Points) > start+1 && s.Points[len(s.Points)-1] == s.Points[start] {
			s.Points = s.Points[:len(s.Points)-1]
		}
		if len(s.Points) == start {
			if i == 0 {
				return ErrMalformed // holes in nothing
			}
			continue
		}
		if outer := Area2(s.Points[start:]) > 0; outer != (i == 0) {
			slices.Reverse(s.Points[start:])
		}
		s.Parts = append(s.Parts, NewPart(len(s.Points), i > 0))
	}
	return nil
}
