// Package planning keeps local plans (PLU) by the CNIG standard.
package planning

import (
	"embed"

	"arpent/layers"
)

//go:embed app.yaml layers/*.yaml
var files embed.FS

// Layers reads the layer files of the application.
func Layers() ([]*layers.Layer, error) { return layers.ReadApplication(files) }
