package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// Document is what is known of a file attached to a record. Its content is
// kept elsewhere under its SHA-256.
type Document struct {
	ID           int64
	Layer        string
	Feature      string
	Collectivity string // owner of the record; "" for none
	Name         string // of the file
	Title        string
	MediaType    string
	Size         int64
	SHA256       string // in hexadecimal
	Preview      bool   // a small picture is kept beside the content
	TakenAt      *time.Time
	Longitude    *float64 // where a photo was taken, in degrees
	Latitude     *float64
	Who          string
	At           time.Time
	RemovedAt    *time.Time
}

// DocumentEvent is one change of the files of a record.
type DocumentEvent struct {
	ID       int64 // of the change in history
	At       time.Time
	Who      string
	Cause    string
	Document int64
	Name     string
	Op       string // attach, remove, return, rename
}

const documentColumns = `id, layer, feature, coalesce(collectivity, ''), name, title, media_type, size, sha256, preview,
	taken_at, longitude, latitude, who, at, removed_at`

// Documents are the files of a record, in the order in which they came.
func (s *Store) Documents(ctx context.Context, v layers.Viewer, layer, feature string) ([]Document, error) {
	var found []Document
	err := s.asViewer(ctx, v, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select `+documentColumns+` from arpent.document
			where layer = $1 and feature = $2 and removed_at is null order by id`, layer, feature)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Document])
		return err
	})
	return found, err
}

// Document reads one, removed ones included.
func (s *Store) Document(ctx context.Context, v layers.Viewer, id int64) (*Document, error) {
	var d Document
	err := s.asViewer(ctx, v, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select `+documentColumns+` from arpent.document where id = $1`, id)
		if err != nil {
			return err
		}
		d, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Document])
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, layers.Errorf(layers.NotFound, "there is no file %d", id)
	}
	return &d, err
}

// CountDocuments counts the files of a record.
func (s *Store) CountDocuments(ctx context.Context, v layers.Viewer, layer, feature string) (n int64, err error) {
	err = s.asViewer(ctx, v, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from arpent.document where layer = $1 and feature = $2 and removed_at is null`, layer, feature).Scan(&n)
	})
	return n, err
}

// AddDocument notes a file and fills in its identifier and moment.
func (s *Store) AddDocument(ctx context.Context, v layers.Viewer, d *Document) error {
	d.Who = v.Login
	err := s.asViewer(ctx, v, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			insert into arpent.document (layer, feature, collectivity, name, title, media_type, size, sha256, preview, taken_at, longitude, latitude, who)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id, at`,
			d.Layer, d.Feature, null(d.Collectivity), d.Name, d.Title, d.MediaType, d.Size, d.SHA256, d.Preview,
			d.TakenAt, d.Longitude, d.Latitude, d.Who).Scan(&d.ID, &d.At)
	})
	return attachedAlready(err)
}

// ChangeDocument gives a file another title, or removes or returns it.
func (s *Store) ChangeDocument(ctx context.Context, v layers.Viewer, id int64, title *string, removed *bool) error {
	err := s.asViewer(ctx, v, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update arpent.document set title = coalesce($2::text, title),
				removed_at = case when $3::boolean is null then removed_at when $3::boolean then coalesce(removed_at, now()) end
			where id = $1`, id, title, removed)
		if err == nil && tag.RowsAffected() == 0 {
			return layers.Errorf(layers.Forbidden, "you have no right to change this file")
		}
		return err
	})
	return attachedAlready(err)
}

// DocumentEvents tells what came and went among the files of a record, newest
// first.
func (s *Store) DocumentEvents(ctx context.Context, v layers.Viewer, layer, feature string) ([]DocumentEvent, error) {
	var events []DocumentEvent
	err := s.asViewer(ctx, v, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select h.id, h.at, h.who, coalesce(h.cause, ''), d.id, coalesce(nullif(h.new ->> 'title', ''), d.name),
			       case when h.op = 'insert' then 'attach'
			            when h.new ->> 'removed_at' is not null and h.old ->> 'removed_at' is null then 'remove'
			            when h.new ->> 'removed_at' is null and h.old ->> 'removed_at' is not null then 'return'
			            else 'rename' end
			from arpent.document d
			join arpent.history h on h.relation = 'arpent.document' and h.feature = d.id::text
			where d.layer = $1 and d.feature = $2
			order by h.id desc`, layer, feature)
		if err != nil {
			return err
		}
		events, err = pgx.CollectRows(rows, pgx.RowToStructByPos[DocumentEvent])
		return err
	})
	return events, err
}

// asViewer calls fn in a transaction in which the viewer's rights hold.
func (s *Store) asViewer(ctx context.Context, v layers.Viewer, fn func(pgx.Tx) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return translate(err, nil)
	}
	defer rollback(tx)
	if err := assume(ctx, tx, v, writingRole(v)); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return translate(err, nil)
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("noting a file: %w", translate(err, nil))
	}
	return nil
}

// attachedAlready says what the one unique index of documents means.
func attachedAlready(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.ConstraintName == "document_twice" {
		return layers.Errorf(layers.Conflict, "this file is already attached to the record%w", quiet{err})
	}
	return err
}
