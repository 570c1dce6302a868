package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// History lists the changes of a feature, newest first, as far as the viewer
// may know of them. Geometries are in the CRS of srid.
func (s *Store) History(ctx context.Context, v layers.Viewer, l *layers.Layer, id string, srid int) ([]layers.HistoryEntry, error) {
	var entries []layers.HistoryEntry
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, translate(err, nil)
	}
	defer rollback(tx)
	var owners []string // of which this layer shows rows; nil for all
	if l.Source.Collectivity != "" && !v.Admin {
		owners = v.ReadsIn(l)
	}
	before, after := "old", "new"
	role := evaluatingRole(v, l)
	if role != roleApp {
		before, after = "old || coalesce(old_personal, '{}')", "new || coalesce(new_personal, '{}')"
	}
	if err := assume(ctx, tx, v, role); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `
		select id, at, who, coalesce(cause, ''), op, coalesce(collectivity, ''), `+before+`, `+after+`,
		       ST_AsEWKB(ST_Transform(old_geometry, $3::integer)), ST_AsEWKB(ST_Transform(new_geometry, $3::integer)),
		       ST_AsEWKB(old_geometry) is distinct from ST_AsEWKB(new_geometry)
		from arpent.history
		where relation = $1 and feature = $2 and ($4::text[] is null or collectivity = any ($4))
		order by history.id desc`, l.Source.Table, id, srid, owners)
	if err != nil {
		return nil, translate(err, l)
	}
	defer rows.Close()
	for rows.Next() {
		var e layers.HistoryEntry
		var oldRow, newRow, oldShape, newShape []byte
		if err := rows.Scan(&e.ID, &e.At, &e.Who, &e.Cause, &e.Op, &e.Collectivity, &oldRow, &newRow, &oldShape, &newShape, &e.GeometryChanged); err != nil {
			return nil, fmt.Errorf("reading history: %w", err)
		}
		if e.Old, err = fieldsOf(v, l, e.Collectivity, oldRow); err != nil {
			return nil, err
		}
		if e.New, err = fieldsOf(v, l, e.Collectivity, newRow); err != nil {
			return nil, err
		}
		if e.OldGeometry, err = decode(oldShape); err != nil {
			return nil, err
		}
		if e.NewGeometry, err = decode(newShape); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, translate(rows.Err(), l)
}

// fieldsOf reads a recorded row as the properties that the viewer may see.
func fieldsOf(v layers.Viewer, l *layers.Layer, collectivity string, row []byte) (map[string]any, error) {
	if row == nil {
		return nil, nil
	}
	var columns map[string]any
	if err := json.Unmarshal(row, &columns); err != nil {
		return nil, fmt.Errorf("reading a row of history: %w", err)
	}
	properties := map[string]any{}
	for i := range l.Fields {
		f := &l.Fields[i]
		if value, ok := columns[f.Column]; ok && v.MaySeeOf(l, f, collectivity) {
			properties[f.Name] = value
		}
	}
	return properties, nil
}

// Since is when the first change that the viewer may know of was recorded; zero
// when there is none.
func (s *Store) Since(ctx context.Context, v layers.Viewer) (time.Time, error) {
	var since time.Time
	err := s.readAs(ctx, v, writingRole(v), nil, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select at from arpent.history order by id limit 1`).Scan(&since)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return since, err
}

// recent is how many changes of a layer are looked through for the latest
// records.
const recent = 500

// Latest are the identifiers of the records changed last, newest first, as far
// as the viewer may know of them.
func (s *Store) Latest(ctx context.Context, v layers.Viewer, l *layers.Layer, limit int) ([]string, error) {
	var owners []string
	if l.Source.Collectivity != "" && !v.Admin {
		owners = v.ReadsIn(l)
	}
	var ids []string
	err := s.asViewer(ctx, v, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select feature from (
				select id, feature, op from arpent.history where relation = $1 and ($2::text[] is null or collectivity = any ($2)) order by id desc limit $3
			) h where op in ('insert', 'update') group by feature order by max(id) desc limit $4`, l.Source.Table, owners, recent, limit)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return ids, err
}
