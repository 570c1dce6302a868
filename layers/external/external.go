// Package external knows the map services of others that lie on the town's map:
// what their capabilities offer, which layers were chosen of them, and how each
// is asked. It sends nothing itself.
package external

import (
	"fmt"
	"net/url"
	"strings"

	"arpent/layers"
	"arpent/layers/basemaps"
)

// Kind is a standard of the Open Geospatial Consortium.
type Kind string

// Kinds of services.
const (
	WMS  Kind = "wms"
	WMTS Kind = "wmts"
	WFS  Kind = "wfs"
)

// Kinds are all kinds, the commonest first.
var Kinds = []Kind{WMS, WMTS, WFS}

// Service is a service that administrators registered.
type Service struct {
	ID     string
	Kind   Kind
	URL    string // without parameters of the standard
	Title  layers.Text
	Public bool // whoever is not signed in sees it too
	Definition
}

// Definition is what the capabilities said of what is asked of a service.
type Definition struct {
	Version     string  `json:"version"`
	Attribution string  `json:"attribution"`
	Layers      []Layer `json:"layers"`
}

// Layer is a layer of a service. Of one on offer, Styles lists all; of one that
// was chosen, Style is which.
type Layer struct {
	Name       string         `json:"name"`
	Title      layers.Text    `json:"title"`
	Style      string         `json:"style"`
	Format     string         `json:"format"`
	CRS        string         `json:"crs"`                  // EPSG:3857, EPSG:2154 or EPSG:4326
	Asked      string         `json:"asked"`                // the CRS in the words of the service
	InfoFormat string         `json:"infoFormat,omitempty"` // "" where it tells nothing of a place
	Legend     string         `json:"legend,omitempty"`     // graphic: by GetLegendGraphic; else its address, at the host of the service
	Extent     *[4]float64    `json:"extent,omitempty"`     // EPSG:3857
	MinScale   float64        `json:"minScale,omitempty"`   // denominators between which it is drawn; 0: any
	MaxScale   float64        `json:"maxScale,omitempty"`
	MatrixSet  string         `json:"matrixSet,omitempty"`
	Grid       *basemaps.Grid `json:"grid,omitempty"`
	Template   string         `json:"template,omitempty"` // of the addresses of tiles, where it answers no parameters
	Styles     []Style        `json:"styles,omitempty"`
	Unusable   layers.Text    `json:"unusable,omitempty"` // why it cannot be chosen
}

// Style is a way in which a service draws a layer.
type Style struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Legend string `json:"legend,omitempty"` // as of a layer
}

// GraphicLegend is the Legend of a layer that GetLegendGraphic draws.
const GraphicLegend = "graphic"

// LayerID names a layer of a service in the arrangement of the map.
func LayerID(service string, index int) string { return fmt.Sprintf("external.%s.%d", service, index) }

// standard are the parameters that a request sets itself, whatever the address
// of the service says.
var standard = map[string]bool{
	"service": true, "request": true, "version": true, "layers": true, "layer": true, "styles": true, "style": true, "format": true,
	"crs": true, "srs": true, "srsname": true, "bbox": true, "width": true, "height": true, "transparent": true, "exceptions": true,
	"query_layers": true, "info_format": true, "i": true, "j": true, "x": true, "y": true, "feature_count": true,
	"tilematrixset": true, "tilematrix": true, "tilerow": true, "tilecol": true,
	"typename": true, "typenames": true, "outputformat": true, "count": true, "maxfeatures": true, "startindex": true,
	"sld_version": true, "sld": true, "sld_body": true, "filter": true, "cql_filter": true,
}

// Normalize is the address of a service without the parameters of the standard;
// others, such as the map file of a server, stay. The kind is that of its
// service parameter; "" for none.
func Normalize(address string) (string, Kind, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || len(address) > 2000 {
		return "", "", refuse("address", "url: write the address of the service, such as https://host.example/wms")
	}
	if u.User != nil {
		return "", "", refuse("credentials", "url: leave user and password out: services that need them cannot be registered")
	}
	u.Fragment = ""
	kind := Kind("")
	kept := url.Values{}
	for name, values := range u.Query() {
		if lower := strings.ToLower(name); lower == "service" {
			kind = Kind(strings.ToLower(values[0]))
		} else if !standard[lower] {
			kept[name] = values
		}
	}
	u.RawQuery = kept.Encode()
	return u.String(), kind, nil
}

// refuse is an error whose code the page has words for.
func refuse(code, format string, args ...any) error {
	e := layers.Errorf(layers.Invalid, format, args...)
	e.Faults = []layers.Fault{{Location: code, Message: e.Detail}}
	return e
}
