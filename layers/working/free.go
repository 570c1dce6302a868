package working

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/coverage"
	"arpent/layers"
)

// Invalid is the kind of a refusal of a shape that breaks the rules of OGC Simple
// Features; its Mend is one that does not.
const Invalid = "invalid"

// freeModel edits shapes each by itself: points, lines, areas, of one part or
// several, with levels or without.
type freeModel struct{}

func (freeModel) form(k Kind) (form, bool) {
	o, known := freeOperations[k]
	return o.form, known
}

func (freeModel) fields(_ context.Context, w *writing) error { return w.shareByMeasure() }

// freehand is a task on a free layer with what comes of it.
type freehand struct {
	*task
	outcome
}

func (freeModel) perform(ctx context.Context, t *task) (outcome, error) {
	if err := t.readNamed(ctx); err != nil {
		return outcome{}, err
	}
	f := &freehand{t, newOutcome()}
	if err := freeOperations[t.op.Kind].do(f, ctx); err != nil {
		return outcome{}, err
	}
	return f.outcome, f.check(ctx)
}

// named are the features that the operation names, which must be there.
func (f *freehand) named() ([]geom.T, error) {
	refs := f.op.refs()
	shapes := make([]geom.T, len(refs))
	for i, ref := range refs {
		if shapes[i] = f.shape(ref); shapes[i] == nil {
			return nil, &Refusal{Kind: string(coverage.Unknown), Features: []Ref{ref}}
		}
	}
	return shapes, nil
}

// each changes what the operation names, a copy at a time.
func (f *freehand) each(change func(g geom.T) (geom.T, error)) error {
	shapes, err := f.named()
	if err != nil {
		return err
	}
	for i, ref := range f.op.refs() {
		made, err := change(layers.Clone(shapes[i]))
		if refusal, refused := err.(*Refusal); refused && len(refusal.Features) == 0 {
			refusal.Features = []Ref{ref}
		}
		if err != nil {
			return err
		}
		f.after[ref] = made
	}
	return nil
}

// add makes a new feature, of another one where it is a part of that.
func (f *freehand) add(shape geom.T, of ...Ref) {
	used := map[Ref]bool{}
	for ref := range f.now {
		used[ref] = true
	}
	for ref := range f.stored {
		used[ref] = true
	}
	for ref := range f.new {
		used[ref] = true
	}
	name := Ref{f.sheet.home.ID, "new"}
	if len(of) > 0 {
		name.ID = of[0].ID + "/2"
	}
	ref := unused(name, used)
	f.after[ref], f.new[ref] = shape, true
	for _, other := range of {
		f.from[ref] = append(f.from[ref], Share{Of: other})
	}
}

// made is what comes of shapes by the shaping of the layer.
func (f *freehand) made(ctx context.Context, sh layers.Shaping, of ...Ref) ([]geom.T, error) {
	made, err := f.service.layers.Shape(ctx, f.viewer, f.sheet.home.ID, sh, 0)
	if refused, ok := err.(*layers.ShapingRefusal); ok {
		return nil, &Refusal{Kind: string(refused.Reason), Features: of, Detail: refused.Error(), cause: refused}
	}
	return made, err
}

// check brings what was made to the layer and finds what it cannot hold.
func (f *freehand) check(ctx context.Context) error {
	l := f.sheet.home
	refs := ordered(f.after)
	shapes := make([]geom.T, len(refs))
	for i, ref := range refs {
		if f.after[ref] == nil || same(f.after[ref], f.shape(ref)) {
			continue
		}
		g, err := l.Fit(fitted(l, f.after[ref]))
		if err != nil {
			return &Refusal{Kind: "unfit", Features: []Ref{ref}, Shape: f.after[ref], Detail: err.Error()}
		}
		layers.Snap(g, l.Source.Grid)
		shapes[i], f.after[ref] = g, g
	}
	at, reason, where, err := f.service.invalid(ctx, l, shapes)
	if err != nil || at < 0 {
		return err
	}
	refusal := &Refusal{Kind: Invalid, Where: where, Features: []Ref{refs[at]}, Shape: shapes[at], Detail: reason}
	mended, err := f.service.layers.Shape(ctx, f.viewer, l.ID, layers.Shaping{Operation: layers.Mend, Shapes: []geom.T{shapes[at]}}, 0)
	if err == nil && len(mended) == 1 {
		refusal.Mend = fitted(l, mended[0])
	} else if _, hopeless := err.(*layers.ShapingRefusal); err != nil && !hopeless && layers.KindOf(err) == "" {
		return err
	}
	return refusal
}

// invalid finds the first of shapes that breaks the rules, why and where; -1 for
// none. nil is none.
func (s *Service) invalid(ctx context.Context, l *layers.Layer, shapes []geom.T) (at int, reason string, where orb.Point, err error) {
	binaries, err := packedAll(shapes)
	if err != nil {
		return -1, "", where, err
	}
	var x, y *float64
	err = s.pool.QueryRow(ctx, `
		select position - 1, (detail).reason, ST_X((detail).location), ST_Y((detail).location)
		from (select position, ST_IsValidDetail(ST_GeomFromEWKB(b)) as detail from unnest($1::bytea[]) with ordinality as u(b, position) where b is not null) as checked
		where not (detail).valid order by position limit 1`, binaries).Scan(&at, &reason, &x, &y)
	switch {
	case err == pgx.ErrNoRows:
		return -1, "", where, nil
	case err != nil:
		return -1, "", where, fmt.Errorf("checking shapes of layer %s: %w", l.ID, err)
	case x != nil && y != nil:
		where = orb.Point{*x, *y}
	}
	return at, reason, where, nil
}
