package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"arpent/layers"
	"arpent/web/auth"
	"arpent/web/geojson"
)

// HistoryEntry is one change of a feature or of its files.
type HistoryEntry struct {
	ID          int64           `json:"id"`
	At          time.Time       `json:"at"`
	Who         string          `json:"who"`
	Cause       string          `json:"cause,omitempty" doc:"Why, when it was no edit by hand: import 12, undo 345"`
	Op          string          `json:"op" enum:"insert,update,delete,attach,remove,return,rename" doc:"The last four are of a file"`
	Changes     []FieldChange   `json:"changes" nullable:"false"`
	OldGeometry json.RawMessage `json:"oldGeometry" doc:"null when the shape did not change"`
	NewGeometry json.RawMessage `json:"newGeometry" doc:"null when the shape did not change"`
	File        *HistoryFile    `json:"file,omitempty" doc:"What came, went or was renamed"`
}

// HistoryFile is a file that came or went.
type HistoryFile struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// FieldChange is a field before and after.
type FieldChange struct {
	Field    string `json:"field"`
	Old      any    `json:"old"`
	New      any    `json:"new"`
	OldLabel string `json:"oldLabel,omitempty" doc:"Title of the record that a reference was to"`
	NewLabel string `json:"newLabel,omitempty" doc:"Title of the record that a reference is to"`
}

type historyOutput struct {
	Body struct {
		Entries []HistoryEntry `json:"entries" nullable:"false"`
	}
}

func (s *Server) getHistory(ctx context.Context, in *featureInput) (*historyOutput, error) {
	v := auth.Viewer(ctx)
	entries, err := s.Layers.History(ctx, v, in.Layer, in.ID, srid)
	if err != nil {
		return nil, err
	}
	l, err := s.Layers.Catalog().Get(v, in.Layer)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Entries = []HistoryEntry{}
	for _, e := range entries {
		shown, err := entryOf(l, v, e)
		if err != nil {
			return nil, err
		}
		out.Body.Entries = append(out.Body.Entries, shown)
	}
	if err := s.nameReferences(ctx, v, l, out.Body.Entries); err != nil {
		return nil, err
	}
	files, err := s.Documents.Events(ctx, v, l.ID, in.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range files {
		out.Body.Entries = append(out.Body.Entries, HistoryEntry{ID: e.ID, At: e.At, Who: e.Who, Cause: e.Cause, Op: e.Op,
			Changes: []FieldChange{}, OldGeometry: none, NewGeometry: none, File: &HistoryFile{e.Document, e.Name}})
	}
	slices.SortStableFunc(out.Body.Entries, func(a, b HistoryEntry) int { return cmp.Compare(b.ID, a.ID) })
	return out, nil
}

var none = json.RawMessage("null")

func entryOf(l *layers.Layer, v layers.Viewer, e layers.HistoryEntry) (HistoryEntry, error) {
	shown := HistoryEntry{ID: e.ID, At: e.At, Who: e.Who, Cause: e.Cause, Op: e.Op, Changes: []FieldChange{}, OldGeometry: none, NewGeometry: none}
	for _, f := range v.Fields(l) {
		if before, after := e.Old[f.Name], e.New[f.Name]; !reflect.DeepEqual(before, after) {
			shown.Changes = append(shown.Changes, FieldChange{Field: f.Name, Old: before, New: after})
		}
	}
	if !e.GeometryChanged {
		return shown, nil
	}
	var err error
	if shown.OldGeometry, err = geojson.EncodeGeometry(e.OldGeometry, false); err != nil {
		return shown, err
	}
	shown.NewGeometry, err = geojson.EncodeGeometry(e.NewGeometry, false)
	return shown, err
}

// nameReferences gives the records to which references were and are their
// titles, as far as they are there and may be read.
func (s *Server) nameReferences(ctx context.Context, v layers.Viewer, l *layers.Layer, entries []HistoryEntry) error {
	for _, f := range v.Fields(l) {
		if f.Reference == nil {
			continue
		}
		var ids []string
		for _, c := range changesOf(f.Name, entries) {
			for _, value := range []any{c.Old, c.New} {
				if value != nil && !slices.Contains(ids, fmt.Sprint(value)) {
					ids = append(ids, fmt.Sprint(value))
				}
			}
		}
		if len(ids) == 0 {
			continue
		}
		titles := map[string]string{}
		found, err := s.Layers.Features(ctx, v, f.Reference.Layer, layers.Query{IDs: ids, NoGeometry: true, Labels: true})
		if kind := layers.KindOf(err); kind == layers.Forbidden || kind == layers.Unauthorized {
			continue
		}
		if err != nil {
			return err
		}
		for other, err := range found {
			if err != nil {
				return err
			}
			titles[other.ID] = other.Label
		}
		for _, c := range changesOf(f.Name, entries) {
			c.OldLabel, c.NewLabel = titles[fmt.Sprint(c.Old)], titles[fmt.Sprint(c.New)]
		}
	}
	return nil
}

// changesOf are the changes of one field.
func changesOf(field string, entries []HistoryEntry) []*FieldChange {
	var found []*FieldChange
	for _, e := range entries {
		for i := range e.Changes {
			if e.Changes[i].Field == field {
				found = append(found, &e.Changes[i])
			}
		}
	}
	return found
}

type pastInput struct {
	Layer  string `path:"layer"`
	ID     string `path:"id"`
	Change int64  `path:"change" doc:"Identifier of an entry of the history"`
}

func (s *Server) restoreVersion(ctx context.Context, in *pastInput) (*transactOutput, error) {
	return s.turnBack(ctx, in, s.Layers.Restore)
}

func (s *Server) undo(ctx context.Context, in *pastInput) (*transactOutput, error) {
	return s.turnBack(ctx, in, s.Layers.Undo)
}

type turn func(ctx context.Context, v layers.Viewer, layer, id string, change int64) (*layers.Result, error)

func (s *Server) turnBack(ctx context.Context, in *pastInput, how turn) (*transactOutput, error) {
	result, err := how(ctx, auth.Viewer(ctx), in.Layer, in.ID, in.Change)
	if err != nil {
		return nil, s.withCurrent(ctx, err)
	}
	out := &transactOutput{}
	for _, e := range result.Edits {
		out.Body.Results = append(out.Body.Results, Result{e.Layer, e.ID, e.Version})
	}
	return out, nil
}

type sinceOutput struct {
	Body struct {
		Since *time.Time `json:"since" doc:"When the first change was recorded; null when there is none"`
	}
}

func (s *Server) getSince(ctx context.Context, _ *struct{}) (*sinceOutput, error) {
	since, err := s.Layers.Since(ctx, auth.Viewer(ctx))
	if err != nil {
		return nil, err
	}
	out := &sinceOutput{}
	if !since.IsZero() {
		out.Body.Since = &since
	}
	return out, nil
}

type undoCauseInput struct {
	Body struct {
		Cause string `json:"cause" minLength:"1" maxLength:"200" example:"import 12"`
	}
}

type undoCauseOutput struct {
	Body struct {
		Undone int `json:"undone" doc:"Records that are as they were before"`
	}
}

// undoCause takes back all that an import or a bulk edit did.
func (s *Server) undoCause(ctx context.Context, in *undoCauseInput) (*undoCauseOutput, error) {
	result, err := s.Layers.UndoCause(ctx, auth.Viewer(ctx), in.Body.Cause)
	if err != nil {
		return nil, err
	}
	out := &undoCauseOutput{}
	out.Body.Undone = len(result.Edits)
	return out, nil
}
