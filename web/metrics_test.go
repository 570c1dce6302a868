package web_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// A town seen from far away has small buildings left out: the answer says so, and
// so do the counters, to administrators alone.
func TestWhatTilesLeaveOutIsToldAndCounted(t *testing.T) {
	s := newSite(t)
	s.refused(s.get("/metrics"), 401, "")
	at := s.want(s.get("/tiles/land.buildings.json"), 200).json(t)["center"].([]any)
	tile := maptile.At(orb.Point{at[0].(float64), at[1].(float64)}, 12)
	made := s.get(fmt.Sprintf("/tiles/land.buildings/12/%d/%d.mvt", tile.X, tile.Y))
	if told := made.Header.Get("Arpent-Tile-Reduced"); !regexp.MustCompile(`^\d+ of [1-9]\d*$`).MatchString(told) {
		t.Errorf("of a tile with small buildings is told %q", told)
	}
	counters := string(s.want(s.get("/metrics", s.admin()), 200).body)
	if !regexp.MustCompile(`(?m)^# TYPE arpent_tiles_reduced_total counter\narpent_tiles_reduced_total\{layer="land\.buildings"\} 1$`).MatchString(counters) {
		t.Errorf("counters are\n%s", counters)
	}
}
