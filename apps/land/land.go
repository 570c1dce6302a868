// Package land keeps land records: the cadastre and, later, permits.
package land

import (
	"embed"

	"arpent/layers"
)

//go:embed app.yaml layers/*.yaml
var files embed.FS

// Layers reads the layer files of the application.
func Layers() ([]*layers.Layer, error) { return layers.ReadApplication(files) }
