package main

import (
	"fmt"
	"os"
	"time"

	"github.com/paulmach/orb"

	"arpent/layers"
	"arpent/tiles"
	"arpent/tiles/archive"
)

type tilesCommand struct {
	Export tilesExportCommand `cmd:"" help:"Write tiles into one file, .pmtiles or .mbtiles."`
}

type tilesExportCommand struct {
	File     string    `arg:"" help:"File to write; its ending says of what kind." type:"path"`
	Layers   []string  `required:"" help:"Layers, with commas between, such as land.parcels,land.buildings."`
	MinZoom  int       `name:"minzoom" help:"Least zoom; that of the layers when absent."`
	MaxZoom  int       `name:"maxzoom" help:"Greatest zoom; that of the layers when absent."`
	BBox     []float64 `name:"bbox" help:"west,south,east,north in degrees; all there is when absent."`
	Internal bool      `help:"What members see too, in all collectivities. Absent: what anybody may see, fit to be published."`
	Language string    `enum:"fr,en" default:"fr" help:"Language of words: fr or en."`
}

// Run writes the file and prints what is in it.
func (c tilesExportCommand) Run(r *run) error {
	o := archive.Options{Layers: c.Layers, MinZoom: c.MinZoom, MaxZoom: c.MaxZoom}
	switch len(c.BBox) {
	case 0:
	case 4:
		o.Bounds = &orb.Bound{Min: orb.Point{c.BBox[0], c.BBox[1]}, Max: orb.Point{c.BBox[2], c.BBox[3]}}
		if o.Bounds.IsEmpty() {
			return fmt.Errorf("--bbox is west,south,east,north: %v is an empty box", c.BBox)
		}
	default:
		return fmt.Errorf("--bbox is west,south,east,north: four numbers, not %d", len(c.BBox))
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
		told := time.Now()
		done, err := archive.Write(r, service, who, o, c.File, func(looked int64) {
			if time.Since(told) > 2*time.Second {
				told = time.Now()
				fmt.Fprintf(os.Stderr, "%d tiles looked at\n", looked)
			}
		})
		if err != nil {
			return err
		}
		_, err = fmt.Printf("%s: %d tiles of zooms %d to %d, %d different ones, %.1f MB\n", c.File, done.Tiles, done.MinZoom, done.MaxZoom, done.Distinct, float64(done.Bytes)/1e6)
		return err
	})
}
