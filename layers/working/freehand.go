package working

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

func (f *freehand) put(context.Context) error {
	for _, shape := range f.op.Shapes {
		f.add(layers.Clone(shape))
	}
	return nil
}

func (f *freehand) replace(context.Context) error {
	i := -1
	return f.each(func(geom.T) (geom.T, error) {
		i++
		return layers.Clone(f.op.Shapes[i]), nil
	})
}

func (f *freehand) remove(context.Context) error {
	return f.each(func(geom.T) (geom.T, error) { return nil, nil })
}

func (f *freehand) move(context.Context) error {
	from, to := f.op.From[0], f.op.To[0]
	return f.turned(func(p []float64) { p[0], p[1] = p[0]+to[0]-from[0], p[1]+to[1]-from[1] })
}

// turned changes each place of what the operation names; with Copy of copies.
func (f *freehand) turned(place func(p []float64)) error {
	err := f.each(func(g geom.T) (geom.T, error) {
		for _, p := range placesOf(g) {
			place(p)
		}
		return g, nil
	})
	if err == nil {
		f.copied()
	}
	return err
}

// copied makes new features of what would have become of those named, where
// that is asked.
func (f *freehand) copied() {
	if !f.op.Copy {
		return
	}
	for _, ref := range f.op.refs() {
		shape := f.after[ref]
		delete(f.after, ref)
		f.add(shape)
	}
}

// middle is the place around which one turns: what was said, or the middle of
// all that is named. stretch is how much wider a unit of y is than one of x.
func (f *freehand) middle() (at orb.Point, stretch float64, err error) {
	shapes, err := f.named()
	if err != nil {
		return at, 0, err
	}
	var all extent
	for _, shape := range shapes {
		all.shape(shape, 0)
	}
	at = all.Center()
	if len(f.op.From) > 0 {
		at = f.op.From[0].point()
	}
	if f.sheet.home.Source.Grid == 0 {
		return at, 1 / math.Cos(at[1]*math.Pi/180), nil // degrees
	}
	return at, 1, nil
}

func (f *freehand) rotate(context.Context) error {
	at, stretch, err := f.middle()
	if err != nil {
		return err
	}
	sin, cos := math.Sincos(f.op.Angle * math.Pi / 180)
	return f.turned(func(p []float64) {
		x, y := p[0]-at[0], (p[1]-at[1])*stretch
		p[0], p[1] = at[0]+x*cos-y*sin, at[1]+(x*sin+y*cos)/stretch
	})
}

func (f *freehand) scale(context.Context) error {
	at, _, err := f.middle()
	if err != nil {
		return err
	}
	return f.turned(func(p []float64) {
		p[0], p[1] = at[0]+(p[0]-at[0])*f.op.Factor, at[1]+(p[1]-at[1])*f.op.Factor
	})
}

func (f *freehand) buffer(ctx context.Context) error { return f.widened(ctx, layers.Buffer) }
func (f *freehand) offset(ctx context.Context) error { return f.widened(ctx, layers.Offset) }

func (f *freehand) widened(ctx context.Context, how layers.ShapingOperation) error {
	err := f.each(func(g geom.T) (geom.T, error) {
		made, err := f.made(ctx, layers.Shaping{Operation: how, Shapes: []geom.T{g}, Distance: f.op.Width, Corners: f.op.Corners})
		if err != nil {
			return nil, err
		}
		return made[0], nil
	})
	if err == nil {
		f.copied()
	}
	return err
}

func (f *freehand) split(ctx context.Context) error {
	line := f.line()
	refs, all := f.op.refs(), len(f.op.IDs) == 0
	if all {
		drawn, _ := f.op.drawn()
		if err := f.readWithin(ctx, f.sheet.home, drawn); err != nil {
			return err
		}
		for ref, shape := range f.shapes() {
			if b, ok := boundOf(shape); ok && b.Intersects(drawn) {
				refs = append(refs, ref)
			}
		}
	}
	cut := false
	for _, ref := range refs {
		shape := f.shape(ref)
		if shape == nil {
			return &Refusal{Kind: string(coverage.Unknown), Features: []Ref{ref}}
		}
		made, err := f.made(ctx, layers.Shaping{Operation: layers.Split, Shapes: []geom.T{shape}, With: line}, ref)
		if refusal, refused := err.(*Refusal); refused && all && refusal.Kind == string(layers.Missed) {
			continue
		}
		if err != nil {
			return err
		}
		cut = true
		f.after[ref] = made[0]
		for _, part := range made[1:] {
			f.add(part, ref)
		}
	}
	if !cut {
		return &Refusal{Kind: string(layers.Missed)}
	}
	return nil
}

// line is what was drawn, in the plane.
func (f *freehand) line() *geom.LineString {
	var flat []float64
	for _, p := range f.op.Line {
		flat = append(flat, p[0], p[1])
	}
	return geom.NewLineStringFlat(geom.XY, flat).SetSRID(f.sheet.home.Source.SRID)
}

func (f *freehand) merge(ctx context.Context) error {
	shapes, err := f.named()
	if err != nil {
		return err
	}
	refs := f.op.refs()
	made, err := f.made(ctx, layers.Shaping{Operation: layers.Merge, Shapes: shapes}, refs...)
	if err != nil {
		return err
	}
	f.joined(made[0])
	return nil
}

// joined makes one feature of those named; the first keeps its name.
func (f *freehand) joined(shape geom.T) {
	for i, ref := range f.op.refs() {
		f.after[ref] = nil
		if i == 0 {
			f.after[ref] = shape
		}
	}
}

func (f *freehand) reshape(ctx context.Context) error {
	return f.first(ctx, layers.Shaping{Operation: layers.Reshape, With: f.line()})
}

// first does a shaping on the first feature that is named.
func (f *freehand) first(ctx context.Context, sh layers.Shaping) error {
	shapes, err := f.named()
	if err != nil {
		return err
	}
	ref := f.op.refs()[0]
	sh.Shapes = shapes[:1]
	made, err := f.made(ctx, sh, ref)
	if err == nil {
		f.after[ref] = made[0]
	}
	return err
}

func (f *freehand) cut(ctx context.Context) error {
	met := false
	err := f.each(func(g geom.T) (geom.T, error) {
		made, err := f.made(ctx, layers.Shaping{Operation: layers.Cut, Shapes: []geom.T{g}, With: f.op.Shapes[0]})
		if err != nil {
			return nil, err
		}
		if shape := fitted(f.sheet.home, made[0]); area(shape) < area(g)*(1-rounding) || dimension(g) < 2 {
			met = true
			return shape, nil
		}
		return g, nil
	})
	if err == nil && !met {
		return &Refusal{Kind: string(layers.Missed), Features: f.op.refs()}
	}
	return err
}

// rounding is by which part an area may change where nothing was cut.
const rounding = 1e-9

func area(g geom.T) float64 { return math.Abs(planar.Area(polygonsOf(g))) }

// dimension is that of the parts of a shape.
func dimension(g geom.T) int {
	switch g.(type) {
	case *geom.Point, *geom.MultiPoint:
		return 0
	case *geom.LineString, *geom.MultiLineString:
		return 1
	}
	return 2
}

func (f *freehand) mend(ctx context.Context) error {
	return f.each(func(g geom.T) (geom.T, error) {
		made, err := f.made(ctx, layers.Shaping{Operation: layers.Mend, Shapes: []geom.T{g}})
		if err != nil {
			return nil, err
		}
		return made[0], nil
	})
}
