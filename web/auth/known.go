package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	"arpent/layers"
)

// Channel is where the database tells that what accounts, tokens and sessions
// open may have changed.
const Channel = "arpent_access"

// Knock hears it: whoever asks next is looked at anew.
func (s *Service) Knock(string) { s.known.forget() }

const (
	// knownTime is how long one is remembered; also how late a server notices
	// that somebody lost a right when it no longer hears the database.
	knownTime = 2 * time.Second
	// maxKnown are remembered at once; with one more all are looked at anew.
	maxKnown = 10_000
)

// known remembers what sessions and tokens open. It remembers nothing before it
// has heard the database once.
type known struct {
	mu      sync.RWMutex
	turn    uint64 // how often it has forgotten; 0 while it has heard nothing
	viewers map[[sha256.Size]byte]remembered
}

type remembered struct {
	viewer layers.Viewer
	until  time.Time
}

// keyOf is the key of what was shown.
func keyOf(kind, shown string) [sha256.Size]byte { return sha256.Sum256([]byte(kind + " " + shown)) }

// get is who showed it, and else the turn from which on who is read counts.
func (k *known) get(key [sha256.Size]byte) (layers.Viewer, uint64, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	r, ok := k.viewers[key]
	return r.viewer, k.turn, ok && time.Now().Before(r.until)
}

// put remembers who was read since a turn, unless something changed meanwhile.
func (k *known) put(key [sha256.Size]byte, v layers.Viewer, turn uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v.Anonymous() || turn == 0 || turn != k.turn {
		return
	}
	if len(k.viewers) >= maxKnown {
		clear(k.viewers)
	}
	k.viewers[key] = remembered{v, time.Now().Add(knownTime)}
}

func (k *known) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn++
	k.viewers = map[[sha256.Size]byte]remembered{}
}
