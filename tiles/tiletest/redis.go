package tiletest

import (
	"fmt"
	"net"
	"os/exec"
	"testing"
	"time"
)

// Redis starts a Redis of the test's own on the loopback and answers its address,
// such as redis://127.0.0.1:6380/0.
func Redis(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	server := exec.Command("redis-server", "--bind", "127.0.0.1", "--port", fmt.Sprint(address.Port), "--save", "", "--dir", t.TempDir())
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	for began := time.Now(); ; {
		if c, err := net.Dial("tcp", address.String()); err == nil {
			_ = c.Close()
			return "redis://" + address.String() + "/0"
		} else if time.Since(began) > time.Minute {
			t.Fatal(err)
		}
	}
}
