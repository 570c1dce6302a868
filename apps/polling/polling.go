// Package polling keeps polling stations, the rules that send streets to them,
// and the addresses of electors.
package polling

import (
	"embed"

	"arpent/layers"
)

//go:embed app.yaml layers/*.yaml
var files embed.FS

// Layers reads the layer files of the application.
func Layers() ([]*layers.Layer, error) { return layers.ReadApplication(files) }
