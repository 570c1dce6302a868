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
func (s *Service) encodeHeld(ctx context.Context, v layers.Viewer, l *layers.Layer, at maptile.Tile, extra layers.TileExtra) (tile []byte, share memory.Share, ok bool, err error) {
	h := s.holding.of(l)
	if h == nil {
		return nil, share, false, nil
	}
	o := united(v, l, int(at.Z), extra)
	var view *memory.View
	if o != nil {
		view = unitedView(l, o, int(at.Z), postgis.TileSight(v, l, nil))
	} else if view, ok = h.view(v, int(at.Z), extra); !ok {
		return nil, share, false, nil
	}
	features, err := s.holding.current(ctx, h)
	if err == nil && features != nil && o != nil {
		features, err = h.united(features, o)
	}
	if err != nil || features == nil {
		return nil, share, false, err
	}
	tile, share, err = features.Encode(nil, int(at.Z), int(at.X), int(at.Y), view)
	return tile, share, err == nil, err
}

// view is what tiles of a zoom show a viewer; false where they show something
// that is not held.
func (l *held) view(v layers.Viewer, zoom int, extra layers.TileExtra) (*memory.View, bool) {
	v.Purpose = ""
	if postgis.TileTitled(l.layer, zoom) || extra.Text != nil || l.layer.LabelText(zoom) != nil {
		return nil, false
	}
	view := memory.View{Name: l.layer.ID, IDKey: idKey, Thin: thin(l.layer, zoom)}
	var shown []*layers.Field
	for _, f := range v.Fields(l.layer) {
		if f.Name == idKey || !l.layer.InTile(&f, zoom) && !slices.Contains(extra.Fields, f.Name) {
			continue
		}
		i := l.place(f.Name)
		if i < 0 {
			return nil, false
		}
		view.Fields = append(view.Fields, memory.ViewField{Key: f.Name, Field: i})
		shown = append(shown, l.fields[i])
	}
	view.Sees = postgis.TileSight(v, l.layer, shown)
	if f := ranked(v, l.layer); f != nil {
		view.Rank = l.place(f.Name) + 1
	}
	return &view, len(shown) <= memory.MaxViewFields
}
