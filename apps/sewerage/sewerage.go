// Package sewerage keeps sewer networks as the géostandard RAEPA describes them.
package sewerage

import (
	"embed"

	"arpent/layers"
)

//go:embed app.yaml layers/*.yaml
var files embed.FS

// Layers reads the layer files of the application.
func Layers() ([]*layers.Layer, error) { return layers.ReadApplication(files) }
