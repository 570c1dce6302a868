package tiles

import (
	"context"
	"log/slog"
	"slices"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
	"arpent/tiles/mvt"
)

// idKey is the attribute of the identifier, which every feature has.
const idKey = "id"

// logUnreadable tells of shapes that no encoder draws, ours as little as that of
// PostGIS: coordinates that are no numbers, surfaces.
func logUnreadable(ctx context.Context, l *layers.Layer, read *memory.Layer) {
	for feature, reason := range read.Unreadable() {
		slog.WarnContext(ctx, "a feature is in no tile: its shape cannot be read", "layer", l.ID, "feature", feature, "error", reason)
	}
}

// encodeRows encodes a tile from its rows in the database.
func (s *Service) encodeRows(ctx context.Context, v layers.Viewer, l *layers.Layer, at maptile.Tile, q layers.Query, extra layers.TileExtra) (tile []byte, share memory.Share, err error) {
	if o := united(v, l, int(at.Z), extra); o != nil {
		tile, share, err = s.encodeUnited(ctx, v, l, o, at, q)
		if err == nil || layers.KindOf(err) != "" || ctx.Err() != nil {
			return tile, share, err
		}
		slog.WarnContext(ctx, "features of a tile cannot be united and are drawn one by one", "layer", l.ID, "tile", at, "error", err)
	}
	view := memory.View{Name: l.ID, IDKey: idKey, Sees: everyRow, Thin: thin(l, int(at.Z))}
	hidden := "" // read, but not shown
	rank := ranked(v, l)
	if rank != nil && !l.InTile(rank, int(at.Z)) && !slices.Contains(extra.Fields, rank.Name) {
		hidden = rank.Name
		extra.Fields = append(slices.Clone(extra.Fields), hidden)
	}
	err = s.store.TileRows(ctx, v, l, int(at.Z), int(at.X), int(at.Y), view.Cluster, q, extra, func(names []string, rows postgis.TileRows) error {
		loaded, err := memory.Load(memory.Options{Fields: len(names), Once: true}, rowsOf(rows))
		if err != nil {
			return err
		}
		logUnreadable(ctx, l, loaded)
		for i, name := range names {
			if name != hidden {
				view.Fields = append(view.Fields, memory.ViewField{Key: name, Field: i})
			}
		}
		if rank != nil {
			view.Rank = slices.Index(names, rank.Name) + 1
		}
		tile, share, err = loaded.Encode(nil, int(at.Z), int(at.X), int(at.Y), &view)
		return err
	})
	return tile, share, err
}

// rowsOf brings rows of the database to what memory holds.
func rowsOf(rows postgis.TileRows) memory.Rows {
	return func(yield func(*memory.Row, error) bool) {
		var to memory.Row
		var buffer []byte
		var ends []int
		for row, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			to.ID, to.Number, to.Numbered, to.Owner, to.Shape = row.ID, uint64(row.Number), row.Numbered, row.Owner, row.Shape
			buffer, ends = buffer[:0], ends[:0]
			for _, value := range row.Values {
				buffer = appendValue(buffer, value)
				ends = append(ends, len(buffer))
			}
			to.Values = to.Values[:0]
			start := 0
			for _, end := range ends {
				value := mvt.Value(nil)
				if end > start {
					value = buffer[start:end]
				}
				to.Values = append(to.Values, value)
				start = end
			}
			if !yield(&to, nil) {
				return
			}
		}
	}
}

// appendValue appends a scalar as a value of tiles; nothing for none.
func appendValue(to []byte, s postgis.Scalar) []byte {
	switch s.Kind {
	case postgis.Text:
		return mvt.AppendText(to, s.Text)
	case postgis.Int:
		return mvt.AppendInt(to, s.Int)
	case postgis.Float:
		return mvt.AppendFloat(to, s.Float)
	case postgis.Bool:
		return mvt.AppendBool(to, s.Float != 0)
	}
	return to
}
