package working

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twpayne/go-geom"

	"arpent/geo/network"
)

// Ref names a feature: its layer, and what it is called there. A new one has a
// name for the time being that no other of the set has or had.
type Ref struct {
	Layer string `json:"layer"`
	ID    string `json:"id"`
}

// compare orders references by layer and name.
func compare(a, b Ref) int {
	if c := strings.Compare(a.Layer, b.Layer); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// ordered are the keys of a map of features, in order.
func ordered[T any](of map[Ref]T) []Ref { return slices.SortedFunc(maps.Keys(of), compare) }

// Set is a working set: what one person has done to one layer, or to the edges
// and nodes of one network, and not saved.
type Set struct {
	ID       int64
	Layer    string // by which it is known: of a network its edges
	Revision int64  // grows with each change; 0 when there is no set
	Since    time.Time
	Steps    []Step
	Done     int // how many steps are done; those after are undone and may be done again
}

// Base is a feature as it was stored when a step first touched it.
type Base struct {
	Version      string    `json:"version"`
	Collectivity string    `json:"collectivity,omitempty"`
	Label        string    `json:"label,omitempty"`
	At           time.Time `json:"at,omitzero"` // when it was read
	Shape        geom.T    `json:"-"`           // in the CRS of its layer
	// Revived is the deletion in history that the set takes back; then the rest
	// is as it was deleted. 0: it is stored.
	Revived int64 `json:"revived,omitempty"`
}

// Share says what a feature has of one that was there before: of an edge which
// part of its length, as [network.Part] does; of a polygon no more than whose
// land it was.
type Share struct {
	Of    Ref     `json:"of"`
	From  float64 `json:"from,omitempty"`
	To    float64 `json:"to,omitempty"`
	Start float64 `json:"start,omitempty"`
	End   float64 `json:"end,omitempty"`
}

// Step is an operation that was done, with what it made of each feature. What
// they were before is what the steps before it made of them, or their base.
type Step struct {
	Operation Operation
	After     map[Ref]geom.T // in the CRS of the layer; nil: it was taken away
	From      map[Ref][]Share
	Given     map[Ref]map[string]any // properties of new features
	Base      map[Ref]Base           // of stored features that no step before it touched
}

// Features are those that the step changes, in order.
func (st Step) Features() []Ref { return ordered(st.After) }

// Base answers a feature as it was stored; false for one that is new.
func (set *Set) Base(ref Ref) (Base, bool) {
	for i := range set.Steps {
		if base, touched := set.Steps[i].Base[ref]; touched {
			return base, true
		}
	}
	return Base{}, false
}

// Bases are all features that the steps have touched, as they were stored.
func (set *Set) Bases() map[Ref]Base {
	all := map[Ref]Base{}
	for i := range set.Steps {
		maps.Copy(all, set.Steps[i].Base)
	}
	return all
}

// Present has all features that the steps done have touched as they are now; a
// nil shape is one that is gone.
func (set *Set) Present() map[Ref]geom.T {
	now, bases := map[Ref]geom.T{}, set.Bases()
	for _, st := range set.Steps[:set.Done] {
		maps.Copy(now, st.After)
	}
	maps.DeleteFunc(now, func(ref Ref, shape geom.T) bool {
		_, stored := bases[ref]
		return shape == nil && !stored // made and taken away again
	})
	return now
}

// Origin answers the stored feature that a new one was made of, the one of which
// it has the most; of a node that was put on an edge that edge. False for none.
func (set *Set) Origin(ref Ref) (Ref, bool) {
	for range len(set.Steps) + 1 {
		if _, stored := set.Base(ref); stored {
			return ref, true
		}
		from := set.made(ref)
		if len(from) == 0 {
			return Ref{}, false
		}
		most := from[0]
		for _, s := range from {
			if s.End-s.Start > most.End-most.Start {
				most = s
			}
		}
		ref = most.Of
	}
	return Ref{}, false
}

// made answers of what a new feature was made.
func (set *Set) made(ref Ref) []Share {
	for _, st := range set.Steps[:set.Done] {
		if _, here := st.After[ref]; here {
			return st.From[ref]
		}
	}
	return nil
}

// Given are the properties that a new feature was given, the last of each.
func (set *Set) Given(ref Ref) map[string]any {
	all := map[string]any{}
	for _, st := range set.Steps[:set.Done] {
		maps.Copy(all, st.Given[ref])
	}
	return all
}

// lineage are the new features that a new one was made of, the nearest first.
func (set *Set) lineage(ref Ref) []Ref {
	var all []Ref
	for range len(set.Steps) + 1 {
		from := set.made(ref)
		if len(from) == 0 {
			break
		}
		ref = from[0].Of
		if _, stored := set.Base(ref); stored {
			break
		}
		all = append(all, ref)
	}
	return all
}

// givenSince are the properties that a new feature was given since it was last
// divided or joined.
func (set *Set) givenSince(ref Ref) map[string]any {
	all := map[string]any{}
	for _, st := range set.Steps[:set.Done] {
		if len(st.From[ref]) > 0 {
			clear(all)
		}
		maps.Copy(all, st.Given[ref])
	}
	return all
}

// Parts are what each feature that is left has of stored and drawn ones, where
// that is not all of itself.
func (set *Set) Parts() map[Ref][]Share {
	parts := map[Ref][]network.Part{}
	refs := map[network.ID]Ref{}
	name := func(ref Ref) network.ID {
		id := network.ID(ref.Layer + " " + ref.ID)
		refs[id] = ref
		return id
	}
	whole := func(ref Ref) []network.Part { return network.Whole(name(ref)) }
	for _, st := range set.Steps[:set.Done] {
		made := map[Ref][]network.Part{}
		for ref, from := range st.From {
			own := make([]network.Part, len(from))
			for i, s := range from {
				own[i] = network.Part{Of: name(s.Of), From: s.From, To: s.To, Start: s.Start, End: s.End}
			}
			if len(own) == 0 {
				continue
			}
			made[ref] = network.Traced(own, func(of network.ID) []network.Part {
				if all, known := parts[refs[of]]; known {
					return all
				}
				return whole(refs[of])
			})
		}
		maps.Copy(parts, made)
	}
	shares := map[Ref][]Share{}
	for ref, own := range parts {
		if slices.Equal(own, whole(ref)) {
			continue
		}
		for _, p := range own {
			shares[ref] = append(shares[ref], Share{refs[p.Of], p.From, p.To, p.Start, p.End})
		}
	}
	return shares
}

// add appends a step; what was undone is forgotten.
func (set *Set) add(st Step) {
	set.Steps = append(slices.Clip(set.Steps[:set.Done]), st)
	set.Done++
}

// used are the names that features have or had in the steps done.
func (set *Set) used() map[Ref]bool {
	all := map[Ref]bool{}
	for _, st := range set.Steps[:set.Done] {
		for ref := range st.After {
			all[ref] = true
		}
	}
	return all
}

// unused is a name of a feature that none has: "new", "new/2", "new/3".
func unused(ref Ref, used map[Ref]bool) Ref {
	stem := ref.ID
	if i := strings.LastIndexByte(stem, '/'); i > 0 {
		stem = stem[:i]
	}
	for n := 2; used[ref]; n++ {
		ref.ID = fmt.Sprintf("%s/%d", stem, n)
	}
	used[ref] = true
	return ref
}
