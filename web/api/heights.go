package api

import (
	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// raised gives the positions of a shape drawn on the map a third coordinate
// where the layer has one, as its columns cannot be without: 0, as QGIS draws
// them and OpenLayers adds vertices. What is known of heights is in the fields.
func raised(l *layers.Layer, g geom.T) geom.T {
	if g == nil || !l.Geometry.Z || g.Layout() != geom.XY {
		return g
	}
	switch g := g.(type) {
	case *geom.Point:
		return geom.NewPointFlat(geom.XYZ, lifted(g.FlatCoords())).SetSRID(g.SRID())
	case *geom.MultiPoint:
		return geom.NewMultiPointFlat(geom.XYZ, lifted(g.FlatCoords())).SetSRID(g.SRID())
	case *geom.LineString:
		return geom.NewLineStringFlat(geom.XYZ, lifted(g.FlatCoords())).SetSRID(g.SRID())
	case *geom.MultiLineString:
		return geom.NewMultiLineStringFlat(geom.XYZ, lifted(g.FlatCoords()), ends(g.Ends())).SetSRID(g.SRID())
	case *geom.Polygon:
		return geom.NewPolygonFlat(geom.XYZ, lifted(g.FlatCoords()), ends(g.Ends())).SetSRID(g.SRID())
	case *geom.MultiPolygon:
		var endss [][]int
		for _, e := range g.Endss() {
			endss = append(endss, ends(e))
		}
		return geom.NewMultiPolygonFlat(geom.XYZ, lifted(g.FlatCoords()), endss).SetSRID(g.SRID())
	}
	return g
}

func lifted(flat []float64) []float64 {
	up := make([]float64, 0, len(flat)/2*3)
	for i := 0; i+1 < len(flat); i += 2 {
		up = append(up, flat[i], flat[i+1], 0)
	}
	return up
}

// ends are places in coordinates of two numbers as those of three.
func ends(of []int) []int {
	up := make([]int, 0, len(of))
	for _, end := range of {
		up = append(up, end/2*3)
	}
	return up
}
