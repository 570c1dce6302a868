package working

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"arpent/layers"
)

// Channel is that of the database on which it knocks, with the layer, when
// who edits a layer, or what, is other than it was.
const Channel = "arpent_presence"

// absence is after how long a window that gave no sign is taken to be gone: its
// server stopped without saying so.
const absence = "45 seconds"

// Other is somebody else who edits the layer.
type Other struct {
	Who      string
	Features []string     // that they have changed and not saved
	Chosen   []string     // that they have chosen in a window that is open
	Around   *layers.BBox // of what they have changed, EPSG:3857; nil: nothing
	View     *layers.BBox // what their window shows, EPSG:3857; nil: none is open
}

// Others are those who have changed something of a layer and not saved, or have
// it open for editing, those with changes first. Revision is that of the set of
// the viewer.
func (s *Service) Others(ctx context.Context, v layers.Viewer, layer string) (others []Other, revision int64, err error) {
	sh, err := s.editable(v, layer)
	if err != nil {
		return nil, 0, err
	}
	layer = sh.home.ID
	err = s.pool.QueryRow(ctx, `select coalesce(max(revision), 0) from arpent.working_set where account = $1 and layer = $2`, v.UserID, layer).Scan(&revision)
	if err != nil {
		return nil, 0, fmt.Errorf("reading who edits: %w", err)
	}
	rows, err := s.pool.Query(ctx, `
		with here as ( -- the latest window of each
			select distinct on (account) account, features, around from arpent.presence
			where layer = $1 and seen_at > now() - $3::interval order by account, seen_at desc, stream)
		select coalesce(nullif(a.name, ''), a.login), coalesce(w.features, '{}'), coalesce(h.features, '{}'),
		       ST_XMin(w.around), ST_YMin(w.around), ST_XMax(w.around), ST_YMax(w.around),
		       ST_XMin(h.around), ST_YMin(h.around), ST_XMax(h.around), ST_YMax(h.around)
		from (select * from arpent.working_set where layer = $1 and around is not null) w
		full join here h using (account) join arpent.account a on a.id = account
		where account <> $2 order by w.changed_at desc nulls last, 1 limit 100`, layer, v.UserID, absence)
	if err != nil {
		return nil, 0, fmt.Errorf("reading who edits: %w", err)
	}
	others, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Other, error) {
		var o Other
		var around, view [4]*float64
		err := row.Scan(&o.Who, &o.Features, &o.Chosen, &around[0], &around[1], &around[2], &around[3], &view[0], &view[1], &view[2], &view[3])
		o.Around, o.View = boxOf(around), boxOf(view)
		return o, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("reading who edits: %w", err)
	}
	return others, revision, nil
}

func boxOf(c [4]*float64) *layers.BBox {
	if c[0] == nil {
		return nil
	}
	return &layers.BBox{MinX: *c[0], MinY: *c[1], MaxX: *c[2], MaxY: *c[3], SRID: 3857}
}

// Enter tells others that a window, which follows the changes by a stream, has
// a layer open for editing, which features are chosen there, and what it shows
// (EPSG:3857). It lasts until Leave, and while Stay is called.
func (s *Service) Enter(ctx context.Context, v layers.Viewer, layer, stream string, chosen []string, view layers.BBox) error {
	sh, err := s.editable(v, layer)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `
		insert into arpent.presence as p (stream, account, layer, features, around)
		values ($1, $2, $3, coalesce($4::text[], '{}'), ST_MakeEnvelope($5, $6, $7, $8, 3857))
		on conflict (stream) do update set layer = excluded.layer, features = excluded.features, around = excluded.around, seen_at = now()
		where p.account = excluded.account`,
		stream, v.UserID, sh.home.ID, chosen, view.MinX, view.MinY, view.MaxX, view.MaxY)
	if err != nil {
		return fmt.Errorf("telling who edits: %w", err)
	}
	return nil
}

// Leave tells others that a window does not edit any more.
func (s *Service) Leave(ctx context.Context, v layers.Viewer, stream string) error {
	if _, err := s.pool.Exec(ctx, `delete from arpent.presence where stream = $1 and account = $2`, stream, v.UserID); err != nil {
		return fmt.Errorf("telling who edits: %w", err)
	}
	return nil
}

// Stay gives a sign of a window, and forgets those that gave none.
func (s *Service) Stay(ctx context.Context, stream string) error {
	_, err := s.pool.Exec(ctx, `with gone as (delete from arpent.presence where seen_at < now() - $2::interval and stream <> $1)
		update arpent.presence set seen_at = now() where stream = $1`, stream, absence)
	if err != nil {
		return fmt.Errorf("telling who edits: %w", err)
	}
	return nil
}
