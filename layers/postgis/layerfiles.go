package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// LayerFile is a layer file with its name for messages.
type LayerFile struct{ Name, Text string }

// LayerFiles are those that were made in the page, by identifier of the layer.
func (s *Store) LayerFiles(ctx context.Context) ([]LayerFile, error) {
	rows, err := s.pool.Query(ctx, `select id, file from arpent.layer_file order by id`)
	if err != nil {
		return nil, fmt.Errorf("reading layer files: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[LayerFile])
}

// PutLayerFile stores the file of a layer made in the page.
func (s *Store) PutLayerFile(ctx context.Context, v layers.Viewer, id, text string) error {
	_, err := s.pool.Exec(ctx, `
		insert into arpent.layer_file (id, file, who) values ($1, $2, $3)
		on conflict (id) do update set file = excluded.file, who = excluded.who, at = now()`, id, text, v.Login)
	return translate(err, nil)
}

// DeleteLayerFile takes a layer made in the page away; its table stays.
func (s *Store) DeleteLayerFile(ctx context.Context, id string) error {
	tag, err := s.pool.Exec(ctx, `delete from arpent.layer_file where id = $1`, id)
	if err == nil && tag.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "no layer %q was made in the page", id)
	}
	return translate(err, nil)
}
