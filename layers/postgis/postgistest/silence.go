package postgistest

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Silence is a way to a database on which, while it is silent, nothing comes
// through, as when a firewall forgot a connection: nobody is told.
type Silence struct {
	gate sync.RWMutex // held by who silences
	mu   sync.Mutex
	ways []net.Conn
}

// Begin lets nothing through until End.
func (s *Silence) Begin() { s.gate.Lock() }

// End lets through what was held back.
func (s *Silence) End() { s.gate.Unlock() }

// Silenced is another pool on the database of a pool, by a way that can fall silent.
func Silenced(t testing.TB, pool *pgxpool.Pool) (*pgxpool.Pool, *Silence) {
	t.Helper()
	s := &Silence{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := pool.Config()
	dial := config.ConnConfig.DialFunc
	var network, address string
	var once sync.Once
	config.ConnConfig.DialFunc = func(ctx context.Context, n, a string) (net.Conn, error) {
		once.Do(func() { network, address = n, a })
		return (&net.Dialer{}).DialContext(ctx, "tcp", listener.Addr().String())
	}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := dial(context.Background(), network, address)
			if err != nil {
				_ = near.Close()
				continue
			}
			s.mu.Lock()
			s.ways = append(s.ways, near, far)
			s.mu.Unlock()
			go s.carry(near, far)
			go s.carry(far, near)
		}
	}()
	other, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = listener.Close()
		s.mu.Lock()
		for _, c := range s.ways {
			_ = c.Close()
		}
		s.mu.Unlock()
		other.Close()
	})
	return other, s
}

// carry brings from one end to the other what comes while it is not silent.
func (s *Silence) carry(from, to net.Conn) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		s.gate.RLock()
		_, failed := to.Write(buffer[:n])
		s.gate.RUnlock()
		if err != nil || failed != nil {
			return
		}
	}
}
