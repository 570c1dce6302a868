package ogc

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"arpent/layers"
)

const (
	crs84   = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	srid84  = 4326
	sridWeb = 3857
)

// crs is a coordinate reference system as clients name it.
type crs struct {
	srid int
	// swap: latitude comes before longitude, as EPSG says of geographic ones.
	// CRS84 is EPSG:4326 with longitude first.
	swap bool
}

var commonCRS = []crs{{srid84, false}, {srid84, true}, {sridWeb, false}}

// crsOf are the CRS in which a layer is offered: CRS84, EPSG:4326, Web
// Mercator, and its own.
func crsOf(l *layers.Layer) []crs {
	own := crs{l.Source.SRID, l.Source.Grid == 0}
	if l.Source.SRID == 0 || slices.Contains(commonCRS, own) {
		return commonCRS
	}
	return append(slices.Clone(commonCRS), own)
}

func (c crs) uri() string {
	if c.srid == srid84 && !c.swap {
		return crs84
	}
	return crsURI(c.srid)
}

func crsURI(srid int) string {
	return fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", srid)
}

func crsURIs(all []crs) []string {
	var uris []string
	for _, c := range all {
		uris = append(uris, c.uri())
	}
	return uris
}

var epsg = regexp.MustCompile(`^(?:https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/|urn:ogc:def:crs:EPSG:[0-9.]*:|\[?EPSG:)(\d{1,6})\]?$`)

// parseCRS finds the CRS that a client names among those of the layer. An
// empty name is CRS84.
func parseCRS(l *layers.Layer, parameter, name string) (crs, error) {
	if name == "" || name == crs84 || name == "[OGC:CRS84]" || name == "OGC:CRS84" {
		return crs{srid84, false}, nil
	}
	offered := crsOf(l)
	if match := epsg.FindStringSubmatch(name); match != nil {
		srid, _ := strconv.Atoi(match[1])
		for _, c := range offered {
			if c.srid == srid && c.uri() != crs84 {
				return c, nil
			}
		}
	}
	return crs{}, layers.BadParameter(parameter, name, "is not offered for this collection; offered are %v", crsURIs(offered))
}
