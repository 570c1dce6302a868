package tiles

import (
	"context"
	"errors"
	"log/slog"

	"arpent/layers"
	"arpent/tiles/memory"
)

// Preload reads layers into memory before their tiles are asked for, in the order
// given, as far as they fit into so many bytes: for who makes many tiles and is no
// server, which has Hold. The others are encoded from the database, and so are
// those of whose changes nobody hears.
func (s *Service) Preload(ctx context.Context, v layers.Viewer, ids []string, bytes int) error {
	s.renew(s.layers.Catalog())
	h := s.holding
	h.allow(bytes)
	for i, id := range ids {
		l, err := s.part(v, ids[:i], id)
		if err != nil {
			return err
		}
		if !s.keeps(l) {
			continue
		}
		h.of(l)
		next := h.next()
		if next == nil { // it is there, or there is no room for any
			continue
		}
		switch err := h.load(ctx, next); {
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, memory.ErrTooLarge):
			slog.InfoContext(ctx, "a layer does not fit into memory: its tiles are encoded from the database, which takes longer", "layer", id, "MiB", bytes>>20)
		default:
			slog.WarnContext(ctx, "a layer cannot be held in memory: its tiles are encoded from the database", "layer", id, "error", err)
		}
	}
	return nil
}
