package tiles

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Encoding is a content coding of HTTP (RFC 9110, 8.4.1) in which tiles are sent.
type Encoding uint8

// The encodings, those that cost more bytes first.
const (
	Identity Encoding = iota
	Gzip
	Brotli

	encodings
)

// String is the name of the encoding in HTTP.
func (e Encoding) String() string { return [encodings]string{"identity", "gzip", "br"}[e] }

const (
	gzipLevel   = 6 // of its kind the best for the time (DESIGN.md)
	brotliLevel = 5 // the least that spares an eighth of the bytes
)

// packing is a tile in one encoding, once it was asked for in it.
type packing struct {
	once sync.Once
	data atomic.Pointer[[]byte]
}

// In is the tile in an encoding: packed when it is first asked for in it, and kept
// so. Nobody may change the bytes.
func (t *Tile) In(e Encoding) []byte {
	if e == Identity || t.Empty() {
		return t.Data
	}
	p := &t.packed[e]
	p.once.Do(func() {
		if p.data.Load() == nil {
			packed := pack(e, t.Data)
			p.data.Store(&packed)
		}
	})
	return *p.data.Load()
}

// Packed reports whether the tile was asked for in an encoding before.
func (t *Tile) Packed(e Encoding) bool {
	return e == Identity || t.Empty() || t.packed[e].data.Load() != nil
}

// Tag is the ETag of the tile in an encoding, quoted: each has its own, as other
// bytes have (RFC 9110, 8.8.3.3).
func (t *Tile) Tag(e Encoding) string { return t.tags[e] }

func tagsOf(content string) (tags [encodings]string) {
	tags[Identity] = `"` + content + `"`
	for e := Gzip; e < encodings; e++ {
		tags[e] = `"` + content + "-" + e.String() + `"`
	}
	return tags
}

// packer writes what is packed; it is used again.
type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

var packers = [encodings]*sync.Pool{
	Gzip: {New: func() any {
		w, err := gzip.NewWriterLevel(nil, gzipLevel)
		if err != nil { // no such level
			panic(err)
		}
		return w
	}},
	Brotli: {New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }},
}

// pack packs data. Writing into memory never fails.
func pack(e Encoding, data []byte) []byte {
	w := packers[e].Get().(packer)
	defer packers[e].Put(w)
	var packed bytes.Buffer
	packed.Grow(len(data)/2 + 64)
	w.Reset(&packed)
	_, _ = w.Write(data)
	_ = w.Close()
	return bytes.Clone(packed.Bytes()) // without what is left of its room
}
