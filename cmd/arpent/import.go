package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"arpent/apps/land"
	"arpent/layers/imports"
)

type importCommand struct {
	Files        []string `arg:"" help:"Files to import: with --app land, sheets of the cadastral plan in EDIGEO (.tar.bz2); with --layer, a table (CSV, XLSX, GeoJSON, GeoPackage, KML, DXF) or the parts of a shapefile." type:"existingfile"`
	App          string   `enum:",land" default:"" help:"Application: land."`
	Layer        string   `help:"Layer, such as land.addresses."`
	Collectivity string   `help:"Code of the collectivity that owns the records, for land the INSEE code of the commune."`
	Key          []string `help:"Fields by which a record is known, with commas between: known ones are updated, others created. With none, all are new. Absent: as the layer says."`
	SRID         int      `name:"srid" help:"EPSG code of the coordinates, where the file does not say it."`
	DryRun       bool     `help:"Check everything and write nothing."`
	Whole        bool     `help:"Write nothing when a record is rejected."`
}

// Run imports files and prints what became of their records.
func (c importCommand) Run(r *run) error {
	if (c.Layer == "") == (c.App == "") {
		return errors.New("say what the files fill: --layer or --app")
	}
	if c.Layer != "" {
		return r.withLayers(func(b *backend) error { return c.fill(r, b) })
	}
	if c.Collectivity == "" || c.DryRun || c.Whole || len(c.Key) > 0 || c.SRID != 0 {
		return errors.New("with --app, say --collectivity; --key, --srid, --dry-run and --whole are for --layer")
	}
	return r.withLayers(func(b *backend) error {
		imported, err := land.ImportEDIGEO(r, b.layers, b.store, commandLine, c.Collectivity, c.Files)
		if err != nil {
			return err
		}
		return printImported(os.Stdout, imported)
	})
}

// fill imports a table into a layer.
func (c importCommand) fill(r *run, b *backend) (err error) {
	who := commandLine
	who.Language = "en"
	local, err := imports.New(b.layers, b.pool, filepath.Join(r.settings.Data, "uploads")).OpenLocal(r, who, c.Layer, c.Files...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	local.Plan.Whole = c.Whole
	if c.Collectivity != "" {
		local.Plan.Collectivity = c.Collectivity
	}
	if c.SRID != 0 {
		local.Plan.Shape.SRID = c.SRID
	}
	if err := c.setKey(b, local.Plan); err != nil {
		return err
	}
	done, err := local.Run(r, fmt.Sprintf("import %s %s", local.File, time.Now().Format(time.RFC3339Nano)), c.DryRun)
	if err != nil {
		return err
	}
	printOutcome(local.Plan, done)
	if done.Rejected == 0 {
		return nil
	}
	path := strings.TrimSuffix(c.Files[0], filepath.Ext(c.Files[0])) + "-rejects.csv"
	if err := keepRejects(local, path); err != nil {
		return err
	}
	_, err = fmt.Printf("rejected records, to be mended and imported again:\n%s\n", path)
	return err
}

// setKey makes the plan find records by the key that was asked for: a column
// of the same name fills the field that nothing fills yet.
func (c importCommand) setKey(b *backend, p *imports.Plan) error {
	if c.Key == nil {
		return nil
	}
	p.Key = slices.DeleteFunc(slices.Clone(c.Key), func(name string) bool { return name == "" })
	l, err := b.layers.Catalog().Get(commandLine, c.Layer)
	if err != nil {
		return err
	}
	for _, name := range p.Key {
		if f := l.Field(name); f != nil && p.Columns[name] == "" {
			p.Columns[name] = name
		}
	}
	return nil
}

func keepRejects(local *imports.Local, path string) error {
	from, err := local.Rejects()
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keeping the rejected records: %w", err)
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// printOutcome tells how the columns filled the layer and what became of the
// records.
func printOutcome(p *imports.Plan, done *imports.Outcome) {
	for _, field := range slices.Sorted(maps.Keys(p.Columns)) {
		fmt.Printf("%-24s from column %s\n", field, p.Columns[field])
	}
	fmt.Printf("%d created, %d updated, %d unchanged, %d skipped, %d rejected\n", done.Created, done.Updated, done.Unchanged, done.Skipped, done.Rejected)
	for _, reject := range done.Rejects[:min(len(done.Rejects), 10)] {
		fmt.Printf("record %d: %s\n", reject.Row, reject.Reason)
	}
	switch {
	case done.DryRun:
		fmt.Println("nothing was written: this was a try")
	case !done.Written:
		fmt.Println("nothing was written: some records were rejected")
	default:
		fmt.Printf("history knows them as %q\n", done.Cause)
	}
}

func printImported(to io.Writer, imported []land.Imported) error {
	for _, n := range imported {
		out := 0
		for _, count := range n.LeftOut {
			out += count
		}
		if _, err := fmt.Fprintf(to, "%-18s %6d created %6d updated %6d unchanged %6d repaired %6d left out\n",
			n.Layer, n.Created, n.Updated, n.Unchanged, n.Repaired, out); err != nil {
			return err
		}
		for _, reason := range slices.Sorted(maps.Keys(n.LeftOut)) {
			if _, err := fmt.Fprintf(to, "%18s %6d left out: %s\n", "", n.LeftOut[reason], reason); err != nil {
				return err
			}
		}
	}
	return nil
}
