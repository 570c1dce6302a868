package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"arpent/layers"
	"arpent/web/auth"
)

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 15 * time.Second

// streamLife is how long a stream lasts: the page then connects again, and
// its rights are read anew.
const streamLife = time.Hour

// ChangeEvent tells the page that features of a layer changed.
type ChangeEvent struct {
	Layer  string       `json:"layer"`
	ID     string       `json:"id"` // "" when many changed at once
	Op     string       `json:"op"`
	BBoxes [][4]float64 `json:"bboxes"` // where, before and after
	Who    string       `json:"who,omitempty"`
	// Position of the change feed: tiles that are asked for with it in Arpent-After
	// show the change, whichever server answers.
	Position int64 `json:"position"`
}

// changes streams every change that the viewer may know of, how far its long
// work is, and when others edit something else, as server-sent events. A window
// in which a layer is edited is present as long as its stream. Of notes it tells
// only the number of a sheet that changed, 0 for any: who has it open, by a link
// too, reads it again by its rights.
func (s *Server) changes(w http.ResponseWriter, r *http.Request) (err error) {
	v := auth.Viewer(r.Context())
	batches := s.Feed.Subscribe(r.Context())
	news := s.Jobs.Subscribe(r.Context(), v)
	knocks := s.Working.Subscribe(r.Context())
	sheets := s.Notes.Subscribe(r.Context())
	stream := uuid.NewString()
	if !v.Anonymous() {
		defer func() { err = errors.Join(err, s.Working.Leave(context.WithoutCancel(r.Context()), v, stream)) }()
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	if err := out.SetWriteDeadline(time.Time{}); err != nil {
		return fmt.Errorf("opening a stream: %w", err)
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()

	// A second until the page connects again, should the stream break.
	if _, err := fmt.Fprintf(w, "retry: 1000\nevent: ready\ndata: {\"stream\":%q,\"position\":%d}\n\n", stream, s.Feed.Position()); err != nil {
		return nil // the client went away
	}
	replaced := s.Layers.Replaced()
	for {
		if err := out.Flush(); err != nil {
			return nil
		}
		select {
		case <-end.C:
			return nil
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return nil
			}
			if v.Anonymous() {
				continue
			}
			if err := s.Working.Stay(r.Context(), stream); err != nil {
				return err
			}
		case layer := <-knocks:
			if err := s.sendKnock(w, v, layer); err != nil {
				return nil
			}
		case sheet := <-sheets:
			if _, err := fmt.Fprintf(w, "event: notes\ndata: {\"sheet\":%s}\n\n", cmp.Or(sheet, "0")); err != nil {
				return nil
			}
		case <-replaced:
			replaced = s.Layers.Replaced()
			if _, err := fmt.Fprint(w, "event: layers\ndata: {}\n\n"); err != nil {
				return nil
			}
		case id := <-news:
			if err := s.sendJob(r.Context(), w, v, id); err != nil {
				return err
			}
		case batch, ok := <-batches:
			if !ok {
				return nil
			}
			// Rights may have changed since the stream began.
			if v, err = s.Auth.Again(r.Context(), v); err != nil {
				return nil // the page connects again, and is told
			}
			for _, e := range s.visible(v, batch) {
				data, err := json.Marshal(e)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(w, "event: change\ndata: %s\n\n", data); err != nil {
					return nil
				}
			}
		}
	}
}

// visible are the changes of a batch as the viewer may know of them.
func (s *Server) visible(v layers.Viewer, batch []layers.Change) []ChangeEvent {
	var events []ChangeEvent
	for _, c := range batch {
		for _, l := range s.Layers.Catalog().Dependents(c.Relation) { // computed from what changed, it is not known where
			if v.May(layers.Read, l, "") && !slices.ContainsFunc(events, func(e ChangeEvent) bool { return e.Layer == l.ID && e.ID == "" }) {
				events = append(events, ChangeEvent{Layer: l.ID, Op: "update", BBoxes: [][4]float64{*corners(&layers.World)}, Position: c.Position})
			}
		}
		for _, l := range s.Layers.Catalog().OfTable(c.Relation) {
			if !v.May(layers.Read, l, c.Collectivity) {
				continue
			}
			e := ChangeEvent{Layer: l.ID, ID: c.Feature, Op: c.Op, BBoxes: [][4]float64{}, Position: c.Position}
			if !v.Anonymous() {
				e.Who = c.Who
			}
			for _, b := range c.Boxes {
				e.BBoxes = append(e.BBoxes, *corners(&b))
			}
			events = append(events, e)
		}
	}
	return events
}
