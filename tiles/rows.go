package tiles

import (
	"context"
	"log/slog"

	"github.com/paulmach/orb/maptile"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
	"arpent/tiles/mvt"
)

// idKey is the attribute of the identifier, which every feature has.
const idKey = "id"

// logUnreadable tells of a shape that no encoder draws, ours as little as that of
// PostGIS: coordinates that are no numbers, surfaces.
func logUnreadable(ctx context.Context, l *layers.Layer, feature string, reason error) {
	slog.WarnContext(ctx, "a feature is in no tile: its shape cannot be read", "layer", l.ID, "feature", feature, "error", reason)
}

// encodeRows encodes a tile from its rows in the database.
func (s *Service) encodeRows(ctx context.Context, v layers.Viewer, l *layers.Layer, at maptile.Tile, q layers.Query, extra layers.TileExtra) ([]byte, error) {
	var tile []byte
	err := s.store.TileRows(ctx, v, l, int(at.Z), int(at.X), int(at.Y), q, extra, func(names []string, rows postgis.TileRows) error {
		held, err := memory.Load(memory.Options{Fields: len(names), Once: true}, rowsOf(rows))
		if err != nil {
			return err
		}
		for id, reason := range held.Unreadable() {
			logUnreadable(ctx, l, id, reason)
		}
		view := memory.View{Name: l.ID, IDKey: idKey, Sees: func(string) (bool, uint64) { return true, memory.All }}
		for i, name := range names {
			view.Fields = append(view.Fields, memory.ViewField{Key: name, Field: i})
		}
		tile, err = held.Encode(nil, int(at.Z), int(at.X), int(at.Y), &view)
		return err
	})
	return tile, err
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
