package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"arpent/layers"
	"arpent/tiles"
	"arpent/tiles/archive"
	"arpent/web/auth"
)

type tilesCommand struct {
	Export tilesExportCommand `cmd:"" help:"Write tiles into one file, .pmtiles or .mbtiles."`
	Seed   tilesSeedCommand   `cmd:"" help:"Fill the cache that servers share (ARPENT_TILE_CACHE) with the tiles that hold something."`
}

// memoryFlag is how much memory layers may take.
type memoryFlag struct {
	TileMemory int `env:"ARPENT_TILE_MEMORY" default:"512" help:"Memory in MiB for the layers most asked for, whose tiles are then encoded without the database; 0 for none."`
}

func (f memoryFlag) bytes() int { return f.TileMemory << 20 }

// cacheFlag is where servers share tiles.
type cacheFlag struct {
	TileCache string `env:"ARPENT_TILE_CACHE" help:"Cache of tiles that outlives the server and that several servers share: redis://host:6379/0 or file:///folder; without it tiles are kept in memory."`
}

// extentFlags say which tiles of layers are meant.
type extentFlags struct {
	MinZoom int       `name:"minzoom" help:"Least zoom; that of the layers when absent."`
	MaxZoom int       `name:"maxzoom" help:"Greatest zoom; that of the layers when absent."`
	BBox    []float64 `name:"bbox" help:"west,south,east,north in degrees; all there is when absent."`
}

func (f extentFlags) of(ids []string) (tiles.Extent, error) {
	e := tiles.Extent{Layers: ids, MinZoom: f.MinZoom, MaxZoom: f.MaxZoom}
	switch len(f.BBox) {
	case 0:
	case 4:
		e.Bounds = &orb.Bound{Min: orb.Point{f.BBox[0], f.BBox[1]}, Max: orb.Point{f.BBox[2], f.BBox[3]}}
		if e.Bounds.IsEmpty() {
			return e, fmt.Errorf("--bbox is west,south,east,north: %v is an empty box", f.BBox)
		}
	default:
		return e, fmt.Errorf("--bbox is west,south,east,north: four numbers, not %d", len(f.BBox))
	}
	return e, nil
}

type tilesExportCommand struct {
	File     string   `arg:"" help:"File to write; its ending says of what kind." type:"path"`
	Layers   []string `required:"" help:"Layers, with commas between, such as land.parcels,land.buildings."`
	Internal bool     `help:"What members see too, in all collectivities. Absent: what anybody may see, fit to be published."`
	Language string   `enum:"fr,en" default:"fr" help:"Language of words: fr or en."`

	extentFlags
	memoryFlag
}

// Run writes the file and prints what is in it.
func (c tilesExportCommand) Run(r *run) error {
	e, err := c.of(c.Layers)
	if err != nil {
		return err
	}
	who := layers.Viewer{Language: c.Language}
	if c.Internal {
		who = commandLine
		who.Language = c.Language
	}
	return r.withLayers(func(b *backend) error {
		service, err := tiles.NewService(b.layers, b.store)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := service.Preload(r, who, c.Layers, c.bytes()); err != nil {
			return err
		}
		done, err := archive.Write(r, service, who, e, c.File, progress(os.Stderr))
		if err != nil {
			return err
		}
		_, err = fmt.Printf("%s: %d tiles of zooms %d to %d, %d different ones, %.1f MB, in %.1f s\n",
			c.File, done.Tiles, done.MinZoom, done.MaxZoom, done.Distinct, float64(done.Bytes)/1e6, time.Since(began).Seconds())
		return err
	})
}

type tilesSeedCommand struct {
	Layers []string `arg:"" help:"Layers, such as land.parcels land.buildings."`
	For    []string `default:"anonymous" help:"Who sees the tiles, with commas between: anonymous, logins of accounts, or everyone, which is anonymous and all accounts. What several see alike is made once."`

	extentFlags
	memoryFlag
	cacheFlag
}

// Run fills the cache and prints what was put there. Who stops it in the middle
// and begins again goes on.
func (c tilesSeedCommand) Run(r *run) error {
	e, err := c.of(c.Layers)
	if err != nil {
		return err
	}
	return r.withLayers(func(b *backend) error {
		service, err := tiles.NewService(b.layers, b.store)
		if err != nil {
			return err
		}
		viewers, err := b.viewers(r, c.For)
		if err != nil {
			return err
		}
		service.Follow(b.feed)
		if err := b.share(r, service, c.TileCache); err != nil {
			return err
		}
		began := time.Now()
		var done tiles.Seeded
		group, ctx := errgroup.WithContext(r)
		ctx, stop := context.WithCancel(ctx)
		group.Go(func() error { return unlessStopped(b.feed.Run(ctx)) })
		group.Go(func() (err error) {
			defer stop()
			for _, v := range viewers {
				if service.CheckSeed(v, c.Layers) == nil {
					if err := service.Preload(ctx, v, c.Layers, c.bytes()); err != nil {
						return err
					}
					break
				}
			}
			done, err = service.Seed(ctx, viewers, e, progress(os.Stderr))
			return err
		})
		switch err := group.Wait(); {
		case r.Err() != nil:
			return errors.New("interrupted: what was put there stays, the same command goes on")
		case err != nil:
			return err
		}
		_, err = fmt.Printf("%d tiles are there, %d of them new, in %.1f s\n", done.Tiles, done.Made, time.Since(began).Seconds())
		return err
	})
}

// viewers are those that are named: anonymous, everyone, or logins.
func (b *backend) viewers(ctx context.Context, names []string) ([]layers.Viewer, error) {
	var all []layers.Viewer
	if slices.Contains(names, "everyone") {
		members, err := auth.Viewers(ctx, b.pool)
		return append([]layers.Viewer{{}}, members...), err
	}
	logins := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "anonymous" })
	if len(logins) < len(names) {
		all = append(all, layers.Viewer{})
	}
	if len(logins) == 0 {
		return all, nil
	}
	members, err := auth.Viewers(ctx, b.pool, logins...)
	return append(all, members...), err
}

// told is how often somebody who waits is told how far it is.
const told = 2 * time.Second

// progress tells how many tiles were looked at, and how long the others may take.
func progress(to io.Writer) func(looked, expected int64) {
	began, last := time.Now(), time.Now()
	return func(looked, expected int64) {
		if time.Since(last) < told || looked == 0 {
			return
		}
		last = time.Now()
		left := time.Duration(float64(time.Since(began)) * float64(expected-looked) / float64(looked))
		_, _ = fmt.Fprintf(to, "%d of about %d tiles looked at, %v left\n", looked, expected, left.Round(time.Second))
	}
}
