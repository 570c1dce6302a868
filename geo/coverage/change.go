package coverage

import "arpent/geo/change"

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
func (ch Change) IDs() []ID { return ch.shapes().IDs() }

// Created answers the names of the new polygons, in order.
func (ch Change) Created() []ID { return ch.shapes().Created() }

func (ch Change) shapes() change.Of[ID, Shape] {
	return change.Of[ID, Shape]{Before: ch.Before, After: ch.After}
}

// Inverse answers the change that takes this one back.
func (ch Change) Inverse() Change { return Change{Before: ch.After, After: ch.Before} }

// Then answers the change that does this one and after it another.
func (ch Change) Then(next Change) Change {
	shapes := ch.shapes().Then(next.shapes(), Shape.equal)
	both := Change{Before: shapes.Before, After: shapes.After, From: map[ID][]ID{}}
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
