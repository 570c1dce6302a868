package working

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"arpent/geo/coverage"
	"arpent/layers"
)

// load reads the set of the viewer; an empty one when there is none, or when it
// is saved already: the server stopped between saving and forgetting it.
func (s *Service) load(ctx context.Context, v layers.Viewer, layer string) (*Set, error) {
	set := &Set{document: document{Base: map[coverage.ID]Base{}}}
	var data []byte
	err := s.pool.QueryRow(ctx, `select id, revision, created_at, document from arpent.working_set where account = $1 and layer = $2`, v.UserID, layer).Scan(&set.ID, &set.Revision, &set.Since, &data)
	if errors.Is(err, pgx.ErrNoRows) {
		return set, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a working set: %w", err)
	}
	if saved, err := s.done(ctx, set); err != nil {
		return nil, err
	} else if saved {
		err := s.drop(ctx, v, layer, set)
		return &Set{document: document{Base: map[coverage.ID]Base{}}}, err
	}
	if err := json.Unmarshal(data, &set.document); err != nil {
		return nil, fmt.Errorf("reading a working set: %w", err)
	}
	if set.Base == nil {
		set.Base = map[coverage.ID]Base{}
	}
	return set, nil
}

// keep stores a set over the one of its revision; another window may have
// changed it since.
func (s *Service) keep(ctx context.Context, v layers.Viewer, l *layers.Layer, set *Set) error {
	if len(set.Steps) == 0 {
		return s.drop(ctx, v, l.ID, set)
	}
	data, err := json.Marshal(set.document)
	if err != nil {
		return fmt.Errorf("writing a working set: %w", err)
	}
	ids, around := []string{}, orb.Bound{Min: orb.Point{1, 1}}
	for id, shape := range set.Present() {
		if base, stored := set.Base[id]; stored {
			ids = append(ids, string(id))
			around = extended(around, base.Shape)
		}
		around = extended(around, shape)
	}
	var box [4]*float64 // none where all steps are taken back
	if !around.IsEmpty() {
		box = [4]*float64{&around.Min[0], &around.Min[1], &around.Max[0], &around.Max[1]}
	}
	err = s.pool.QueryRow(ctx, `
		insert into arpent.working_set as w (account, layer, revision, document, features, around)
		select $1, $2, 1, $4, $5, ST_Envelope(arpent.transform(ST_MakeEnvelope($6, $7, $8, $9, $10::integer), 3857)) where $3 = 0
		on conflict (account, layer) do nothing
		returning id, revision, created_at`,
		v.UserID, l.ID, set.Revision, data, ids, box[0], box[1], box[2], box[3], l.Source.SRID).Scan(&set.ID, &set.Revision, &set.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.pool.QueryRow(ctx, `
			update arpent.working_set set revision = revision + 1, document = $4, features = $5, changed_at = now(),
				around = ST_Envelope(arpent.transform(ST_MakeEnvelope($6, $7, $8, $9, $10::integer), 3857))
			where account = $1 and layer = $2 and revision = $3
			returning id, revision, created_at`,
			v.UserID, l.ID, set.Revision, data, ids, box[0], box[1], box[2], box[3], l.Source.SRID).Scan(&set.ID, &set.Revision, &set.Since)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return otherWindow()
	}
	if err != nil {
		return fmt.Errorf("keeping a working set: %w", err)
	}
	return nil
}

func extended(around orb.Bound, shape orb.MultiPolygon) orb.Bound {
	switch {
	case len(shape) == 0:
		return around
	case around.IsEmpty():
		return shape.Bound()
	default:
		return around.Union(shape.Bound())
	}
}

func (s *Service) drop(ctx context.Context, v layers.Viewer, layer string, set *Set) error {
	if set.Revision == 0 {
		return nil
	}
	done, err := s.pool.Exec(ctx, `delete from arpent.working_set where account = $1 and layer = $2 and revision = $3`, v.UserID, layer, set.Revision)
	if err != nil {
		return fmt.Errorf("discarding a working set: %w", err)
	}
	if done.RowsAffected() == 0 {
		return otherWindow()
	}
	set.Revision = 0
	return nil
}

func otherWindow() error {
	return layers.Errorf(layers.Conflict, "these edits were changed in another window since: nothing was done; look at them again")
}
