package tiles

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
)

// holding are the layers whose features are held in memory: those most asked
// for, as far as they fit.
type holding struct {
	store *postgis.Store

	mu     sync.Mutex
	budget int // bytes; 0 while nobody holds
	layers map[string]*held
	wake   chan struct{} // something is to be loaded or packed
}

// held is a layer that is, or may come to be, held.
type held struct {
	layer  *layers.Layer
	fields []*layers.Field
	asked  uint64 // how often its tiles were encoded
	// Guarded by the mutex of the holding:
	features *memory.Layer // nil while it is not held
	loading  bool
	packing  bool
	stale    map[string]struct{} // identifiers of rows that changed since they were read
	anew     bool                // so much has changed that it is to be loaded anew
	refused  uint64              // how often it was asked for when it did not fit; 0 if it was not tried
	rest     time.Time           // until when it is not loaded, so that an import does not have it read over and over

	reading sync.Mutex // held by who reads what is stale
}

func newHolding(store *postgis.Store) *holding {
	return &holding{store: store, layers: map[string]*held{}, wake: make(chan struct{}, 1)}
}

// Hold keeps the layers most asked for in memory, up to so many bytes, until
// ctx ends. Whoever asks meanwhile is served from the database.
func (s *Service) Hold(ctx context.Context, bytes int) error {
	h := s.holding
	h.allow(bytes)
	for {
		for {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if l := h.next(); l == nil {
				break
			} else if err := h.load(ctx, l); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "a layer cannot be held in memory: its tiles are encoded from the database", "layer", l.layer.ID, "error", err)
			}
		}
		h.packWorn()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.wake:
		}
	}
}

// allow lets layers be held, up to so many bytes.
func (h *holding) allow(bytes int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.budget = bytes
}

// knock wakes who holds.
func (h *holding) knock() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// of is the layer as it is held, noted as asked for; nil where nothing is held.
func (h *holding) of(l *layers.Layer) *held {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.budget == 0 {
		return nil
	}
	at := h.layers[l.ID]
	if at == nil {
		at = &held{layer: l, fields: postgis.TileFields(l)}
		h.layers[l.ID] = at
	}
	if at.layer != l { // of other layer files
		return nil
	}
	at.asked++
	if at.features == nil && !at.loading && at.wanted() {
		h.knock()
	}
	return at
}

// wanted tells whether it is worth loading: not again before it was asked for
// twice as often as when it did not fit.
func (l *held) wanted() bool { return l.asked >= 2*l.refused && time.Now().After(l.rest) }

// next is the layer to load: of those that are not held, the most asked for.
func (h *holding) next() *held {
	h.mu.Lock()
	defer h.mu.Unlock()
	var next *held
	for _, l := range h.layers {
		if l.features == nil && !l.loading && l.wanted() && (next == nil || l.asked > next.asked) {
			next = l
		}
	}
	if next != nil {
		next.loading, next.anew, next.stale = true, false, map[string]struct{}{} // what changes from now on is noted
	}
	return next
}

// load reads a layer. Where it does not fit, those that are asked for less than
// half as often make room for it, the least first; else it is refused.
func (h *holding) load(ctx context.Context, l *held) error {
	for {
		start := time.Now()
		var features *memory.Layer
		err := h.store.AllTileRows(ctx, l.layer, l.fields, nil, func(rows postgis.TileRows) (err error) {
			options := memory.Options{Fields: len(l.fields), MaxZoom: l.layer.Tiles.MaxZoom, Limit: h.room(l), Unions: l.unions()}
			features, err = memory.Load(options, rowsOf(rows))
			return err
		})
		h.mu.Lock()
		if errors.Is(err, memory.ErrTooLarge) && h.makeRoom(l) {
			clear(l.stale)
			h.mu.Unlock()
			continue
		}
		l.loading, l.rest = false, time.Now().Add(3*time.Since(start))
		switch {
		case err != nil:
			l.refused = max(1, l.asked)
		case h.layers[l.layer.ID] != l: // it is another layer by now
		case l.anew:
			// Who asks for it next has it loaded again.
		default:
			l.features, l.refused = features, 0
		}
		h.mu.Unlock()
		if features != nil {
			logUnreadable(ctx, l.layer, features)
		}
		return err
	}
}

// room is how many bytes a layer may take beside those that are held.
func (h *holding) room(l *held) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	room := h.budget
	for _, other := range h.layers {
		if other != l && other.features != nil {
			room -= other.features.Size()
		}
	}
	return max(1, room)
}

// makeRoom drops the layer least asked for, if it is less than half as much as l.
func (h *holding) makeRoom(l *held) bool {
	var least *held
	for _, other := range h.layers {
		if other != l && other.features != nil && (least == nil || other.asked < least.asked) {
			least = other
		}
	}
	if least == nil || 2*least.asked >= l.asked {
		return false
	}
	least.features, least.refused = nil, max(1, least.asked)
	return true
}

// packWorn packs layers of which much has changed, and drops the least asked for
// where all have grown beyond the budget.
func (h *holding) packWorn() {
	h.mu.Lock()
	var worn, all []*held
	for _, l := range h.layers {
		if l.features == nil {
			continue
		}
		all = append(all, l)
		if l.features.Worn() {
			worn, l.packing = append(worn, l), true
		}
	}
	h.mu.Unlock()
	for _, l := range worn {
		h.pack(l)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	slices.SortFunc(all, func(a, b *held) int { return cmp.Compare(b.asked, a.asked) })
	total := 0
	for _, l := range all {
		if l.features == nil {
			continue
		}
		if total += l.features.Size(); total > h.budget {
			total -= l.features.Size()
			l.features, l.refused = nil, max(1, l.asked)
		}
	}
}

// pack packs a layer. Whoever asks meanwhile for what has changed since is served
// from the database.
func (h *holding) pack(l *held) {
	h.mu.Lock()
	features := l.features
	h.mu.Unlock()
	if features != nil {
		features.Pack()
	}
	h.mu.Lock()
	l.packing = false
	h.mu.Unlock()
}

// hear notes that rows of a layer changed.
func (h *holding) hear(l *layers.Layer, feature string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.layers[l.ID]
	if at == nil || at.features == nil && !at.loading {
		return
	}
	if feature == "" { // a load, of which nobody says what it touched
		at.anew, at.features, at.stale = true, nil, nil
		return
	}
	if at.stale != nil {
		at.stale[feature] = struct{}{}
	}
}

// forget lets go of all layers: their files may say something else.
func (h *holding) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.layers)
}

// current are the features of a layer as they are at least since it was called;
// nil while it is not held, or is packed and has to wait for what changed.
func (h *holding) current(ctx context.Context, l *held) (*memory.Layer, error) {
	l.reading.Lock()
	defer l.reading.Unlock()
	h.mu.Lock()
	features, stale := l.features, l.stale
	if features == nil || len(stale) == 0 {
		h.mu.Unlock()
		return features, nil
	}
	if l.packing {
		h.mu.Unlock()
		return nil, nil
	}
	l.stale = map[string]struct{}{}
	h.mu.Unlock()
	ids := make([]string, 0, len(stale))
	for id := range stale {
		ids = append(ids, id)
	}
	err := h.store.AllTileRows(ctx, l.layer, l.fields, ids, func(rows postgis.TileRows) error { return features.Apply(ids, rowsOf(rows)) })
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		if l.stale != nil {
			for id := range stale {
				l.stale[id] = struct{}{}
			}
		}
		return nil, err
	}
	if features.Worn() {
		h.knock()
	}
	if l.features != features { // much has changed meanwhile
		return nil, nil
	}
	return features, nil
}
