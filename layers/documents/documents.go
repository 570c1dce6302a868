// Package documents keeps the files and photos attached to records. What is
// known of a file is a row in the database, under the same rights as its
// record; its content is kept once under its SHA-256, in a folder or a bucket.
package documents

import (
	"context"
	"io"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Service attaches files to records and gives them out again.
type Service struct {
	layers   *layers.Service
	store    *postgis.Store
	contents Contents
	incoming string        // folder for what is on its way
	pictures chan struct{} // pictures that may be scaled at once: each fills much memory
}

// New makes the service. What arrives waits in the folder incoming, which is
// emptied of what an interrupted server left there.
func New(service *layers.Service, store *postgis.Store, contents Contents, incoming string) (*Service, error) {
	if err := clear(incoming); err != nil {
		return nil, err
	}
	return &Service{layers: service, store: store, contents: contents, incoming: incoming, pictures: make(chan struct{}, 1)}, nil
}

// record finds the record to which a file belongs, if the viewer may read it.
func (s *Service) record(ctx context.Context, v layers.Viewer, layer, id string) (*layers.Layer, *layers.Feature, error) {
	l, err := s.layers.Catalog().Get(v, layer)
	if err != nil {
		return nil, nil, err
	}
	if v.Anonymous() {
		return nil, nil, layers.Errorf(layers.Unauthorized, "files are for people of the town hall: sign in to see them")
	}
	f, err := s.layers.Feature(ctx, v, layer, id, 0)
	return l, f, err
}

// writable is record for who wants to change its files.
func (s *Service) writable(ctx context.Context, v layers.Viewer, layer, id string) (*layers.Layer, *layers.Feature, error) {
	l, f, err := s.record(ctx, v, layer, id)
	if err == nil && !v.May(layers.UpdateRows, l, f.Collectivity) {
		err = layers.Errorf(layers.Forbidden, "you have no right to change the files of layer %s: ask an administrator", l.ID)
	}
	return l, f, err
}

// List gives the files of a record, oldest first.
func (s *Service) List(ctx context.Context, v layers.Viewer, layer, id string) ([]postgis.Document, error) {
	if _, _, err := s.record(ctx, v, layer, id); err != nil {
		return nil, err
	}
	return s.store.Documents(ctx, v, layer, id)
}

// Count counts the files of a record; a viewer who may not see files has none.
func (s *Service) Count(ctx context.Context, v layers.Viewer, layer, id string) (int64, error) {
	if v.Anonymous() {
		return 0, nil
	}
	return s.store.CountDocuments(ctx, v, layer, id)
}

// Events tells which files of a record came and went, newest first. They stay
// known when the record is deleted.
func (s *Service) Events(ctx context.Context, v layers.Viewer, layer, id string) ([]postgis.DocumentEvent, error) {
	if _, err := s.layers.Catalog().Get(v, layer); err != nil || v.Anonymous() {
		return nil, err
	}
	return s.store.DocumentEvents(ctx, v, layer, id)
}

// Change gives a file another title, or removes it, or returns it to its
// record.
func (s *Service) Change(ctx context.Context, v layers.Viewer, id int64, title *string, removed *bool) (*postgis.Document, error) {
	d, err := s.store.Document(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if _, _, err := s.writable(ctx, v, d.Layer, d.Feature); err != nil {
		return nil, err
	}
	if title != nil {
		clean := cleanTitle(*title)
		title = &clean
	}
	if err := s.store.ChangeDocument(ctx, v, id, title, removed); err != nil {
		return nil, err
	}
	return s.store.Document(ctx, v, id)
}

// Open gives the content of a file to who may read its record.
func (s *Service) Open(ctx context.Context, v layers.Viewer, id int64) (*postgis.Document, io.ReadSeekCloser, error) {
	return s.open(ctx, v, id, func(d *postgis.Document) string { return d.SHA256 })
}

// OpenPreview gives a small JPEG picture of a file.
func (s *Service) OpenPreview(ctx context.Context, v layers.Viewer, id int64) (*postgis.Document, io.ReadSeekCloser, error) {
	return s.open(ctx, v, id, func(d *postgis.Document) string {
		if !d.Preview {
			return ""
		}
		return previewKey(d.SHA256)
	})
}

func (s *Service) open(ctx context.Context, v layers.Viewer, id int64, key func(*postgis.Document) string) (*postgis.Document, io.ReadSeekCloser, error) {
	d, err := s.store.Document(ctx, v, id)
	if err != nil {
		return nil, nil, err
	}
	if _, _, err := s.record(ctx, v, d.Layer, d.Feature); err != nil {
		return nil, nil, err
	}
	if d.RemovedAt != nil {
		return nil, nil, layers.Errorf(layers.NotFound, "this file was removed: undo that in the history of its record")
	}
	k := key(d)
	if k == "" {
		return nil, nil, layers.Errorf(layers.NotFound, "there is no picture of this file")
	}
	content, err := s.contents.Open(ctx, k)
	return d, content, err
}
