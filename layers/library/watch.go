package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fsnotify/fsnotify"

	"arpent/layers"
)

// quiet is how long files must stay as they are before they are read: editors
// write in several steps.
const quiet = 150 * time.Millisecond

// Watch loads the catalog of the service anew whenever a layer file changes,
// in the folder or in the page, until ctx ends.
func (b *Library) Watch(ctx context.Context, service *layers.Service) error {
	files, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching layer files: %w", err)
	}
	defer func() { _ = files.Close() }()
	if err := files.Add(b.dir); err != nil {
		return fmt.Errorf("watching layer files in %s: %w", b.dir, err)
	}
	knocks := make(chan struct{}, 1)
	listening := make(chan error, 1)
	go func() {
		listening <- b.store.Listen(ctx, "arpent_layers", func(string) {
			select {
			case knocks <- struct{}{}:
			default: // one waits already
			}
		})
	}()
	settled := time.NewTimer(0) // what changed between the first load and now
	defer settled.Stop()
	for {
		select {
		case <-ctx.Done():
			return <-listening
		case err := <-listening:
			return err
		case <-files.Events:
			settled.Reset(quiet)
		case err := <-files.Errors:
			b.log.Warn("watching layer files", "error", err)
			settled.Reset(quiet)
		case <-knocks:
			settled.Reset(0)
		case <-settled.C:
			if err := b.Reload(ctx, service); err != nil && ctx.Err() == nil {
				b.log.Error("the layer files could not be loaded anew: the layers stay as they are", "error", err)
			}
		}
	}
}

// Reload loads the catalog of the service anew.
func (b *Library) Reload(ctx context.Context, service *layers.Service) error {
	catalog, err := b.Load(ctx)
	if err != nil {
		return err
	}
	if catalog == nil {
		return errors.New("there is no catalog")
	}
	service.SetCatalog(catalog)
	return nil
}
