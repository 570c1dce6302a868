package working

import (
	"arpent/layers"
)

// together finds which conflicts of a network are one question: those about
// features that one step changed, since a step is done again whole or not at
// all. Each gets the one of them that it is settled with, a node before edges.
func (sh *sheet) together(set *Set, conflicts []Conflict) {
	leader := make([]int, len(conflicts))
	at := map[Ref]int{}
	for i := range conflicts {
		leader[i], at[conflicts[i].Ref] = i, i
	}
	first := func(i int) int {
		for leader[i] != i {
			i = leader[i]
		}
		return i
	}
	node := func(i int) bool { return sh.nodes != nil && conflicts[i].Layer == sh.nodes.ID }
	if sh.name == "network" {
		for _, st := range set.Steps[:set.Done] {
			last := -1
			for _, ref := range st.Features() {
				i, is := at[ref]
				if !is {
					continue
				}
				if i = first(i); last >= 0 && i != last {
					if node(i) && !node(last) || node(i) == node(last) && i < last {
						i, last = last, i
					}
					leader[i] = last
				} else {
					last = i
				}
			}
		}
	}
	for i := range conflicts {
		conflicts[i].With = conflicts[first(i)].Ref
	}
}

// choiceOf is how a conflict is to be settled: as was said of it, or of the one
// that it is settled with; "" where nothing was said.
func choiceOf(c Conflict, choices map[Ref]Choice) (Choice, error) {
	own, with := choices[c.Ref], choices[c.With]
	if own != "" && with != "" && own != with {
		return "", layers.Errorf(layers.Invalid, "features %q and %q were changed by one step: make the same choice for both", c.ID, c.With.ID)
	}
	if own == "" {
		own = with
	}
	return own, nil
}
