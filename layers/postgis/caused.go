package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Caused are the changes of a cause that the viewer may know of, oldest first,
// with the versions of the features now: all of one moment.
func (s *Store) Caused(ctx context.Context, v layers.Viewer, cause string, shown func(relation string) *layers.Layer) ([]layers.Caused, error) {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return nil, translate(err, nil)
	}
	defer rollback(tx)
	role := writingRole(v)
	if role == roleApp { // what is taken back is taken back whole, and shown to nobody
		role = rolePersonal
	}
	if err := assume(ctx, tx, v, role); err != nil {
		return nil, err
	}
	done, err := readCaused(ctx, tx, v, cause, shown)
	if err != nil {
		return nil, translate(err, nil)
	}
	ids := map[*layers.Layer][]string{}
	for _, c := range done {
		if l := shown(c.Relation); l != nil {
			ids[l] = append(ids[l], c.Feature)
		}
	}
	versions := map[string]string{} // by table and identifier
	for l, some := range ids {
		sql := fmt.Sprintf("select %[1]s::text, xmin::text from %[2]s where %[1]s = any ($1::text[]::%[3]s[])", column(l.Source.ID), identifier(l.Source.Table), l.Source.IDType)
		rows, err := tx.Query(ctx, sql, some)
		if err != nil {
			return nil, translate(err, l)
		}
		var id, version string
		if _, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
			versions[l.Source.Table+"/"+id] = version
			return nil
		}); err != nil {
			return nil, translate(err, l)
		}
	}
	for i := range done {
		done[i].Version = versions[done[i].Relation+"/"+done[i].Feature]
	}
	return done, nil
}

func readCaused(ctx context.Context, tx pgx.Tx, v layers.Viewer, cause string, shown func(relation string) *layers.Layer) ([]layers.Caused, error) {
	rows, err := tx.Query(ctx, `
		select h.id, h.at, h.who, h.cause, h.op, coalesce(h.collectivity, ''), h.relation, h.feature, h.old || coalesce(h.old_personal, '{}'), h.new || coalesce(h.new_personal, '{}'),
		       ST_AsEWKB(h.old_geometry), ST_AsEWKB(h.new_geometry),
		       exists (select from arpent.history later where later.relation = h.relation and later.feature = h.feature and later.id > h.id)
		from arpent.history h
		where h.cause = $1
		order by h.id`, cause)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var done []layers.Caused
	for rows.Next() {
		var c layers.Caused
		var before, after, oldShape, newShape []byte
		if err := rows.Scan(&c.ID, &c.At, &c.Who, &c.Cause, &c.Op, &c.Collectivity, &c.Relation, &c.Feature, &before, &after, &oldShape, &newShape, &c.Later); err != nil {
			return nil, fmt.Errorf("reading history: %w", err)
		}
		if l := shown(c.Relation); l != nil && c.Op == "update" {
			if c.Old, err = fieldsOf(v, l, c.Collectivity, before); err != nil {
				return nil, err
			}
			if c.New, err = fieldsOf(v, l, c.Collectivity, after); err != nil {
				return nil, err
			}
			if c.OldGeometry, err = decode(oldShape); err != nil {
				return nil, err
			}
			if c.NewGeometry, err = decode(newShape); err != nil {
				return nil, err
			}
		}
		done = append(done, c)
	}
	return done, rows.Err()
}
