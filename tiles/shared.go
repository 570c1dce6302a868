package tiles

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-spatial/tegola/cache"
	"github.com/go-spatial/tegola/cache/file"
	"github.com/go-spatial/tegola/cache/redis"
	"github.com/go-spatial/tegola/dict"
	"github.com/goccy/go-yaml"
	"github.com/klauspost/compress/gzip"

	"arpent/layers"
	"arpent/layers/postgis"
	"arpent/tiles/memory"
)

// Shared is a cache of tiles that outlives a server and that several servers
// use together: files or Redis, by the packages of tegola.
//
// Nothing is ever taken out of it because of a change. A tile lies under its
// version, which every server works out alike from the changes since the week
// began: so no server finds what a change overtook, and none that is late can
// put a stale tile where another looks.
type Shared struct {
	store  cache.Interface
	folder string       // of files; "" for Redis
	rest   atomic.Int64 // until when it is left alone after a failure, Unix nanoseconds
	swept  atomic.Pointer[string]
}

const (
	// lateness is how late a server may hear of a change. What it puts away for
	// the week before is never looked for in this one.
	lateness = 10 * time.Minute
	// sharedTime is how long Redis keeps a tile: nobody asks for it after its week.
	sharedTime = 8 * 24 * time.Hour
	// restTime is how long the cache is left alone when it fails.
	restTime = 10 * time.Second
	// sharedPatience is how long it may take to answer.
	sharedPatience = 500 * time.Millisecond
)

// OpenShared opens the cache at an address: redis://host:6379/0 (rediss for
// TLS) or file:///folder.
func OpenShared(address string) (*Shared, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the tile cache: %w", err)
	}
	s := &Shared{}
	switch u.Scheme {
	case "redis", "rediss", "unix":
		s.store, err = redis.New(dict.Dict{redis.ConfigKeyURI: address, redis.ConfigKeyTTL: int(sharedTime.Seconds())})
	case "file":
		s.folder = u.Path
		s.store, err = file.New(dict.Dict{file.ConfigKeyBasepath: u.Path})
	default:
		err = fmt.Errorf("%q is neither redis://host:6379/0 nor file:///folder", address)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the tile cache: %w", err)
	}
	return s, nil
}

// week names the days for which tiles lie under the same keys.
func week(now time.Time) string {
	year, number := now.UTC().ISOWeek()
	return fmt.Sprintf("%d-w%02d", year, number)
}

// Since is from when on a server must have heard of changes before it shares.
func (s *Shared) Since(now time.Time) time.Time {
	now = now.UTC()
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7).Truncate(24 * time.Hour)
	return monday.Add(-lateness)
}

// Share lets the service use the cache. It has heard, by Forget, of every
// change since Since. Program is the version of the program, whose tiles may
// differ from those of another.
func (s *Service) Share(shared *Shared, program string) {
	s.shared.Store(&sharing{shared, program})
}

type sharing struct {
	*Shared
	program string
}

// place is where a tile lies.
func (s *sharing) place(k key, files string, now time.Time) *cache.Key {
	name := fmt.Sprintf("%s\n%s\n%s\nWebMercatorQuad\n%s\n%d", s.program, files, k.layer, k.sight, k.version)
	sum := sha256.Sum256([]byte(name))
	return &cache.Key{MapName: week(now), LayerName: hex.EncodeToString(sum[:16]), Z: uint(k.tile.Z), X: uint(k.tile.X), Y: uint(k.tile.Y)}
}

// get is a tile that some server put away; nil for none.
func (s *sharing) get(ctx context.Context, at *cache.Key) *Tile {
	if time.Now().UnixNano() < s.rest.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sharedPatience)
	defer cancel()
	t, err := s.read(ctx, at)
	if err != nil {
		s.failed(ctx, err)
	}
	return t
}

