package network

import (
	"maps"
	"slices"

	"arpent/geo/change"
)

// Change is what an operation does to nodes and edges.
type Change struct {
	Nodes change.Of[ID, Vertex]
	Edges change.Of[ID, Line]
	// From says what each edge has of those before the change, where that is not
	// all of itself; edges that were drawn have nothing of others.
	From map[ID][]Part
	// On says on which edge new nodes were put.
	On map[ID]Origin
}

// Empty tells whether nothing changes.
func (ch Change) Empty() bool { return len(ch.Nodes.IDs()) == 0 && len(ch.Edges.IDs()) == 0 }

// Inverse answers the change that takes this one back.
func (ch Change) Inverse() Change {
	return Change{Nodes: ch.Nodes.Inverse(), Edges: ch.Edges.Inverse()}
}

// Then answers the change that does this one and after it another.
func (ch Change) Then(next Change) Change {
	both := Change{
		Nodes: ch.Nodes.Then(next.Nodes, func(a, b Vertex) bool { return a == b }),
		Edges: ch.Edges.Then(next.Edges, func(Line, Line) bool { return false }),
		From:  map[ID][]Part{}, On: map[ID]Origin{},
	}
	for id, now := range both.Edges.After {
		parts, divided := next.From[id]
		if !divided {
			parts = Whole(id)
			if _, new := next.Edges.After[id]; new && next.Edges.Before[id] == nil {
				parts = nil
			}
		}
		parts = Traced(parts, ch.of)
		if was, stood := both.Edges.Before[id]; stood && now.equal(was) && whole(id, parts) {
			delete(both.Edges.Before, id)
			delete(both.Edges.After, id)
			continue
		}
		both.keep(id, parts)
	}
	maps.Copy(both.On, ch.On)
	for id, origin := range next.On {
		for _, p := range ch.of(origin.Of) {
			if p.Start <= origin.At && origin.At <= p.End {
				both.On[id] = Origin{p.Of, p.From + (p.To-p.From)*(origin.At-p.Start)/(p.End-p.Start)}
			}
		}
	}
	created := both.Nodes.Created()
	maps.DeleteFunc(both.On, func(id ID, _ Origin) bool { return !slices.Contains(created, id) })
	return both
}

// of answers what an edge after the change has of those before it.
func (ch Change) of(id ID) []Part {
	if parts, divided := ch.From[id]; divided {
		return parts
	}
	if _, changed := ch.Edges.After[id]; changed && ch.Edges.Before[id] == nil {
		return nil
	}
	return Whole(id)
}

func (ch Change) keep(id ID, parts []Part) {
	if !whole(id, parts) {
		ch.From[id] = parts
	}
}

// whole tells whether parts are all of an edge itself, or of none: an edge may
// keep its way and give a part of what it has to one that goes on from it.
func whole(id ID, parts []Part) bool { return len(parts) == 0 || slices.Equal(parts, Whole(id)) }

// Apply makes a change. It fails, and does nothing, when a node or an edge is no
// longer as it was when the change was computed.
func (n *Network) Apply(ch Change) error {
	for _, id := range ch.Nodes.IDs() {
		was, stood := ch.Nodes.Before[id]
		if now, stands := n.nodes[id]; stood != stands || was != now {
			return &Fault{Kind: Stale, Where: now.Orb(), Nodes: []ID{id}}
		}
	}
	for _, id := range ch.Edges.IDs() {
		if was, now := ch.Edges.Before[id], n.edges[id]; !was.equal(now) {
			f := &Fault{Kind: Stale, Edges: []ID{id}}
			if len(now) > 0 {
				f.Where = now[0].Orb()
			}
			return f
		}
	}
	for _, id := range ch.Nodes.IDs() {
		at, stays := ch.Nodes.After[id]
		n.setNode(id, at, stays)
	}
	for _, id := range ch.Edges.IDs() {
		n.setEdge(id, ch.Edges.After[id])
	}
	return nil
}
