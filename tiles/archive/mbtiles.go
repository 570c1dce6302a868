package archive

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb/maptile"
	_ "modernc.org/sqlite" // the driver

	"arpent/tiles"
)

// mbtiles is a writer of MBTiles 1.3, a database of SQLite:
// https://github.com/mapbox/mbtiles-spec. Equal tiles are stored once.
type mbtiles struct {
	db    *sql.DB
	tx    *sql.Tx
	image *sql.Stmt
	place *sql.Stmt
	known map[string]int64 // by content
}

func newMBTiles(path string) (_ *mbtiles, err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, fmt.Errorf("making the database of tiles: %w", err)
	}
	db.SetMaxOpenConns(1)
	w := &mbtiles{db: db, known: map[string]int64{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	for _, step := range strings.Split(`
		pragma journal_mode = off;
		pragma synchronous = off;
		pragma application_id = 0x4d504258;
		create table metadata (name text, value text);
		create table images (id integer primary key, tile_data blob);
		create table map (zoom_level integer, tile_column integer, tile_row integer, image integer);
		create view tiles as select zoom_level, tile_column, tile_row, tile_data from map join images on images.id = map.image`, ";") {
		if _, err = db.Exec(step); err != nil {
			return nil, fmt.Errorf("making the database of tiles: %w", err)
		}
	}
	if w.tx, err = db.Begin(); err != nil {
		return nil, err
	}
	if w.image, err = w.tx.Prepare(`insert into images (id, tile_data) values (?, ?)`); err != nil {
		return nil, err
	}
	w.place, err = w.tx.Prepare(`insert into map values (?, ?, ?, ?)`)
	return w, err
}

func (w *mbtiles) put(t maptile.Tile, packed []byte) error {
	sum := digest(packed)
	id, ok := w.known[sum]
	if !ok {
		id = int64(len(w.known) + 1)
		w.known[sum] = id
		if _, err := w.image.Exec(id, packed); err != nil {
			return err
		}
	}
	_, err := w.place.Exec(t.Z, t.X, 1<<t.Z-1-t.Y, id) // rows from the south, as TMS has them
	return err
}

func (w *mbtiles) finish(d *tiles.Description) (int, error) {
	list, err := json.Marshal(map[string]any{"vector_layers": d.Layers})
	if err != nil {
		return 0, err
	}
	center, zoom := d.Center()
	b := d.Bounds
	for name, value := range map[string]string{
		"name": d.Title, "format": "pbf", "type": "overlay", "version": "1", "json": string(list),
		"minzoom": fmt.Sprint(d.MinZoom), "maxzoom": fmt.Sprint(d.MaxZoom),
		"bounds": fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", b[0], b[1], b[2], b[3]),
		"center": fmt.Sprintf("%.7f,%.7f,%d", center[0], center[1], zoom),
	} {
		if _, err := w.tx.Exec(`insert into metadata values (?, ?)`, name, value); err != nil {
			return 0, err
		}
	}
	if _, err := w.tx.Exec(`create unique index places on map (zoom_level, tile_column, tile_row)`); err != nil {
		return 0, err
	}
	err = w.tx.Commit()
	w.tx = nil
	return len(w.known), errors.Join(err, w.db.Close())
}

func (w *mbtiles) close() error {
	if w.tx != nil {
		_ = w.tx.Rollback()
	}
	return w.db.Close()
}