// read is a tile that some server put away; nil where there is none that can be
// read.
func (s *Shared) read(ctx context.Context, at *cache.Key) (*Tile, error) {
	kept, ok, err := s.store.Get(ctx, at)
	if err != nil || !ok {
		return nil, err
	}
	t, err := openTile(kept)
	if err != nil { // two servers wrote one file at once, or a disk was full
		slog.WarnContext(ctx, "a tile in the cache is damaged and is made anew", "tile", at.String(), "error", err)
		return nil, nil
	}
	return t, nil
}

// put puts a tile away.
func (s *sharing) put(ctx context.Context, at *cache.Key, t *Tile) {
	if time.Now().UnixNano() < s.rest.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, sharedPatience)
	defer cancel()
	if err := s.store.Set(ctx, at, sealTile(t)); err != nil {
		s.failed(ctx, err)
	}
	if last := s.swept.Swap(&at.MapName); last == nil || *last != at.MapName { // another week has begun
		s.sweep(time.Now())
	}
}

func (s *sharing) failed(ctx context.Context, err error) {
	now := time.Now()
	if s.rest.Swap(now.Add(restTime).UnixNano()) < now.UnixNano() {
		slog.WarnContext(ctx, "the tile cache fails: tiles are made without it for a while", "error", err, "seconds", restTime.Seconds())
	}
}

// sealSize is the length of the digest before a tile that is put away.
const sealSize = sha256.Size

// sealTile is a tile as it is put away: a digest of what follows, how many of its
// features it has, and the tile as it was packed.
func sealTile(t *Tile) []byte {
	packed := t.In(Gzip)
	kept := binary.AppendUvarint(make([]byte, sealSize, sealSize+2*binary.MaxVarintLen64+len(packed)), uint64(t.Share.Kept))
	kept = append(binary.AppendUvarint(kept, uint64(t.Share.Of)), packed...)
	sum := sha256.Sum256(kept[sealSize:])
	copy(kept, sum[:])
	return kept
}

func openTile(kept []byte) (*Tile, error) {
	if len(kept) < sealSize || sha256.Sum256(kept[sealSize:]) != [sealSize]byte(kept[:sealSize]) {
		return nil, fmt.Errorf("%d bytes do not have their digest", len(kept))
	}
	share, packed, err := openShare(kept[sealSize:])
	if err != nil || len(packed) == 0 {
		return tileOf(nil, FromShared, share), err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	t := tileOf(data, FromShared, share)
	t.packed[Gzip].data.Store(&packed)
	return t, nil
}

func openShare(kept []byte) (share memory.Share, packed []byte, err error) {
	for _, to := range []*int{&share.Kept, &share.Of} {
		n, size := binary.Uvarint(kept)
		if size <= 0 {
			return share, nil, errors.New("it does not say how many features it has")
		}
		*to, kept = int(n), kept[size:]
	}
	return share, kept, nil
}

// sweep removes the files of weeks that are over.
func (s *Shared) sweep(now time.Time) {
	if s.folder == "" {
		return
	}
	weeks, err := filepath.Glob(filepath.Join(s.folder, "[0-9][0-9][0-9][0-9]-w[0-9][0-9]"))
	for _, path := range weeks {
		if name := filepath.Base(path); name < week(now.Add(-lateness)) {
			if err = os.RemoveAll(path); err != nil {
				break
			}
		}
	}
	if err != nil {
		slog.Warn("tiles of weeks that are over cannot be removed", "folder", s.folder, "error", err)
	}
}

// filesOf names the layer files and the tables that tiles are made of.
func filesOf(ctx context.Context, store *postgis.Store, c *layers.Catalog) (string, error) {
	sum := sha256.New()
	var tables []string
	for _, l := range c.All() {
		text, err := yaml.Marshal(l)
		if err != nil {
			return "", fmt.Errorf("naming layer %s: %w", l.ID, err)
		}
		_, _ = sum.Write(text)
		tables = append(tables, l.Source.Table)
	}
	identity, err := store.Identity(ctx, tables)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{hex.EncodeToString(sum.Sum(nil)), identity}, " "), nil
}
