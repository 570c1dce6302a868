package working

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/twpayne/go-geom"

	"arpent/layers"
)

// detail is what a step keeps of one feature beside its shapes.
type detail struct {
	From  []Share        `json:"from,omitempty"`
	Given map[string]any `json:"given,omitempty"`
	Base  *Base          `json:"base,omitempty"` // its shape is kept apart
}

// load reads the set of the viewer; an empty one when there is none, or when it
// is saved already: the server stopped between saving and forgetting it.
func (s *Service) load(ctx context.Context, v layers.Viewer, sh *sheet) (*Set, error) {
	set := &Set{Layer: sh.home.ID}
	err := s.pool.QueryRow(ctx, `select id, revision, created_at, done from arpent.working_set where account = $1 and layer = $2`, v.UserID, set.Layer).Scan(&set.ID, &set.Revision, &set.Since, &set.Done)
	if errors.Is(err, pgx.ErrNoRows) {
		return set, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a working set: %w", err)
	}
	if saved, err := s.done(ctx, set); err != nil {
		return nil, err
	} else if saved {
		err := s.forget(ctx, set)
		return &Set{Layer: sh.home.ID}, err
	}
	rows, err := s.pool.Query(ctx, `select operation, drawn, layers, features, after, base, details from arpent.working_step where working_set = $1 order by number`, set.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the steps of a working set: %w", err)
	}
	set.Steps, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Step, error) { return scanStep(row, sh) })
	if err != nil {
		return nil, fmt.Errorf("reading the steps of a working set: %w", err)
	}
	set.Done = min(set.Done, len(set.Steps))
	return set, nil
}

func scanStep(row pgx.CollectableRow, sh *sheet) (Step, error) {
	st := Step{After: map[Ref]geom.T{}, From: map[Ref][]Share{}, Given: map[Ref]map[string]any{}, Base: map[Ref]Base{}}
	var drawn, after, base [][]byte
	var names, ids []string
	var details []detail
	if err := row.Scan(&st.Operation, &drawn, &names, &ids, &after, &base, &details); err != nil {
		return st, err
	}
	srid := sh.home.Source.SRID
	shaped := func(b []byte, layer string) (geom.T, error) {
		shape, err := unpacked(b, srid)
		if l := sh.layer(layer); l != nil && err == nil {
			shape = fitted(l, shape) // its type or levels may have changed since
		}
		return shape, err
	}
	for _, b := range drawn {
		shape, err := unpacked(b, srid)
		if err != nil {
			return st, err
		}
		st.Operation.Shapes = append(st.Operation.Shapes, shape)
	}
	for i := range ids {
		ref := Ref{names[i], ids[i]}
		var err error
		if st.After[ref], err = shaped(after[i], ref.Layer); err != nil {
			return st, err
		}
		if d := details[i]; d.From != nil {
			st.From[ref] = d.From
		}
		if d := details[i]; d.Given != nil {
			st.Given[ref] = d.Given
		}
		if d := details[i]; d.Base != nil {
			if d.Base.Shape, err = shaped(base[i], ref.Layer); err != nil {
				return st, err
			}
			st.Base[ref] = *d.Base
		}
	}
	return st, nil
}

