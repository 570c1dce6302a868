// Package cemetery keeps burial grounds: plots, who lies in them, who holds them.
package cemetery

import (
	"embed"

	"arpent/layers"
)

//go:embed app.yaml layers/*.yaml
var files embed.FS

// Layers reads the layer files of the application.
func Layers() ([]*layers.Layer, error) { return layers.ReadApplication(files) }
