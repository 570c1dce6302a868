package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"arpent/apps/land"
)

type importCommand struct {
	Files        []string `arg:"" help:"Files to import: for land, sheets of the cadastral plan in EDIGEO (.tar.bz2)." type:"existingfile"`
	App          string   `required:"" enum:"land" help:"Application: land."`
	Collectivity string   `required:"" help:"Code of the collectivity, for land the INSEE code of the commune."`
}

// Run imports files and prints what became of their objects.
func (c importCommand) Run(r *run) error {
	return r.withLayers(func(b *backend) error {
		imported, err := land.ImportEDIGEO(r, b.layers, b.store, commandLine, c.Collectivity, c.Files)
		if err != nil {
			return err
		}
		return printImported(os.Stdout, imported)
	})
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
