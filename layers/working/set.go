package working

import (
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"arpent/geo/coverage"
)

// Set is a working set: what one person has done to one layer and not saved.
type Set struct {
	ID       int64
	Revision int64 // grows with each change; 0 when there is no set
	Since    time.Time
	document
}

// document is what the database keeps of a set.
type document struct {
	Steps []Step
	Done  int // how many steps are done; those after are undone and may be done again
	// Base has the features as they were stored when a step first touched them.
	Base map[coverage.ID]Base
}

// Base is a feature as it is stored.
type Base struct {
	Version      string
	Collectivity string
	Label        string
	Shape        orb.MultiPolygon
}

// Step is an operation that was done, with each polygon before and after.
type Step struct {
	Operation     Operation
	Before, After map[coverage.ID]orb.MultiPolygon
	From          map[coverage.ID][]coverage.ID
}

// IDs are the polygons that the step changes, in order.
func (st Step) IDs() []coverage.ID {
	all := map[coverage.ID]bool{}
	for id := range st.Before {
		all[id] = true
	}
	for id := range st.After {
		all[id] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// Present has all polygons that the steps done have touched as they are now; a
// nil shape is one that is gone.
func (d *document) Present() map[coverage.ID]orb.MultiPolygon {
	now := map[coverage.ID]orb.MultiPolygon{}
	for _, st := range d.Steps[:d.Done] {
		for id := range st.Before {
			now[id] = nil
		}
		maps.Copy(now, st.After)
	}
	for id, shape := range now {
		if _, stored := d.Base[id]; shape == nil && !stored {
			delete(now, id) // made and taken away again
		}
	}
	return now
}

// Origin answers the stored feature that a new polygon was made of, the one
// with the largest share; "" for none.
func (d *document) Origin(id coverage.ID) coverage.ID {
	for range len(d.Steps) + 1 {
		if _, stored := d.Base[id]; stored {
			return id
		}
		from := d.from(id)
		if len(from) == 0 {
			return ""
		}
		id = from[0]
	}
	return ""
}

// from answers whose land a new polygon had when it was made.
func (d *document) from(id coverage.ID) []coverage.ID {
	for _, st := range d.Steps[:d.Done] {
		if from, made := st.From[id]; made {
			return from
		}
	}
	return nil
}

// add appends a step; what was undone is forgotten.
func (d *document) add(st Step) {
	d.Steps = append(slices.Clip(d.Steps[:d.Done]), st)
	d.Done++
}

// forget leaves out base features that no step touches.
func (d *document) forget() {
	used := map[coverage.ID]bool{}
	for _, st := range d.Steps {
		for _, id := range st.IDs() {
			used[id] = true
		}
	}
	maps.DeleteFunc(d.Base, func(id coverage.ID, _ Base) bool { return !used[id] })
}
