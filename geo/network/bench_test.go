package network_test

import (
	"testing"

	"github.com/paulmach/orb"

	"arpent/geo/network"
)

func BenchmarkBuildBrattleboro(b *testing.B) {
	nodes, edges := brattleboro(b)
	for b.Loop() {
		if _, _, err := network.Build(nodes, edges, network.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOperations does operations among the sewers of a town of 20,000.
func BenchmarkOperations(b *testing.B) {
	nodes, edges := sewers(b, 20_000)
	n, _, err := network.Build(nodes, edges, network.Options{})
	if err != nil {
		b.Fatal(err)
	}
	e := edges[len(edges)/2]
	at, next := e.Line[0], e.Line[1]
	middle := network.At(orb.Point{(at[0] + next[0]) / 2, (at[1] + next[1]) / 2})
	for name, do := range map[string]func() (network.Change, error){
		"move node": func() (network.Change, error) {
			return n.MoveNode(at.Flat(), network.At(orb.Point{at[0] + 0.5, at[1]}))
		},
		"put node": func() (network.Change, error) { return n.PutNode(middle, 1) },
		"connect": func() (network.Change, error) {
			return n.Connect(network.At(orb.Point{middle[0] + 3, middle[1] + 3}), 30, 1)
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
