package mvt_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/peterstace/simplefeatures/geom"

	"arpent/layers/postgis/postgistest"
)

// checkValid fails unless a geometry is valid by the rules of OGC.
func checkValid(t *testing.T, g orb.Geometry) {
	t.Helper()
	if _, err := geom.UnmarshalWKB(postgistest.WKB(t, g)); err != nil {
		t.Errorf("%v: %v", err, g)
	}
}

// isValid reports whether the first ring, which is not closed, is valid.
func isValid(p orb.Polygon) bool {
	if len(p[0]) < 3 {
		return false
	}
	var flat []float64
	for _, at := range append(p[0][:len(p[0]):len(p[0])], p[0][0]) {
		flat = append(flat, at[0], at[1])
	}
	outer := geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
	return geom.NewPolygon([]geom.LineString{outer}).Validate() == nil
}

// clippedTo is the ring within a bound, joined along its border.
func clippedTo(r orb.Ring, to orb.Bound) orb.Ring {
	closed := append(r[:len(r):len(r)], r[0])
	return clip.Ring(to, closed)
}
