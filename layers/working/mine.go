package working

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Kept is a set that somebody left without saving it.
type Kept struct {
	Layer       string
	Steps, Done int
	ChangedAt   time.Time
}

// Mine are the sets of the viewer, of all layers that they may still edit,
// the latest first.
func (s *Service) Mine(ctx context.Context, v layers.Viewer) ([]Kept, error) {
	rows, err := s.pool.Query(ctx, `
		select layer, (select count(*) from arpent.working_step s where s.working_set = w.id), done, changed_at
		from arpent.working_set w where account = $1 order by changed_at desc`, v.UserID)
	if err != nil {
		return nil, fmt.Errorf("reading the working sets of an account: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Kept])
	if err != nil {
		return nil, fmt.Errorf("reading the working sets of an account: %w", err)
	}
	return slices.DeleteFunc(all, func(k Kept) bool {
		_, err := s.editable(v, k.Layer)
		return err != nil
	}), nil
}
