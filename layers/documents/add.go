package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Upload is a file that arrives.
type Upload struct {
	Name      string // as its sender calls it
	MediaType string // as its sender says; "" when it does not know
	Size      int64  // as announced; -1 when unknown
	Content   io.Reader
}

// Add attaches a file to a record. When it fails, for whatever reason, nothing
// of the file is left but perhaps its content, under a name that the next try
// finds again.
func (s *Service) Add(ctx context.Context, v layers.Viewer, layer, id string, u Upload) (*postgis.Document, error) {
	l, f, err := s.writable(ctx, v, layer, id)
	if err != nil {
		return nil, err
	}
	if l.Documents == nil {
		return nil, layers.Errorf(layers.Invalid, "no files may be attached to layer %s: its layer file has no key documents", l.ID)
	}
	d := &postgis.Document{Layer: l.ID, Feature: f.ID, Collectivity: f.Collectivity, Name: cleanName(u.Name)}
	if d.Name == "" {
		return nil, layers.Errorf(layers.Invalid, "the file needs a name")
	}
	file, err := s.receive(d, l.Documents, u)
	if err != nil {
		return nil, err
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name()) // gone already when it was kept
	}()
	if d.MediaType, err = mediaType(file, d.Name, u.MediaType); err != nil {
		return nil, err
	}
	if !accepts(l.Documents.Accept, d.MediaType) {
		return nil, layers.Errorf(layers.WrongType, "files of type %s may not be attached here: allowed are %s", d.MediaType, strings.Join(l.Documents.Accept, ", "))
	}
	if err := s.look(ctx, d, file); err != nil {
		return nil, err
	}
	if err := s.contents.Keep(ctx, d.SHA256, file.Name()); err != nil {
		return nil, err
	}
	if err := s.store.AddDocument(ctx, v, d); err != nil {
		return nil, err
	}
	return d, nil
}

// receive writes what arrives to a file of its own, with size and SHA-256.
func (s *Service) receive(d *postgis.Document, allowed *layers.Documents, u Upload) (*os.File, error) {
	limit := int64(allowed.MaxSize)
	tooLarge := layers.Errorf(layers.TooLarge, "%s is too large: at most %s are allowed here", d.Name, sizeText(limit))
	if u.Size > limit {
		return nil, tooLarge
	}
	file, err := os.CreateTemp(s.incoming, "upload-*")
	if err != nil {
		return nil, full(err)
	}
	sum := sha256.New()
	source := &reader{from: io.LimitReader(u.Content, limit+1)}
	d.Size, err = io.Copy(io.MultiWriter(file, sum), source)
	switch {
	case source.err != nil:
		err = layers.Errorf(layers.BadRequest, "the upload of %s broke off: send it again%w", d.Name, silent{source.err})
	case err != nil:
		err = full(err)
	case d.Size > limit:
		err = tooLarge
	case d.Size == 0:
		err = layers.Errorf(layers.Invalid, "%s is empty", d.Name)
	case u.Size >= 0 && u.Size != d.Size:
		err = layers.Errorf(layers.BadRequest, "the upload of %s broke off: send it again", d.Name)
	}
	if err != nil {
		_ = file.Close()
		_ = os.Remove(file.Name())
		return nil, err
	}
	d.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return file, nil
}

// reader remembers that reading failed, which io.Copy does not tell from a
// write that failed.
type reader struct {
	from io.Reader
	err  error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

func sizeText(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.3g MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.3g KB", float64(n)/(1<<10))
}
