package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"arpent/layers"
	"arpent/layers/postgis"
)

type layerCommand struct {
	Dir        layerDirCommand        `cmd:"" help:"Print the folder whose layer files are loaded beside the built-in ones."`
	Introspect layerIntrospectCommand `cmd:"" help:"Print a layer file for a table."`
	Check      layerCheckCommand      `cmd:"" help:"Check layer files against the database."`
}

type layerDirCommand struct{}

// Run prints the folder, made if need be.
func (layerDirCommand) Run(r *run) error {
	dir, err := filepath.Abs(r.settings.layerDir())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of layer files: %w", err)
	}
	_, err = fmt.Println(dir)
	return err
}

type layerIntrospectCommand struct {
	Table string `arg:"" help:"schema.table"`
}

// Run prints a layer file.
func (c layerIntrospectCommand) Run(r *run) error {
	return r.withDatabase(func(b *backend) error {
		file, err := postgis.Introspect(r, b.pool, c.Table)
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(file)
		return err
	})
}

type layerCheckCommand struct {
	Files []string `arg:"" optional:"" help:"Layer files; all of the folder when none is given." type:"existingfile"`
}

// Run checks files, by themselves and beside the built-in layers; nothing is
// changed.
func (c layerCheckCommand) Run(r *run) error {
	files := c.Files
	if len(files) == 0 {
		var err error
		if files, err = filepath.Glob(filepath.Join(r.settings.layerDir(), "*.yaml")); err != nil {
			return err
		}
	}
	return r.withDatabase(func(b *backend) error {
		all, err := builtIn()
		if err != nil {
			return err
		}
		store := postgis.NewStore(b.pool)
		var faults []error
		for _, path := range files {
			l, err := readLayer(path)
			if err == nil {
				all = append(all, l)
				err = store.Describe(r, l)
			}
			faults = append(faults, err)
		}
		_, err = layers.NewCatalog(all)
		if err := errors.Join(append(faults, err)...); err != nil {
			return err
		}
		_, err = fmt.Println("ok")
		return err
	})
}

func readLayer(path string) (*layers.Layer, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a layer file: %w", err)
	}
	return layers.ReadFile(path, data)
}
