package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// LogPersonal notes reads of personal data.
func (s *Store) LogPersonal(ctx context.Context, reads []layers.PersonalRead) error {
	batch := &pgx.Batch{}
	for _, r := range reads {
		batch.Queue(`insert into arpent.personal_read (account_id, who, collectivity, layer, features, fields, purpose) values ($1, $2, $3, $4, $5, $6, $7)`,
			r.Account, r.Who, null(r.Collectivity), r.Layer, r.Features, r.Fields, r.Purpose)
	}
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("noting a read of personal data: %w", translate(err, nil))
	}
	return nil
}

// PersonalReads selects from the log of such reads, newest first.
func (s *Store) PersonalReads(ctx context.Context, q layers.PersonalReads) ([]layers.PersonalRead, error) {
	st := &statement{}
	st.WriteString(`select id, at, coalesce(account_id, 0), who, coalesce(collectivity, ''), layer, features, fields, purpose
		from arpent.personal_read where true`)
	if q.Collectivities != nil {
		st.writef(" and collectivity = any (%s)", st.arg(q.Collectivities))
	}
	if q.Layer != "" {
		st.writef(" and layer = %s", st.arg(q.Layer))
	}
	if q.Feature != "" {
		st.writef(" and features @> array[%s::text]", st.arg(q.Feature))
	}
	if q.Who != "" {
		st.writef(" and strpos(lower(who), lower(%s)) > 0", st.arg(q.Who))
	}
	if !q.From.IsZero() {
		st.writef(" and at >= %s", st.arg(q.From))
	}
	if !q.Until.IsZero() {
		st.writef(" and at < %s", st.arg(q.Until))
	}
	if q.Before > 0 {
		st.writef(" and id < %s", st.arg(q.Before))
	}
	st.writef(" order by id desc limit %s", st.arg(q.Limit))
	rows, err := s.pool.Query(ctx, st.String(), st.args...)
	if err != nil {
		return nil, fmt.Errorf("reading the log of personal data: %w", translate(err, nil))
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[layers.PersonalRead])
}
