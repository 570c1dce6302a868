// Package land keeps land records: the cadastre and, later, permits.
package land

import (
	"embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"arpent/layers"
)

//go:embed app.yaml layers/*.yaml
var files embed.FS

// Layers reads the layer files of the application.
func Layers() ([]*layers.Layer, error) {
	data, err := files.ReadFile("app.yaml")
	if err != nil {
		return nil, err
	}
	var app layers.Application
	if err := yaml.Unmarshal(data, &app); err != nil {
		return nil, fmt.Errorf("land/app.yaml: %w", err)
	}
	return layers.ReadDir(files, "layers", app)
}
