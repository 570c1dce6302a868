// Package library keeps the catalog of a running server: the layer files of
// the applications, those of a folder, and those made in the page. It loads
// them anew whenever one changes.
package library

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"arpent/layers"
	"arpent/layers/postgis"
)

// Library loads layer files. A built-in one that is wrong is an error; one of
// its owner's is left out until it is mended, as the others must go on.
type Library struct {
	store   *postgis.Store
	builtIn func() ([]*layers.Layer, error)
	dir     string
	log     *slog.Logger

	mu     sync.Mutex // one load at a time; guards what follows
	faults []Fault
}

// Fault is what keeps a layer out of the catalog.
type Fault struct {
	File    string // name of the file, or of the layer made in the page
	Message string // file, line, field and what to change, a line each
}

// New returns a library over the built-in layers and those of dir.
func New(store *postgis.Store, builtIn func() ([]*layers.Layer, error), dir string, log *slog.Logger) *Library {
	return &Library{store: store, builtIn: builtIn, dir: dir, log: log}
}

// own groups the layers that belong to no built-in application.
var own = layers.Application{ID: "own", Title: layers.Text{"fr": "Autres couches", "en": "Other layers"}, Order: 1000}

// Faults are those of the last load.
func (b *Library) Faults() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.faults)
}

// Load reads all layer files, prepares their tables and makes the catalog.
func (b *Library) Load(ctx context.Context) (*layers.Catalog, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.faults
	b.faults = nil
	catalog, err := b.load(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range b.faults {
		if !slices.Contains(before, f) {
			b.log.Error("a layer is left out until its file is mended", "fault", f.Message, "file", f.File)
		}
	}
	return catalog, nil
}

func (b *Library) load(ctx context.Context) (*layers.Catalog, error) {
	all, err := b.builtIn()
	if err != nil {
		return nil, err
	}
	owned, faults, err := b.owned(ctx)
	if err != nil {
		return nil, err
	}
	b.faults = append(b.faults, faults...)
	catalog, err := b.join(ctx, all, owned)
	if err != nil {
		return nil, err
	}
	for _, l := range catalog.All() {
		if err := b.store.Prepare(ctx, l); err != nil {
			if !slices.Contains(owned, l) {
				return nil, err
			}
			b.leaveOut(ctx, l, err)
			// Others may refer to it: join the rest again.
			owned = slices.DeleteFunc(owned, func(other *layers.Layer) bool { return other == l })
			if catalog, err = b.join(ctx, all, owned); err != nil {
				return nil, err
			}
		}
	}
	if err := b.store.Retain(ctx, catalog); err != nil {
		return nil, err
	}
	return catalog, ctx.Err()
}

// owned are the layers of the folder and of the page whose files are right by
// themselves, and what is wrong with the others.
func (b *Library) owned(ctx context.Context) ([]*layers.Layer, []Fault, error) {
	files, err := b.store.LayerFiles(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("making the folder of layer files: %w", err)
	}
	names, err := fs.Glob(os.DirFS(b.dir), "*.yaml")
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		data, err := os.ReadFile(path.Join(b.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken away meanwhile
		}
		if err != nil {
			return nil, nil, fmt.Errorf("reading layer files: %w", err)
		}
		files = append(files, postgis.LayerFile{Name: name, Text: string(data)})
	}
	var found []*layers.Layer
	var faults []Fault
	for _, f := range files {
		l, err := layers.ReadFile(f.Name, []byte(f.Text))
		if err != nil {
			faults = append(faults, Fault{f.Name, err.Error()})
			continue
		}
		l.Application = own
		found = append(found, l)
	}
	return found, faults, nil
}

// join describes the layers and makes a catalog of all that fit together.
func (b *Library) join(ctx context.Context, all, owned []*layers.Layer) (*layers.Catalog, error) {
	for _, l := range all {
		if err := b.store.Describe(ctx, l); err != nil {
			return nil, err
		}
	}
	var fit []*layers.Layer
	for _, l := range owned {
		if err := b.store.Describe(ctx, l); err != nil {
			b.leaveOut(ctx, l, err)
			continue
		}
		fit = append(fit, l)
	}
	for {
		catalog, err := layers.NewCatalog(append(slices.Clone(all), fit...))
		misfits, ok := errors.AsType[*layers.Misfits](err)
		if !ok {
			return catalog, err
		}
		left := len(fit)
		fit = slices.DeleteFunc(fit, func(l *layers.Layer) bool {
			messages, out := misfits.ByLayer[l]
			if out {
				b.leaveOut(ctx, l, errors.New(strings.Join(messages, "\n")))
			}
			return out
		})
		if len(fit) == left {
			return nil, err
		}
	}
}

func (b *Library) leaveOut(ctx context.Context, l *layers.Layer, err error) {
	if ctx.Err() == nil {
		b.faults = append(b.faults, Fault{l.File, err.Error()})
	}
}
