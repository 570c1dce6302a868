// Package views keeps how people look at lists: the columns each of them chose,
// and searches saved under a name, for oneself or for one's collectivity.
package views

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
	"arpent/layers/cql2"
)

// Service keeps views in the database.
type Service struct {
	layers *layers.Service
	pool   *pgxpool.Pool
}

// New makes the service.
func New(service *layers.Service, pool *pgxpool.Pool) *Service { return &Service{service, pool} }

// Definition is what a saved search selects and shows.
type Definition struct {
	Text    string     `json:"text,omitempty"`
	Filter  *cql2.Expr `json:"filter,omitempty"`
	Sort    string     `json:"sort,omitempty"`
	Expired bool       `json:"expired,omitempty"` // records out of their days of validity too
	Columns []string   `json:"columns,omitempty"`
}

// View is a saved search of a layer.
type View struct {
	ID           int64
	Name         string
	Collectivity string // whose people share it; "" for its owner alone
	Mine         bool
	Definition   Definition
}

// bounds of what people save.
const (
	maxName    = 100
	maxViews   = 200
	maxColumns = 100
)

// Of are the saved searches of a layer that the viewer may use, its own first,
// and the columns it chose; nil for those of the layer.
func (s *Service) Of(ctx context.Context, v layers.Viewer, layer string) ([]View, []string, error) {
	if _, err := s.layers.Catalog().Get(v, layer); err != nil || v.Anonymous() {
		return nil, nil, err
	}
	rows, err := s.pool.Query(ctx, `select id, name, coalesce(collectivity, ''), owner = $2, definition from arpent.list_view
		where layer = $1 and (owner = $2 or collectivity = any ($3)) order by owner <> $2, lower(name), id`, layer, v.UserID, codesOf(v))
	if err != nil {
		return nil, nil, fmt.Errorf("reading saved searches: %w", err)
	}
	views, err := pgx.CollectRows(rows, pgx.RowToStructByPos[View])
	if err != nil {
		return nil, nil, fmt.Errorf("reading saved searches: %w", err)
	}
	var columns []string
	err = s.pool.QueryRow(ctx, `select columns from arpent.list_columns where account = $1 and layer = $2`, v.UserID, layer).Scan(&columns)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, fmt.Errorf("reading the columns of a list: %w", err)
	}
	return views, columns, nil
}

// codesOf are the collectivities that the viewer belongs to.
func codesOf(v layers.Viewer) []string {
	codes := []string{}
	for code := range v.Profiles {
		codes = append(codes, code)
	}
	return codes
}

// Save keeps a search: a new one if its ID is 0, else in the place of that of
// the viewer.
func (s *Service) Save(ctx context.Context, v layers.Viewer, layer string, view View) (int64, error) {
	if err := s.check(v, layer, &view); err != nil {
		return 0, err
	}
	definition, err := json.Marshal(view.Definition)
	if err != nil {
		return 0, fmt.Errorf("saving a search: %w", err)
	}
	statement, args := `insert into arpent.list_view (layer, owner, name, collectivity, definition)
		select $1, $2, $3, nullif($4, ''), $5 where (select count(*) from arpent.list_view where layer = $1 and owner = $2) < $6 returning id`,
		[]any{layer, v.UserID, view.Name, view.Collectivity, definition, maxViews}
	if view.ID != 0 {
		statement, args = `update arpent.list_view set name = $3, collectivity = nullif($4, ''), definition = $5
			where layer = $1 and owner = $2 and id = $6 returning id`, append(args[:5], view.ID)
	}
	var id int64
	err = s.pool.QueryRow(ctx, statement, args...).Scan(&id)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "23505" {
		return 0, layers.Errorf(layers.Conflict, "you have a search %q of this layer already: choose another name", view.Name)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows) && view.ID != 0:
		return 0, layers.Errorf(layers.NotFound, "you have no saved search %d of layer %s", view.ID, layer)
	case errors.Is(err, pgx.ErrNoRows):
		return 0, layers.Errorf(layers.Conflict, "you have %d searches of this layer already: delete some", maxViews)
	case err != nil:
		return 0, fmt.Errorf("saving a search: %w", err)
	}
	return id, nil
}

func (s *Service) check(v layers.Viewer, layer string, view *View) error {
	l, err := s.layers.Catalog().Get(v, layer)
	if err != nil {
		return err
	}
	view.Name = strings.TrimSpace(view.Name)
	_, member := v.Profiles[view.Collectivity]
	switch {
	case v.Anonymous():
		return layers.Errorf(layers.Unauthorized, "sign in to save searches")
	case view.Name == "" || len(view.Name) > maxName:
		return layers.Errorf(layers.Invalid, "name: give the search a name of at most %d characters", maxName)
	case view.Collectivity != "" && !member && !v.Admin:
		return layers.Errorf(layers.Forbidden, "you do not belong to collectivity %s, with which the search is to be shared", view.Collectivity)
	}
	return columnsFit(v, l, view.Definition.Columns)
}

func columnsFit(v layers.Viewer, l *layers.Layer, columns []string) error {
	if len(columns) > maxColumns {
		return layers.Errorf(layers.Invalid, "columns: a list shows at most %d", maxColumns)
	}
	for _, name := range columns {
		// Personal data may be a column of who may see it with a reason.
		if f := l.Field(name); f == nil || !f.Personal && !v.MaySee(l, f) {
			return layers.Errorf(layers.Invalid, "columns: layer %s has no field %q", l.ID, name)
		}
	}
	return nil
}

// Delete forgets a saved search of the viewer. An administrator of the
// collectivity that shares one may too.
func (s *Service) Delete(ctx context.Context, v layers.Viewer, id int64) error {
	done, err := s.pool.Exec(ctx, `delete from arpent.list_view where id = $1 and (owner = $2 or collectivity = any ($3) or $4 and collectivity is not null)`,
		id, v.UserID, v.AdministersIn(), v.Admin)
	if err != nil {
		return fmt.Errorf("deleting a search: %w", err)
	}
	if done.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "you have no saved search %d", id)
	}
	return nil
}

// Choose keeps the columns that the viewer wants to see of a layer; none for
// those of the layer.
func (s *Service) Choose(ctx context.Context, v layers.Viewer, layer string, columns []string) error {
	l, err := s.layers.Catalog().Get(v, layer)
	if err != nil {
		return err
	}
	if v.Anonymous() {
		return layers.Errorf(layers.Unauthorized, "sign in to keep columns")
	}
	if err := columnsFit(v, l, columns); err != nil {
		return err
	}
	if len(columns) == 0 {
		_, err = s.pool.Exec(ctx, `delete from arpent.list_columns where account = $1 and layer = $2`, v.UserID, layer)
	} else {
		_, err = s.pool.Exec(ctx, `insert into arpent.list_columns values ($1, $2, $3) on conflict (account, layer) do update set columns = excluded.columns`,
			v.UserID, layer, slices.Compact(columns))
	}
	if err != nil {
		return fmt.Errorf("keeping the columns of a list: %w", err)
	}
	return nil
}
