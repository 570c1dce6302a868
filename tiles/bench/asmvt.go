package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// asMVT is the least that a program in Go can do: one prepared statement, and
// what PostGIS encoded sent on.
const asMVT = `
	select ST_AsMVT(t, 'parcels', 4096, 'geom', 'gid') from (
		select gid, id, section, number, registered_area, ST_AsMVTGeom(geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) as geom
		from bench_parcels where geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)) t where geom is not null`

// serveASMVT serves tiles until it is killed.
func serveASMVT(url, listen string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return err
	}
	config.MaxConns = 4
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return err
	}
	return http.ListenAndServe(listen, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var z, x, y int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d/%d/%d.mvt", &z, &x, &y); err != nil {
			return
		}
		var data []byte
		if err := pool.QueryRow(r.Context(), asMVT, z, x, y).Scan(&data); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			_, _ = w.Write(data)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		packed, err := gzip.NewWriterLevel(w, 5)
		if err != nil {
			panic(err)
		}
		_, _ = packed.Write(data)
		_ = packed.Close()
	}))
}
