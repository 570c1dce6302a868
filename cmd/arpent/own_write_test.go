package main_test

import (
	"math/rand/v2"
	"testing"
)

// Who writes by one server and reads from the other at once, with the position that
// the answer told, reads what he wrote, always.
func TestAWriterReadsHisOwnWriteFromAnyServer(t *testing.T) {
	s, _ := startSoak(t, 2)
	random := rand.New(rand.NewPCG(2, 0))
	late := 0
	for round := range 200 {
		thing := s.things[random.IntN(20)]
		before, _ := thing.last()
		now := thing.moved(random)
		n := thing.begin(now)
		if err := s.byForm(s.servers[round%2], thing, before, now, n); err != nil {
			t.Fatal(err)
		}
		thing.end()
		position := *s.position.Load()
		if position == "" {
			t.Fatal("the answer tells no position")
		}
		x, y := tileAt(17, now.x+now.side/2, now.y+now.side/2)
		reader := s.servers[1-round%2]
		if round%4 < 2 { // as another reader, who has it made and kept, if it is late
			tile, err := s.fetch(reader, 17, x, y)
			if err != nil {
				t.Fatal(err)
			}
			if s.versions(tile)[thing.id] != n {
				late++
			}
		}
		tile, err := s.fetch(reader, 17, x, y, position)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := s.versions(tile)[thing.id]; !ok || got != n {
			t.Fatalf("round %d: version %d is written at position %s, the other server shows %d (%t)", round, n, position, got, ok)
		}
	}
	t.Logf("of 100 who did not say what they had seen %d read what was before", late)
}
