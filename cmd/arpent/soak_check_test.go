package main_test

import (
	"fmt"
	"math"
	"time"

	"arpent/layers/postgis"
	"arpent/tiles/tiletest"
)

// versions are the things in a tile, with the version that it shows.
func (s *soak) versions(tile *seen) map[string]int {
	found := map[string]int{}
	for id, f := range s.features(tile.data) {
		found[id] = int(f.version)
	}
	return found
}

// drawn is a thing as a tile draws it: its box in units of the tile.
type drawn struct {
	version int64
	box     [4]int
}

func (s *soak) features(data []byte) map[string]drawn {
	found := map[string]drawn{}
	for _, l := range tiletest.Decode(s.T, data) {
		for _, f := range l.Features {
			d := drawn{box: [4]int{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}}
			switch n := f.Properties["version"].(type) {
			case int64:
				d.version = n
			case uint64:
				d.version = int64(n)
			}
			for _, part := range f.Parts {
				for _, p := range part {
					d.box = [4]int{min(d.box[0], p[0]), min(d.box[1], p[1]), max(d.box[2], p[0]), max(d.box[3], p[1])}
				}
			}
			found[f.Properties["id"].(string)] = d
		}
	}
	return found
}

// check compares a tile with what PostGIS encodes of the versions that it shows, and
// of those that it ought to show and does not. Each must have been there at some
// moment from a lag before the tile was asked for until its answer, and all at one.
func (s *soak) check(tile *seen) error {
	s.count("tiles compared", 1)
	shown := s.features(tile.data)
	from, until := tile.asked.Add(-postgis.Lag), tile.answered
	oracle := map[string]version{}
	missing := map[string][]string{} // versions of things that are not shown and may have to be
	for id, f := range shown {
		t := s.byID[id]
		if t == nil {
			return s.different(tile, "%s is in it, which never was", id)
		}
		v, over, ok := t.at(int(f.version))
		lowest, highest := t.allowed(tile.asked, tile.answered, postgis.Lag)
		switch {
		case !ok || v.gone:
			return s.different(tile, "%s has version %d, which never was", id, f.version)
		case int(f.version) < lowest:
			s.count("stale tiles", 1)
			s.Errorf("tile %d/%d/%d is stale: it shows version %d of %s, of which version %d was committed %v before it was asked for",
				tile.z, tile.x, tile.y, f.version, id, f.version+1, tile.asked.Sub(over))
			return nil
		case int(f.version) > highest:
			return s.different(tile, "%s has version %d before its time", id, f.version)
		}
		oracle[fmt.Sprint(id, "@", f.version)] = v
		from = later(from, v.begun)
		if !over.IsZero() && over.Before(until) {
			until = over
		}
	}
	if from.After(until) {
		s.count("tiles that show no state at one moment", 1)
	}
	for id, t := range s.byID {
		if _, ok := shown[id]; ok {
			continue
		}
		lowest, highest := t.allowed(tile.asked, tile.answered, postgis.Lag)
		var all []string
		for n := lowest; n <= highest; n++ {
			v, _, _ := t.at(n)
			if v.gone || !v.within(tile) {
				all = nil
				break
			}
			name := fmt.Sprint(id, "@", n)
			oracle[name] = v
			all = append(all, name)
		}
		if all != nil {
			missing[id] = all
		}
	}
	return s.compare(tile, shown, missing, oracle)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// within tells whether the box of a version meets a tile, its buffer apart.
func (v version) within(tile *seen) bool {
	side := mercator / float64(int(1)<<tile.z)
	west, north := float64(tile.x)*side-mercator/2, mercator/2-float64(tile.y)*side
	minX, minY, maxX, maxY := v.bounds()
	return minX < west+side && maxX > west && minY < north && maxY > north-side
}

// compare has PostGIS encode the versions.
func (s *soak) compare(tile *seen, shown map[string]drawn, missing map[string][]string, oracle map[string]version) error {
	place := fmt.Sprintf("%d/%d/%d %s", tile.z, tile.x, tile.y, tile.etag)
	s.mu.Lock()
	known := s.correct[place]
	s.mu.Unlock()
	if known && len(missing) == 0 || len(oracle) == 0 {
		return nil
	}
	var names []string
	var x, y, side []float64
	var corner []bool
	for name, v := range oracle {
		names, x, y, side, corner = append(names, name), append(x, v.x), append(y, v.y), append(side, v.side), append(corner, v.corner)
	}
	var data []byte
	err := s.pool.QueryRow(s.ctx, `
		select coalesce(ST_AsMVT(q, 'soak.things', 4096, 'geom'), '') from (
			select id, ST_AsMVTGeom(ST_SetSRID(ST_MakePolygon(ST_MakeLine(case when corner
				then array[ST_Point(x + side / 2, y), ST_Point(x + side, y + side / 2), ST_Point(x + side / 2, y + side), ST_Point(x, y + side / 2), ST_Point(x + side / 2, y)]
				else array[ST_Point(x, y), ST_Point(x + side, y), ST_Point(x + side, y + side), ST_Point(x, y + side), ST_Point(x, y)] end)), 3857),
				ST_TileEnvelope($1, $2, $3), 4096, 64, true) as geom
			from unnest($4::text[], $5::float8[], $6::float8[], $7::float8[], $8::boolean[]) as v (id, x, y, side, corner)) q
		where geom is not null`, tile.z, tile.x, tile.y, names, x, y, side, corner).Scan(&data)
	if err != nil {
		return err
	}
	want := s.features(data)
	for id, f := range shown {
		name := fmt.Sprint(id, "@", f.version)
		if w, ok := want[name]; (!ok || !near(w.box, f.box)) && !small(f.box) {
			return s.different(tile, "%s is drawn at %v, PostGIS has %v", name, f.box, w.box)
		}
	}
	for id, names := range missing {
		left := false // some version that it may show is not drawn there
		for _, name := range names {
			if w, ok := want[name]; !ok || small(w.box) {
				left = true
			}
		}
		if !left {
			return s.different(tile, "%s is not in it, whose versions %v all are there", id, names)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.correct[place] = true
	return nil
}

// small tells whether a shape is so little of a tile that encoders may leave it out.
func small(box [4]int) bool { return box[2]-box[0] <= 2 || box[3]-box[1] <= 2 }

// near compares boxes to a unit, as the encoders round each in its way; to three
// where a shape is cut at the end of the buffer, as one rounds before it cuts.
func near(a, b [4]int) bool {
	unit := 1
	if min(a[0], a[1], b[0], b[1]) <= -postgis.TileBuffer || max(a[2], a[3], b[2], b[3]) >= postgis.TileExtent+postgis.TileBuffer {
		unit = 3
	}
	for i := range a {
		if a[i]-b[i] > unit || b[i]-a[i] > unit {
			return false
		}
	}
	return true
}

func (s *soak) different(tile *seen, format string, args ...any) error {
	s.count("different features", 1)
	return fmt.Errorf("tile %d/%d/%d: %s", tile.z, tile.x, tile.y, fmt.Sprintf(format, args...))
}
