package external

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Registry keeps the services in the database.
type Registry struct {
	pool *pgxpool.Pool
}

// NewRegistry makes the registry.
func NewRegistry(pool *pgxpool.Pool) *Registry { return &Registry{pool} }

// bounds of what is registered.
const (
	maxServices = 100
	maxChosen   = 100
)

// All are the services that the viewer may see, by identifier.
func (r *Registry) All(ctx context.Context, v layers.Viewer) ([]*Service, error) {
	rows, err := r.pool.Query(ctx, `select id, kind, url, title, public, definition from arpent.external_service where public or $1 order by id`, !v.Anonymous())
	if err != nil {
		return nil, fmt.Errorf("reading external services: %w", err)
	}
	all, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("reading external services: %w", err)
	}
	return all, nil
}

// Layer is a layer of a service that the viewer may see, by its place.
func (r *Registry) Layer(ctx context.Context, v layers.Viewer, id string, index int) (*Service, *Layer, error) {
	rows, err := r.pool.Query(ctx, `select id, kind, url, title, public, definition from arpent.external_service where id = $1`, id)
	if err != nil {
		return nil, nil, fmt.Errorf("reading an external service: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scan)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil, layers.Errorf(layers.NotFound, "there is no external service %s", id)
	case err != nil:
		return nil, nil, fmt.Errorf("reading an external service: %w", err)
	case !s.Public && v.Anonymous():
		return nil, nil, layers.Errorf(layers.Unauthorized, "sign in to see external service %s", id)
	case index < 0 || index >= len(s.Layers):
		return nil, nil, layers.Errorf(layers.NotFound, "external service %s has no layer %d", id, index)
	}
	return s, &s.Layers[index], nil
}

func scan(row pgx.CollectableRow) (*Service, error) {
	s := &Service{}
	var title, definition []byte
	if err := row.Scan(&s.ID, &s.Kind, &s.URL, &title, &s.Public, &definition); err != nil {
		return nil, err
	}
	return s, errors.Join(json.Unmarshal(title, &s.Title), json.Unmarshal(definition, &s.Definition))
}

// Put registers a service, or replaces the one with its identifier. Only
// administrators of the server may.
func (r *Registry) Put(ctx context.Context, v layers.Viewer, s *Service) error {
	if err := r.may(v); err != nil {
		return err
	}
	if len(s.Layers) == 0 || len(s.Layers) > maxChosen {
		return refuse("layers", "layers: choose from 1 to %d layers", maxChosen)
	}
	title, err := json.Marshal(s.Title)
	if err != nil {
		return fmt.Errorf("registering an external service: %w", err)
	}
	definition, err := json.Marshal(s.Definition)
	if err != nil {
		return fmt.Errorf("registering an external service: %w", err)
	}
	done, err := r.pool.Exec(ctx, `insert into arpent.external_service (id, url, kind, title, public, definition)
		select $1, $2, $3, $4, $5, $6
		where (select count(*) from arpent.external_service where id <> $1) < $7
		on conflict (id) do update set url = excluded.url, kind = excluded.kind, title = excluded.title, public = excluded.public,
			definition = excluded.definition, changed_at = now()`, s.ID, s.URL, s.Kind, title, s.Public, definition, maxServices)
	if err != nil {
		return fmt.Errorf("registering an external service: %w", err)
	}
	if done.RowsAffected() == 0 {
		return layers.Errorf(layers.Conflict, "there are %d external services already: take some away", maxServices)
	}
	return nil
}

// Drop takes a service away. Only administrators of the server may.
func (r *Registry) Drop(ctx context.Context, v layers.Viewer, id string) error {
	if err := r.may(v); err != nil {
		return err
	}
	done, err := r.pool.Exec(ctx, `delete from arpent.external_service where id = $1`, id)
	if err != nil {
		return fmt.Errorf("taking an external service away: %w", err)
	}
	if done.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "there is no external service %s", id)
	}
	return nil
}

// may refuses who may not say where the server asks.
func (r *Registry) may(v layers.Viewer) error {
	if !v.Admin {
		return layers.Errorf(layers.Forbidden, "only administrators of the whole server register external services")
	}
	return nil
}
