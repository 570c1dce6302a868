// Command bench serves one town from one PostGIS by Arpent, by tegola and, as
// the limit, by nginx from files; it replays the same requests to each, checks
// that they answer the same features, and prints what each of them took.
//
// It is a module of its own so that what it compares with stays out of ours.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"

	"arpent/layers/postgis/cluster"
)

// options are the size of the comparison.
type options struct {
	Arpent, Tegola string // programs
	Data           string // where the town is kept between runs; empty: nowhere
	Parcels        int
	Cold           int // distinct tiles asked once
	Clients        int
	Seconds        int // of each warm replay
	Edits          int // a second
	Parts          string
	Seed           uint64
}

func main() {
	if len(os.Args) == 4 {
		if serve := map[string]func(string, string) error{"asmvt": serveASMVT, "bare": serveBare}[os.Args[1]]; serve != nil {
			fmt.Fprintln(os.Stderr, "bench:", serve(os.Args[2], os.Args[3]))
			os.Exit(1)
		}
	}
	var o options
	flag.StringVar(&o.Arpent, "arpent", "../../bin/arpent", "program of Arpent")
	flag.StringVar(&o.Tegola, "tegola", "../../bin/tegola", "program of tegola")
	flag.StringVar(&o.Data, "data", "", "folder that keeps the town between runs; a temporary one when absent")
	flag.IntVar(&o.Parcels, "parcels", 1_000_000, "how many parcels the town has")
	flag.IntVar(&o.Cold, "cold", 600, "how many different tiles are asked for, z14 to z16")
	flag.IntVar(&o.Clients, "clients", 8, "how many ask at once")
	flag.IntVar(&o.Seconds, "seconds", 10, "how long each warm replay goes on")
	flag.IntVar(&o.Edits, "edits", 200, "how many edits a second there are while fresh tiles are waited for")
	flag.StringVar(&o.Parts, "parts", "agreement,cold,warm,fresh", "what is compared")
	flag.Uint64Var(&o.Seed, "seed", 1, "of the town and of the requests")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	dir := o.Data
	if dir == "" {
		temporary, err := os.MkdirTemp("", "arpent-bench-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(temporary) }()
		dir = temporary
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL may be another user
		return err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	c, err := cluster.Open(ctx, filepath.Join(dir, "cluster"), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	t, err := prepare(ctx, o, dir, c)
	if err != nil {
		return err
	}
	return compare(ctx, o, dir, t)
}
