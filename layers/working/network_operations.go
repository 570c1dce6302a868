package working

import (
	"math"

	"github.com/paulmach/orb"

	"arpent/geo/network"
)

// The operations on a network beside InsertVertex, RemoveVertex, Reshape and
// Draw; see package network. IDs are edges. Places are those of nodes and
// vertices, to the centimetre; a third number is a level in metres.
const (
	MoveNode     Kind = "move-node"     // that at the first of From to the first of To, its edges with it
	PutNode      Kind = "put-node"      // at the first of To, on the edge within Width (1 m when 0), of IDs when given
	MergeThrough Kind = "merge-through" // the two edges that meet at the node at the first of From
	Reverse      Kind = "reverse"       // IDs
	Connect      Kind = "connect"       // the first of From by the shortest edge to one within Width (100 m when 0), of IDs when given; to a node no further than Prefer from there
	MoveVertex   Kind = "move-vertex"   // of the first of IDs at the first of From, to the first of To
	DeleteNode   Kind = "delete-node"   // at the first of From; with Heal its two edges become one, else its edges go
	DeleteEdge   Kind = "delete-edge"   // IDs; with Heal nodes go too at which no edge is left, and two that are left there become one
)

// How far one looks where the operation does not say, in metres.
const (
	nearEdge   = 1
	farLateral = 100
)

func orElse(n, otherwise float64) float64 {
	if n > 0 {
		return n
	}
	return otherwise
}

var networkOperations = map[Kind]struct {
	form
	do func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error)
}{
	MoveNode: {form{needs: []string{"from", "to"}}, func(n *network.Network, op *Operation, _ []network.ID) (network.Change, error) {
		return n.MoveNode(op.From[0].point(), position(op.To[0]))
	}},
	PutNode: {form{needs: []string{"to"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		return n.PutNode(position(op.To[0]), orElse(op.Width, nearEdge), edges...)
	}},
	MergeThrough: {form{needs: []string{"from"}}, func(n *network.Network, op *Operation, _ []network.ID) (network.Change, error) {
		return n.MergeThrough(op.From[0].point())
	}},
	Reverse: {form{needs: []string{"ids"}}, func(n *network.Network, _ *Operation, edges []network.ID) (network.Change, error) {
		return n.Reverse(edges...)
	}},
	Connect: {form{needs: []string{"from"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		return n.Connect(position(op.From[0]), orElse(op.Width, farLateral), op.Prefer, edges...)
	}},
	Draw: {form{needs: []string{"line"}}, func(n *network.Network, op *Operation, _ []network.ID) (network.Change, error) {
		return n.Draw(positionsOf(op.Line))
	}},
	Reshape: {form{needs: []string{"ids", "line"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		return n.Reshape(edges[0], positionsOf(op.Line))
	}},
	MoveVertex: {form{needs: []string{"ids", "from", "to"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		return n.MoveVertex(edges[0], op.From[0].point(), position(op.To[0]))
	}},
	InsertVertex: {form{needs: []string{"ids", "to"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		at := op.To[0]
		if len(op.From) > 0 {
			at = op.From[0]
		}
		put, err := n.InsertVertex(edges[0], at.point(), orElse(op.Width, nearEdge))
		if err != nil || at.point() == op.To[0].point() {
			return put, err
		}
		return then(n, put, func() (network.Change, error) {
			return n.MoveVertex(edges[0], inserted(n, edges[0], at.point()), position(op.To[0]))
		})
	}},
	RemoveVertex: {form{needs: []string{"ids", "from"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		return n.RemoveVertex(edges[0], op.From[0].point())
	}},
	DeleteNode: {form{needs: []string{"from"}}, func(n *network.Network, op *Operation, _ []network.ID) (network.Change, error) {
		return n.DeleteNode(op.From[0].point(), op.Heal)
	}},
	DeleteEdge: {form{needs: []string{"ids"}}, func(n *network.Network, op *Operation, edges []network.ID) (network.Change, error) {
		ch, err := n.DeleteEdge(edges[0], op.Heal)
		for _, id := range edges[1:] {
			if err != nil {
				return network.Change{}, err
			}
			ch, err = then(n, ch, func() (network.Change, error) { return n.DeleteEdge(id, op.Heal) })
		}
		return ch, err
	}},
}

// then does one change after another.
func then(n *network.Network, first network.Change, next func() (network.Change, error)) (network.Change, error) {
	if err := n.Apply(first); err != nil {
		return network.Change{}, err
	}
	ch, err := next()
	if err != nil {
		return network.Change{}, err
	}
	return first.Then(ch), nil
}

// inserted is the vertex of an edge nearest to a place.
func inserted(n *network.Network, id network.ID, at orb.Point) orb.Point {
	best, least := at, math.Inf(1)
	for _, p := range n.Positions(n.Edge(id)) {
		if d := math.Hypot(p[0]-at[0], p[1]-at[1]); d < least {
			best, least = p.Flat(), d
		}
	}
	return best
}

func position(p Position) network.Position {
	q := network.At(p.point())
	if len(p) > 2 {
		q[2] = p[2]
	}
	return q
}

func positionsOf(list []Position) []network.Position {
	all := make([]network.Position, len(list))
	for i, p := range list {
		all[i] = position(p)
	}
	return all
}
