package tiles

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/go-spatial/tegola/cache"
	"github.com/go-spatial/tegola/cache/redis"
)

const (
	// leaseTime is how long a server has a tile for itself to make, and how long
	// others wait for it: who was killed holds them up no longer.
	leaseTime = 2 * time.Second
	// leasePause is between two looks at whether the other is done.
	leasePause = 10 * time.Millisecond
)

// once makes a tile that was not found, unless another server is at it: then it
// waits until that one is, and takes its tile. It is no more than a courtesy:
// two that make a tile at once, as after a lease has run out, put the same away.
func (s *sharing) once(ctx context.Context, at *cache.Key, encode func() (*Tile, error)) (*Tile, error) {
	pause := time.NewTicker(leasePause)
	defer pause.Stop()
	for end := time.Now().Add(leaseTime); time.Now().Before(end); {
		if s.lease(ctx, at) {
			defer s.release(ctx, at)
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-pause.C:
		}
		if t := s.get(ctx, at); t != nil {
			return t, nil
		}
	}
	if t := s.get(ctx, at); t != nil { // made since it was looked for
		return t, nil
	}
	return encode()
}

// lease takes a tile for this server to make. It reports false while another has
// it, and true where the cache cannot tell.
func (s *sharing) lease(ctx context.Context, at *cache.Key) bool {
	if time.Now().UnixNano() < s.rest.Load() {
		return true
	}
	if s.folder != "" {
		return leaseFile(s.leasePath(at))
	}
	if r, ok := s.store.(*redis.RedisCache); ok {
		ctx, cancel := context.WithTimeout(ctx, sharedPatience)
		defer cancel()
		got, err := r.Redis.SetNX(ctx, leaseKey(at), 1, leaseTime).Result()
		if err != nil {
			s.failed(ctx, err)
			return true
		}
		return got
	}
	return true
}

func (s *sharing) release(ctx context.Context, at *cache.Key) {
	if s.folder != "" {
		_ = os.Remove(s.leasePath(at)) // who waits does not wait longer than it runs
		return
	}
	if r, ok := s.store.(*redis.RedisCache); ok && time.Now().UnixNano() >= s.rest.Load() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sharedPatience)
		defer cancel()
		if err := r.Redis.Del(ctx, leaseKey(at)).Err(); err != nil {
			s.failed(ctx, err)
		}
	}
}

func leaseKey(at *cache.Key) string { return at.String() + ".lease" }

func (s *sharing) leasePath(at *cache.Key) string { return filepath.Join(s.folder, leaseKey(at)) }

// leaseFile makes a file that nobody else has made, or whose time is over.
func leaseFile(path string) bool {
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > leaseTime {
		_ = os.Remove(path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if os.IsNotExist(err) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		}
	}
	if err != nil {
		return !os.IsExist(err)
	}
	return f.Close() == nil
}

// holds reports whether the features of a layer are in memory: its tiles are made
// in less time than another server is asked.
func (h *holding) holds(layer string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.layers[layer]
	return l != nil && l.features != nil
}
