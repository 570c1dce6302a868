package archive

import "testing"

func TestALongListOfTilesGoesIntoDirectoriesBelowTheRoot(t *testing.T) {
	var all []entry
	for i := range uint64(200_000) { // differences that do not compress
		all = append(all, entry{id: i*7 + i*i%5, offset: i * i * 2654435761 % (1 << 40), length: uint32(i*2654435761%4000 + 100), run: 1})
	}
	root, leaves, err := directories(all)
	if err != nil || len(root) > rootBytes-headerBytes || len(leaves) == 0 {
		t.Errorf("a root of %d bytes, %d bytes below, %v", len(root), len(leaves), err)
	}
}
