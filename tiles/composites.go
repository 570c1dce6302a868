package tiles

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/paulmach/orb/maptile"

	"arpent/tiles/memory"
)

// joined is the composite of the parts of a tile, in their order: vector tiles of
// different layers are one tile when put end to end. It is kept under what its
// parts are, so that it is joined and packed once as long as none of them is
// another. (Parts that are gzipped could be put end to end too, but not every
// client reads more than the first.)
func (s *Service) joined(at maptile.Tile, parts []*Tile) *Tile {
	only, size := -1, 0
	sum := sha256.New()
	var share memory.Share
	for i, part := range parts {
		share.Kept, share.Of = share.Kept+part.Share.Kept, share.Of+part.Share.Of
		if part.Empty() {
			continue
		}
		if only = i; size > 0 {
			only = -1
		}
		size += len(part.Data)
		_, _ = sum.Write([]byte(part.ETag))
	}
	switch {
	case size == 0:
		return tileOf(nil, "", share)
	case only >= 0 && share == parts[only].Share:
		return parts[only]
	}
	// Equal parts make equal composites, so that theirs name it.
	content := hex.EncodeToString(sum.Sum(nil)[:tagSize])
	k := key{tile: at, sight: fmt.Sprint(content, share)}
	if t, ok := s.cache.GetIfPresent(k); ok {
		return t
	}
	data := make([]byte, 0, size)
	for _, part := range parts {
		data = append(data, part.Data...)
	}
	t := &Tile{Data: data, ETag: content, Share: share, tags: tagsOf(content)}
	s.cache.Set(k, t)
	return t
}
