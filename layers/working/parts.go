package working

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// fillHole leaves out rings within areas: that around a place, or all.
func (f *freehand) fillHole(context.Context) error {
	filled := false
	within := func(ring *geom.LinearRing) bool {
		if len(f.op.To) == 0 {
			return true
		}
		var r orb.Ring
		for _, p := range ring.Coords() {
			r = append(r, orb.Point{p[0], p[1]})
		}
		return planar.RingContains(r, f.op.To[0].point())
	}
	solid := func(p *geom.Polygon) *geom.Polygon {
		out := geom.NewPolygon(p.Layout())
		for i := range p.NumLinearRings() {
			if ring := p.LinearRing(i); i > 0 && within(ring) {
				filled = true
			} else if err := out.Push(ring); err != nil {
				panic(err) // the layout is the same
			}
		}
		return out
	}
	err := f.each(func(g geom.T) (geom.T, error) {
		switch g := g.(type) {
		case *geom.Polygon:
			return solid(g), nil
		case *geom.MultiPolygon:
			out := geom.NewMultiPolygon(g.Layout())
			for i := range g.NumPolygons() {
				if err := out.Push(solid(g.Polygon(i))); err != nil {
					return nil, err
				}
			}
			return out, nil
		}
		return g, nil
	})
	if err == nil && !filled {
		return &Refusal{Kind: string(layers.Missed), Features: f.op.refs()}
	}
	return err
}

// explode makes features of the parts of others.
func (f *freehand) explode(context.Context) error {
	shapes, err := f.named()
	if err != nil {
		return err
	}
	for i, ref := range f.op.refs() {
		parts := partsOf(shapes[i])
		if len(parts) < 2 {
			continue
		}
		largest := 0
		for k := range parts {
			if size(parts[k]) > size(parts[largest]) {
				largest = k
			}
		}
		f.after[ref] = parts[largest]
		for _, part := range slices.Delete(parts, largest, largest+1) {
			f.add(part, ref)
		}
	}
	if len(f.after) == 0 {
		return &Refusal{Kind: "one-part", Features: f.op.refs()}
	}
	return nil
}

// partsOf are the parts of a shape, copied.
func partsOf(g geom.T) []geom.T {
	var parts []geom.T
	switch g := g.(type) {
	case *geom.MultiPoint:
		for i := range g.NumPoints() {
			parts = append(parts, g.Point(i).Clone())
		}
	case *geom.MultiLineString:
		for i := range g.NumLineStrings() {
			parts = append(parts, g.LineString(i).Clone())
		}
	case *geom.MultiPolygon:
		for i := range g.NumPolygons() {
			parts = append(parts, g.Polygon(i).Clone())
		}
	case *geom.GeometryCollection:
		for _, part := range g.Geoms() {
			parts = append(parts, partsOf(part)...)
		}
	default:
		parts = []geom.T{layers.Clone(g)}
	}
	return parts
}

// size is the area of an area and the length of a line, in the plane.
func size(g geom.T) float64 {
	switch g := g.(type) {
	case *geom.LineString:
		return g.Length()
	case *geom.Polygon:
		return math.Abs(g.Area())
	}
	return 0
}

// collect makes the parts of several features those of the first.
func (f *freehand) collect(context.Context) error {
	shapes, err := f.named()
	if err != nil {
		return err
	}
	var parts []geom.T
	for _, shape := range shapes {
		parts = append(parts, partsOf(shape)...)
	}
	together, err := collected(parts)
	if err != nil {
		return &Refusal{Kind: "mixed", Features: f.op.refs(), Detail: err.Error()}
	}
	f.joined(together)
	return nil
}

// collected is one shape of parts, which are all of one type.
func collected(parts []geom.T) (geom.T, error) {
	layout := parts[0].Layout()
	points, lines, polygons := geom.NewMultiPoint(layout), geom.NewMultiLineString(layout), geom.NewMultiPolygon(layout)
	for _, part := range parts {
		var err error
		switch part := part.(type) {
		case *geom.Point:
			err = points.Push(part)
		case *geom.LineString:
			err = lines.Push(part)
		case *geom.Polygon:
			err = polygons.Push(part)
		}
		if err != nil {
			return nil, err
		}
	}
	switch len(parts) {
	case points.NumPoints():
		return points, nil
	case lines.NumLineStrings():
		return lines, nil
	case polygons.NumPolygons():
		return polygons, nil
	}
	return nil, layers.Errorf(layers.Invalid, "points, lines and areas do not make one shape: choose those of one kind")
}
