package layers

import (
	"fmt"
	"math"
	"strings"
)

// check reports what in the query does not fit the layer.
func (q *Query) check(c *Catalog, v Viewer, l *Layer) error {
	for name := range q.Equal {
		if f := l.Field(name); f == nil || !v.MaySee(l, f) {
			return BadParameter(name, nil, "layer %s has no field of this name", l.ID)
		}
	}
	if name := strings.TrimPrefix(q.Sort, "-"); name != "" {
		if f := l.Field(name); f == nil || !v.MaySee(l, f) {
			return BadParameter("sort", q.Sort, "layer %s has no field %q to sort by", l.ID, name)
		}
	}
	if q.Filter != nil {
		if err := q.withOthers(c, v); err != nil {
			return err
		}
		if err := v.checkFilter(l, *q.Filter); err != nil {
			return err
		}
		if !q.At.IsZero() && q.LeadsAway() {
			return BadParameter("filter", nil, "looks at records of other layers, which are known as they are now: leave these conditions out or look at the present")
		}
	}
	if q.Text != "" && !v.MaySearch(l) {
		return Errorf(Forbidden, "a search in layer %s looks in data that you may not see", l.ID)
	}
	if !q.At.IsZero() && v.Anonymous() {
		return Errorf(Unauthorized, "sign in to see layer %s as it was", l.ID)
	}
	if q.BBox != nil && l.Source.Geometry == "" {
		return BadParameter("bbox", nil, "the records of layer %s have no shape to look for in a box", l.ID)
	}
	if q.BBox != nil {
		return q.BBox.check()
	}
	return nil
}

func (b BBox) check() error {
	for _, c := range []float64{b.MinX, b.MinY, b.MaxX, b.MaxY} {
		if math.IsNaN(c) || math.IsInf(c, 0) || math.Abs(c) > 1e9 {
			return BadParameter("bbox", nil, "%v is no coordinate", c)
		}
	}
	if b.MinX > b.MaxX && b.SRID != 4326 || b.MinY > b.MaxY {
		return BadParameter("bbox", nil, "the lower corner comes first: minx,miny,maxx,maxy")
	}
	return nil
}

// Parts are the boxes that b is made of: two when it crosses the antimeridian.
func (b BBox) Parts() []BBox {
	if b.MinX <= b.MaxX {
		return []BBox{b}
	}
	east, west := b, b
	east.MaxX, west.MinX = 180, -180
	return []BBox{east, west}
}

func textOf(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
