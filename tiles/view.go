package tiles

import (
	"context"
	"slices"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
)

// encodeHeld encodes a tile from memory. It reports false where the layer is
// not held, or not all that the tile shows.
func (s *Service) encodeHeld(ctx context.Context, v layers.Viewer, l *layers.Layer, at maptile.Tile, extra layers.TileExtra) ([]byte, bool, error) {
	h := s.holding.of(l)
	if h == nil {
		return nil, false, nil
	}
	view, ok := h.view(v, int(at.Z), extra)
	if !ok {
		return nil, false, nil
	}
	features, err := s.holding.current(ctx, h)
	if err != nil || features == nil {
		return nil, false, err
	}
	tile, err := features.Encode(nil, int(at.Z), int(at.X), int(at.Y), view)
	if err != nil {
		return nil, false, err
	}
	return tile, true, nil
}

// view is what tiles of a zoom show a viewer; false where they show something
// that is not held.
func (l *held) view(v layers.Viewer, zoom int, extra layers.TileExtra) (*memory.View, bool) {
	v.Purpose = ""
	if postgis.TileTitled(l.layer, zoom) || extra.Text != nil || l.layer.LabelText(zoom) != nil {
		return nil, false
	}
	view := memory.View{Name: l.layer.ID, IDKey: idKey}
	var shown []*layers.Field
	for _, f := range v.Fields(l.layer) {
		if f.Name == idKey || !l.layer.InTile(&f, zoom) && !slices.Contains(extra.Fields, f.Name) {
			continue
		}
		i := slices.IndexFunc(l.fields, func(held *layers.Field) bool { return held.Name == f.Name })
		if i < 0 {
			return nil, false
		}
		view.Fields = append(view.Fields, memory.ViewField{Key: f.Name, Field: i})
		shown = append(shown, l.fields[i])
	}
	view.Sees = postgis.TileSight(v, l.layer, shown)
	return &view, len(shown) <= memory.MaxViewFields
}