// insertStep stores the step of a set that has a number, from 1.
func insertStep(ctx context.Context, tx pgx.Tx, set *Set, number int) error {
	st := set.Steps[number-1]
	drawn, err := packedAll(st.Operation.Shapes)
	if err != nil {
		return err
	}
	refs := st.Features()
	names, ids := make([]string, len(refs)), make([]string, len(refs))
	after, base, details := make([][]byte, len(refs)), make([][]byte, len(refs)), make([]detail, len(refs))
	for i, ref := range refs {
		names[i], ids[i] = ref.Layer, ref.ID
		details[i] = detail{From: st.From[ref], Given: st.Given[ref]}
		if after[i], err = packed(st.After[ref]); err != nil {
			return err
		}
		if b, first := st.Base[ref]; first {
			details[i].Base = &b
			if base[i], err = packed(b.Shape); err != nil {
				return err
			}
		}
	}
	operation, err := json.Marshal(st.Operation)
	if err != nil {
		return fmt.Errorf("writing a step of a working set: %w", err)
	}
	described, err := json.Marshal(details)
	if err != nil {
		return fmt.Errorf("writing a step of a working set: %w", err)
	}
	_, err = tx.Exec(ctx, `insert into arpent.working_step (working_set, number, operation, drawn, layers, features, after, base, details)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, set.ID, number, operation, drawn, names, ids, after, base, described)
	return err
}

// appendStep stores the last step of a set, in the place of those that were
// undone.
func (s *Service) appendStep(ctx context.Context, v layers.Viewer, sh *sheet, set *Set) error {
	return s.keep(ctx, v, sh, set, set.Done)
}

// keepDone stores how many steps are done.
func (s *Service) keepDone(ctx context.Context, v layers.Viewer, sh *sheet, set *Set) error {
	return s.keep(ctx, v, sh, set, len(set.Steps)+1)
}

// keep stores a set over the one of its revision; another window may have
// changed it since. Steps from a number on are written, those before stay.
func (s *Service) keep(ctx context.Context, v layers.Viewer, sh *sheet, set *Set, from int) error {
	if len(set.Steps) == 0 {
		return s.drop(ctx, set)
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := turned(ctx, tx, v, sh, set); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from arpent.working_step where working_set = $1 and number >= $2`, set.ID, from); err != nil {
			return err
		}
		for number := from; number <= len(set.Steps); number++ {
			if err := insertStep(ctx, tx, set, number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && layers.KindOf(err) == "" {
		return fmt.Errorf("keeping a working set: %w", err)
	}
	return err
}

// turned makes the next revision of a set, with what others see of it.
func turned(ctx context.Context, tx pgx.Tx, v layers.Viewer, sh *sheet, set *Set) error {
	ids, around, bases := []string{}, extent{}, set.Bases()
	for ref, shape := range set.Present() {
		if base, stored := bases[ref]; stored {
			around.shape(base.Shape, 0)
			if ref.Layer == sh.home.ID {
				ids = append(ids, ref.ID)
			}
		}
		around.shape(shape, 0)
	}
	var box [4]*float64 // none where all steps are taken back
	if around.any {
		box = [4]*float64{&around.Min[0], &around.Min[1], &around.Max[0], &around.Max[1]}
	}
	args := []any{v.UserID, set.Layer, set.Revision, set.Done, ids, box[0], box[1], box[2], box[3], sh.home.Source.SRID}
	// A point has no envelope that is a polygon.
	const envelope = `ST_Envelope(ST_Expand(arpent.transform(ST_MakeEnvelope($6, $7, $8, $9, $10::integer), 3857), 0.01))`
	err := tx.QueryRow(ctx, `
		insert into arpent.working_set as w (account, layer, revision, done, features, around)
		select $1, $2, 1, $4, $5, `+envelope+` where $3 = 0
		on conflict (account, layer) do nothing
		returning id, revision, created_at`, args...).Scan(&set.ID, &set.Revision, &set.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, `
			update arpent.working_set set revision = revision + 1, done = $4, features = $5, changed_at = now(), around = `+envelope+`
			where account = $1 and layer = $2 and revision = $3
			returning id, revision, created_at`, args...).Scan(&set.ID, &set.Revision, &set.Since)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return otherWindow()
	}
	return err
}

func (s *Service) drop(ctx context.Context, set *Set) error {
	if set.Revision == 0 {
		return nil
	}
	done, err := s.pool.Exec(ctx, `delete from arpent.working_set where id = $1 and revision = $2`, set.ID, set.Revision)
	if err != nil {
		return fmt.Errorf("discarding a working set: %w", err)
	}
	if done.RowsAffected() == 0 {
		return otherWindow()
	}
	set.Revision = 0
	return nil
}

// forget drops a set that was saved. Who reads it at the same moment does too:
// it is forgotten whoever comes first.
func (s *Service) forget(ctx context.Context, set *Set) error {
	if _, err := s.pool.Exec(ctx, `delete from arpent.working_set where id = $1`, set.ID); err != nil {
		return fmt.Errorf("forgetting a working set that was saved: %w", err)
	}
	set.Revision = 0
	return nil
}

func otherWindow() error {
	return layers.Errorf(layers.Conflict, "these edits were changed in another window since: nothing was done; look at them again")
}
