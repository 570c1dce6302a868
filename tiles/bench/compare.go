package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb/maptile"
)

// looks is how many requests a warm replay goes through before it begins anew.
const looks = 20_000

// compare runs everything, one server at a time, and prints the tables.
func compare(ctx context.Context, o options, dir string, t *served) error {
	postgres, err := postmaster(dir)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 1))
	tiles, err := distinct(ctx, t, o.Cold, random)
	if err != nil {
		return err
	}
	b := &bench{options: o, town: t, dir: dir, postgres: postgres, tiles: tiles, walk: walks(tiles, looks, random), all: subjects(o)}
	fmt.Printf("%d parcels; %d tiles of zooms 14 to 16, each asked once by %d clients (cold); then %d looks at them, Zipf %.1f (warm)\n",
		t.parcels, len(tiles), o.Clients, looks, zipf)
	parts := map[string]func(context.Context) error{"agreement": b.agreement, "cold": b.cold, "warm": b.warm, "fresh": b.fresh}
	for name := range strings.SplitSeq(o.Parts, ",") {
		part, ok := parts[name]
		if !ok {
			return fmt.Errorf("-parts: %q is none of agreement, cold, warm and fresh", name)
		}
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

type bench struct {
	options
	town     *served
	dir      string
	postgres int
	tiles    []maptile.Tile
	walk     []maptile.Tile
	all      map[string]subject
	turn     int
}

// with starts a subject in a folder of its own for as long as fn takes.
func (b *bench) with(ctx context.Context, name string, fn func(r *running, dir string) error) error {
	b.turn++
	dir := filepath.Join(b.dir, fmt.Sprint("run-", b.turn))
	r, err := begin(ctx, b.all[name], b.town, dir)
	if err != nil {
		return err
	}
	return errors.Join(fn(r, dir), r.end(), os.RemoveAll(dir))
}

func (b *bench) agreement(ctx context.Context) error {
	sample := b.tiles[:min(60, len(b.tiles))]
	for _, name := range []string{"arpent", "rows"} {
		err := b.with(ctx, name, func(ours *running, _ string) error {
			for _, other := range []string{"tegola", "asmvt"} {
				err := b.with(ctx, other, func(theirs *running, _ string) error {
					g, err := agree(ctx, ours, theirs, sample)
					if err != nil {
						return err
					}
					fmt.Printf("%s and %s: %d tiles, %d features; %d only there, %d only here; areas differ by at most %.2f of what rounding allows\n",
						ours.name, theirs.name, g.tiles, g.features, g.missing, g.more, g.area)
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) cold(ctx context.Context) error {
	for _, packed := range []bool{false, true} {
		said := map[string]figures{}
		names := []string{"tegola", "asmvt", "rows", "arpent"}
		for _, name := range names {
			err := b.with(ctx, name, func(r *running, _ string) error {
				f, err := once(ctx, r, b.tiles, b.Clients, packed, b.postgres)
				said[name] = f
				return err
			})
			if err != nil {
				return err
			}
		}
		title := "cold, without compression"
		if packed {
			title = "cold, gzip"
		}
		b.table(title, names, said, "tegola")
	}
	return nil
}

func (b *bench) warm(ctx context.Context) error {
	names := []string{"tegola files", "arpent", "bare", "nginx"} // the second makes the files of those after it
	full, known := map[string]figures{}, map[string]figures{}
	files := filepath.Join(b.dir, "files")
	defer func() { _ = os.RemoveAll(files) }()
	for _, name := range names {
		err := b.with(ctx, name, func(r *running, dir string) error {
			if name == "nginx" {
				if err := os.Symlink(files, filepath.Join(dir, "files")); err != nil {
					return err
				}
			}
			tags := map[maptile.Tile]string{}
			for _, t := range b.tiles { // warm up, and give nginx what Arpent answers
				body, header, err := get(ctx, client(1), r.base+r.at(t), true)
				if err != nil {
					return err
				}
				tags[t] = header.Get("ETag")
				if name != "arpent" {
					continue
				}
				path := filepath.Join(files, fmt.Sprintf(b.all["nginx"].path, t.Z, t.X, t.Y))
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, body, 0o644)); err != nil {
					return err
				}
			}
			f, err := again(ctx, r, b.walk, b.options, dir, nil)
			full[name] = f
			if err != nil || name == "tegola files" { // it has no tags
				return err
			}
			known[name], err = again(ctx, r, b.walk, b.options, dir, tags)
			return err
		})
		if err != nil {
			return err
		}
	}
	b.table("warm, gzip", names, full, "tegola files")
	b.table("warm, not modified (304)", []string{"nginx", "bare", "arpent"}, known, "nginx")
	return nil
}

// table prints figures, and how many times the rate of the first each has.
func (b *bench) table(title string, names []string, said map[string]figures, against string) {
	fmt.Printf("\n### %s\n\n| server | tiles/s | × %s | p50 ms | p95 ms | p99 ms | MB | CPU s server | CPU s PostgreSQL | peak MB |\n", title, b.all[against].name)
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	for _, name := range names {
		f := said[name]
		fmt.Printf("| %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.1f | %.1f | %.1f | %d |\n", b.all[name].name, f.rate, f.rate/said[against].rate,
			f.p50.Seconds()*1e3, f.p95.Seconds()*1e3, f.p99.Seconds()*1e3, float64(f.bytes)/1e6, f.cpu, f.postgres, f.peak>>20)
	}
}

// postmaster is the process of the database.
func postmaster(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "cluster", "postgres", "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
}
