package tiles

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
)

// united is the overview of a zoom that draws features united by fields; nil
// where it draws them one by one. So it does for who does not see the fields in
// all rows that it sees, and where a style asks for more than what is united has.
func united(v layers.Viewer, l *layers.Layer, zoom int, extra layers.TileExtra) *layers.Overview {
	o := l.Tiles.Overview(zoom)
	if o == nil || len(o.Union) == 0 || extra.Text != nil || !postgis.SeesWholly(v, l, fieldsOf(l, o.Union)) {
		return nil
	}
	if slices.ContainsFunc(extra.Fields, func(name string) bool { return !slices.Contains(o.Union, name) }) {
		return nil
	}
	return o
}

func fieldsOf(l *layers.Layer, names []string) []*layers.Field {
	fields := make([]*layers.Field, len(names))
	for i, name := range names {
		fields[i] = l.Field(name)
	}
	return fields
}

// unitedView is what tiles show of united features, whose values are those of the
// fields and how many they are.
func unitedView(l *layers.Layer, o *layers.Overview, zoom int, sees func(string) (bool, uint64)) *memory.View {
	view := &memory.View{Name: l.ID, Thin: thin(l, zoom)}
	for i, name := range append(slices.Clone(o.Union), layers.CountKey) {
		view.Fields = append(view.Fields, memory.ViewField{Key: name, Field: i})
	}
	view.Sees = func(owner string) (bool, uint64) {
		rows, _ := sees(owner)
		return rows, memory.All
	}
	return view
}

// thin is what of a layer is drawn at a zoom where there is too much.
func thin(l *layers.Layer, zoom int) memory.Thin {
	t := memory.Thin{CountKey: layers.CountKey}
	if zoom < l.Tiles.MaxZoom {
		t.Budget = int(l.Tiles.Budget)
	}
	if o := l.Tiles.Overview(zoom); o != nil {
		t.Smallest, t.Cluster = o.Smallest, o.Cluster
	}
	return t
}

// ranked is the field by which the viewer's features are ranked; nil for none.
func ranked(v layers.Viewer, l *layers.Layer) *layers.Field {
	f := l.Field(l.Tiles.Rank)
	if f == nil || !postgis.SeesWholly(v, l, []*layers.Field{f}) {
		return nil
	}
	return f
}

// encodeUnited encodes united features from the rows of the groups that meet a
// tile.
func (s *Service) encodeUnited(ctx context.Context, v layers.Viewer, l *layers.Layer, o *layers.Overview, at maptile.Tile, q layers.Query) (tile []byte, share memory.Share, err error) {
	fields := fieldsOf(l, o.Union)
	options := memory.Options{Fields: len(fields), MaxZoom: l.Tiles.MaxZoom, Once: true, Unions: [][]int{places(len(fields))}}
	err = s.store.GroupRows(ctx, v, l, int(at.Z), int(at.X), int(at.Y), q, fields, func(rows postgis.TileRows) error {
		loaded, err := memory.Load(options, rowsOf(rows))
		if err != nil {
			return err
		}
		logUnreadable(ctx, l, loaded)
		groups, err := loaded.United(0)
		if err != nil {
			return err
		}
		tile, share, err = groups.Encode(nil, int(at.Z), int(at.X), int(at.Y), unitedView(l, o, int(at.Z), everyRow))
		return err
	})
	return tile, share, err
}

// everyRow is seen where rows were chosen for their viewer.
func everyRow(string) (bool, uint64) { return true, memory.All }

func places(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// unions are the fields by which overviews unite the features of a layer that is
// held, by place among those held.
func (l *held) unions() [][]int {
	var all [][]int
	for _, o := range l.layer.Tiles.Overviews {
		if len(o.Union) == 0 {
			continue
		}
		var fields []int
		for _, name := range o.Union {
			fields = append(fields, l.place(name))
		}
		all = append(all, fields)
	}
	return all
}

// place is that of a field among those held; -1 for none.
func (l *held) place(name string) int {
	return slices.IndexFunc(l.fields, func(f *layers.Field) bool { return f.Name == name })
}

// united are the features of a layer that is held as an overview of it unites
// them.
func (l *held) united(features *memory.Layer, o *layers.Overview) (*memory.Layer, error) {
	n := 0
	for i := range l.layer.Tiles.Overviews {
		other := &l.layer.Tiles.Overviews[i]
		if other == o {
			break
		}
		if len(other.Union) > 0 {
			n++
		}
	}
	return features.United(n)
}

// reductions tells of layers whose tiles leave something out.
type reductions struct {
	mu    sync.Mutex
	made  map[string]int64       // tiles, by layer
	known map[*layers.Layer]bool // since the layer files were read
}

// Reduced is how many tiles this process has made, by layer, with fewer features
// than there are.
func (s *Service) Reduced() map[string]int64 {
	s.reductions.mu.Lock()
	defer s.reductions.mu.Unlock()
	return maps.Clone(s.reductions.made)
}

// note counts a tile that was made, and logs the first of a layer.
func (r *reductions) note(ctx context.Context, l *layers.Layer, at maptile.Tile, share memory.Share) {
	if !share.Reduced() {
		return
	}
	r.mu.Lock()
	if r.made == nil {
		r.made, r.known = map[string]int64{}, map[*layers.Layer]bool{}
	}
	r.made[l.ID]++
	first := !r.known[l]
	r.known[l] = true
	r.mu.Unlock()
	if first {
		slog.WarnContext(ctx, "tiles of a layer leave features out, as its file says: this is the first", "layer", l.ID, "tile", at, "kept", share.Kept, "of", share.Of, "budget", int(l.Tiles.Budget))
	}
}

// forget has the layers of other files told of.
func (r *reductions) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.known)
}
