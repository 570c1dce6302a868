// Package change compares what there was with what there is to be, name by
// name: the part that changes of coverages and of networks have in common.
package change

import (
	"cmp"
	"maps"
	"slices"
)

// Of is what happens to things that have names.
type Of[ID cmp.Ordered, T any] struct {
	// Before has them as they were; those that are new are not in it.
	Before map[ID]T
	// After has them as they will be; those that go are not in it.
	After map[ID]T
}

// IDs answers the names of all that are changed, made or taken away, in order.
func (ch Of[ID, T]) IDs() []ID {
	all := make(map[ID]bool, len(ch.Before)+len(ch.After))
	for id := range ch.Before {
		all[id] = true
	}
	for id := range ch.After {
		all[id] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// Created answers the names of what is new, in order.
func (ch Of[ID, T]) Created() []ID { return only(ch.After, ch.Before) }

// Deleted answers the names of what goes, in order.
func (ch Of[ID, T]) Deleted() []ID { return only(ch.Before, ch.After) }

func only[ID cmp.Ordered, T any](in, notIn map[ID]T) []ID {
	var ids []ID
	for id := range in {
		if _, too := notIn[id]; !too {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Inverse answers the change that takes this one back.
func (ch Of[ID, T]) Inverse() Of[ID, T] { return Of[ID, T]{Before: ch.After, After: ch.Before} }

// Then answers the change that does this one and after it another. What is the
// same in the end, or made and taken away, is not in it.
func (ch Of[ID, T]) Then(next Of[ID, T], same func(a, b T) bool) Of[ID, T] {
	both := Of[ID, T]{Before: map[ID]T{}, After: map[ID]T{}}
	maps.Copy(both.Before, ch.Before)
	maps.Copy(both.After, ch.After)
	for id, was := range next.Before {
		_, made := ch.After[id]
		_, gone := ch.Before[id]
		if !made && !gone {
			both.Before[id] = was
		}
		delete(both.After, id)
	}
	maps.Copy(both.After, next.After)
	for id, now := range both.After {
		if was, stood := both.Before[id]; stood && same(was, now) {
			delete(both.Before, id)
			delete(both.After, id)
		}
	}
	return both
}
