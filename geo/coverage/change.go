package coverage

import (
	"maps"
	"slices"
)

// Change is what an operation does to polygons.
type Change struct {
	// Before has the polygons as they were; those that are new are not in it.
	Before map[ID]Shape
	// After has them as they will be; those that go are not in it.
	After map[ID]Shape
	// From says whose land the new ones have, the largest share first.
	From map[ID][]ID
}

// IDs answers the names of all polygons changed, made or taken away, in order.
func (ch Change) IDs() []ID {
	all := maps.Clone(ch.Before)
	if all == nil {
		all = map[ID]Shape{}
	}
	maps.Copy(all, ch.After)
	return slices.Sorted(maps.Keys(all))
}

// Created answers the names of the new polygons, in order.
func (ch Change) Created() []ID {
	var ids []ID
	for id := range ch.After {
		if _, was := ch.Before[id]; !was {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Inverse answers the change that takes this one back.
func (ch Change) Inverse() Change { return Change{Before: ch.After, After: ch.Before} }

// Then answers the change that does this one and after it another.
func (ch Change) Then(next Change) Change {
	both := Change{Before: maps.Clone(ch.Before), After: maps.Clone(ch.After), From: map[ID][]ID{}}
	for _, id := range next.IDs() {
		was, stood := next.Before[id]
		if _, too := ch.After[id]; !too && stood {
			both.Before[id] = was
		}
		delete(both.After, id)
		if now, stands := next.After[id]; stands {
			both.After[id] = now
		}
	}
	for _, id := range both.IDs() {
		if was, now := both.Before[id], both.After[id]; was.equal(now) { // or made and taken away
			delete(both.Before, id)
			delete(both.After, id)
		}
	}
	for _, id := range both.Created() {
		for _, from := range append(ch.From[id], next.From[id]...) {
			if _, made := ch.From[from]; !made {
				both.From[id] = append(both.From[id], from)
				continue
			}
			both.From[id] = append(both.From[id], ch.From[from]...)
		}
	}
	return both
}

// Area2 is by how much twice the area of all polygons together grows, in square
// millimetres.
func (ch Change) Area2() int64 {
	var sum int64
	for _, s := range ch.After {
		sum += s.Area2()
	}
	for _, s := range ch.Before {
		sum -= s.Area2()
	}
	return sum
}

// Apply makes a change. It fails, and does nothing, when a polygon is no longer
// as it was when the change was computed.
func (c *Coverage) Apply(ch Change) error {
	for _, id := range ch.IDs() {
		was, now := ch.Before[id], c.shapes[id]
		if !was.equal(now) {
			where := Point{}
			if len(now) > 0 {
				where = now[0][0][0]
			}
			return fault(Stale, where, id)
		}
	}
	for _, id := range ch.IDs() {
		c.set(id, ch.After[id])
	}
	return nil
}
