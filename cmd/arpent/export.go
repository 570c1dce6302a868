package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"arpent/layers"
	"arpent/layers/exports"
)

type exportCommand struct {
	File     string            `arg:"" help:"File to write." type:"path"`
	Layer    string            `required:"" help:"Layer, such as land.parcels."`
	Format   string            `enum:",csv,xlsx,geojson,gpkg,shp,kml" default:"" help:"csv, xlsx, geojson, gpkg, shp (in a zip) or kml; as the file is called when absent."`
	SRID     int               `name:"srid" help:"EPSG code of the coordinates; that of the layer when absent."`
	Filter   map[string]string `help:"field=value that records have; may be given several times."`
	Search   string            `help:"Words that the search fields have."`
	Sort     string            `help:"Field to sort by, with - before it from last to first."`
	Fields   []string          `help:"Fields in their order, with commas between; all when absent."`
	Labels   bool              `help:"Words in the place of codes."`
	Shape    bool              `help:"Columns of the shape in CSV and, of points, XLSX."`
	Language string            `enum:"fr,en" default:"fr" help:"Language of words, and how CSV writes numbers: fr or en."`
}

// Run writes the file and prints what is in it.
func (c exportCommand) Run(r *run) error {
	format, err := c.format()
	if err != nil {
		return err
	}
	return r.withLayers(func(b *backend) error {
		who := commandLine
		who.Language = c.Language
		options := exports.Options{
			Format: format, SRID: c.SRID, Labels: c.Labels, Shape: c.Shape, Fields: c.Fields,
			Query: layers.Query{Equal: c.Filter, Text: c.Search, Sort: c.Sort},
		}
		done, err := exports.New(b.layers, "").WriteTo(r, who, c.Layer, options, c.File, func(int64, int64) {})
		if err != nil {
			return err
		}
		return printExported(done, c.File)
	})
}

// format is that of the option, else what the name of the file promises.
func (c exportCommand) format() (exports.Format, error) {
	ending := strings.ToLower(filepath.Ext(c.File))
	switch {
	case ending == ".shp":
		return "", errors.New("a shapefile is several files: name a zip for them, such as parcels.zip")
	case c.Format != "":
		return exports.Format(c.Format), nil
	case ending == ".zip":
		return exports.Shapefile, nil
	default:
		return exports.Format(strings.TrimPrefix(ending, ".")), nil
	}
}

func printExported(done *exports.Outcome, path string) error {
	fmt.Printf("%d records, %d bytes\n", done.Records, done.Size)
	for _, name := range slices.Sorted(maps.Keys(done.Renamed)) {
		fmt.Printf("column %s is called %s: a shapefile holds ten characters\n", name, done.Renamed[name])
	}
	if done.Cut > 0 {
		fmt.Printf("%d texts are cut after 254 bytes: a shapefile holds no more\n", done.Cut)
	}
	if done.NoShape > 0 {
		fmt.Printf("%d records have no shape\n", done.NoShape)
	}
	_, err := fmt.Println(path)
	return err
}
