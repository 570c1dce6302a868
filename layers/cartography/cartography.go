// Package cartography keeps how people see the map: the arrangement of the
// layers and styles in the place of those of the layer files, of a person or of
// all people of a collectivity.
package cartography

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"arpent/layers"
)

// Service keeps arrangements and styles in the database.
type Service struct {
	layers *layers.Service
	pool   *pgxpool.Pool
}

// New makes the service.
func New(service *layers.Service, pool *pgxpool.Pool) *Service { return &Service{service, pool} }

// Arrangement is how the layers lie, as far as it differs from what the layer
// files say.
type Arrangement struct {
	Order      []string           `json:"order" nullable:"false" doc:"Identifiers in drawing order, bottom first"`
	Visible    map[string]bool    `json:"visible"`
	Opacity    map[string]float64 `json:"opacity"`
	Groups     []LayerGroup       `json:"groups" nullable:"false" doc:"Groups besides those of the layer files"`
	GroupOrder []string           `json:"groupOrder" nullable:"false" doc:"Identifiers of groups, topmost first"`
	Place      map[string]string  `json:"place" doc:"By layer: the group it was put into"`
}

// LayerGroup is a group of layers that somebody made.
type LayerGroup struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// bounds of an arrangement.
const (
	maxItems = 2000
	maxWord  = 200
)

func (a *Arrangement) check() error {
	if max(len(a.Order), len(a.Visible), len(a.Opacity), len(a.Groups), len(a.GroupOrder), len(a.Place)) > maxItems {
		return layers.Errorf(layers.Invalid, "the arrangement names more than %d layers or groups", maxItems)
	}
	for _, g := range a.Groups {
		if g.Title == "" || len(g.Title) > maxWord || g.ID == "" || len(g.ID) > maxWord {
			return layers.Errorf(layers.Invalid, "groups: give each an identifier and a title of at most %d characters", maxWord)
		}
	}
	for id, opacity := range a.Opacity {
		if !(opacity >= 0 && opacity <= 1) {
			return layers.Errorf(layers.Invalid, "opacity.%s: is not between 0 and 1", id)
		}
	}
	return nil
}

// Arrangements are the viewer's own and the one that its collectivity shares;
// nil for none.
func (s *Service) Arrangements(ctx context.Context, v layers.Viewer) (own, shared *Arrangement, err error) {
	codes, err := s.audience(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.pool.Query(ctx, `select account is not null, document from arpent.map_arrangement
		where account = $1 or collectivity = any ($2) order by collectivity nulls first`, v.UserID, codes)
	if err != nil {
		return nil, nil, fmt.Errorf("reading arrangements: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var mine bool
		var document []byte
		if err := rows.Scan(&mine, &document); err != nil {
			return nil, nil, fmt.Errorf("reading arrangements: %w", err)
		}
		a := &Arrangement{}
		if err := json.Unmarshal(document, a); err != nil {
			return nil, nil, fmt.Errorf("reading arrangements: %w", err)
		}
		if mine {
			own = a
		} else if shared == nil {
			shared = a
		}
	}
	return own, shared, rows.Err()
}

// Arrange keeps an arrangement for the viewer or, where a collectivity is
// named, for all its people; nil forgets it.
func (s *Service) Arrange(ctx context.Context, v layers.Viewer, collectivity string, a *Arrangement) error {
	switch {
	case v.UserID == 0:
		return layers.Errorf(layers.Unauthorized, "sign in to keep how the layers lie")
	case collectivity != "" && !v.Administers(collectivity):
		return layers.Errorf(layers.Forbidden, "only who administers collectivity %s arranges its layers for all", collectivity)
	}
	column, owner := ownerOf(v, collectivity)
	if a == nil {
		return s.exec(ctx, "forgetting an arrangement", `delete from arpent.map_arrangement where `+column+` = $1`, owner)
	}
	if err := a.check(); err != nil {
		return err
	}
	document, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("keeping an arrangement: %w", err)
	}
	return s.exec(ctx, "keeping an arrangement", `insert into arpent.map_arrangement (`+column+`, document) values ($1, $2)
		on conflict (`+column+`) do update set document = excluded.document, changed_at = now()`, owner, document)
}

// ownerOf is the column that tells whose something is, and its value.
func ownerOf(v layers.Viewer, collectivity string) (column string, owner any) {
	if collectivity != "" {
		return "collectivity", collectivity
	}
	return "account", v.UserID
}

func (s *Service) exec(ctx context.Context, doing, statement string, args ...any) error {
	if _, err := s.pool.Exec(ctx, statement, args...); err != nil {
		if collectivity, ok := args[0].(string); ok && isMissing(err) {
			return layers.Errorf(layers.NotFound, "there is no collectivity %s", collectivity)
		}
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// isMissing reports whether a row refers to one that does not exist.
func isMissing(err error) bool {
	var e interface{ SQLState() string }
	return errors.As(err, &e) && e.SQLState() == "23503"
}

// audience are the collectivities whose map the viewer sees, in order: its own;
// who administers the server, all; who belongs to none, the only one.
func (s *Service) audience(ctx context.Context, v layers.Viewer) ([]string, error) {
	if len(v.Profiles) > 0 && !v.Admin {
		codes := []string{}
		for code := range v.Profiles {
			codes = append(codes, code)
		}
		slices.Sort(codes)
		return codes, nil
	}
	rows, err := s.pool.Query(ctx, `select code from arpent.collectivity order by code`)
	if err != nil {
		return nil, fmt.Errorf("reading the collectivities: %w", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("reading the collectivities: %w", err)
	}
	if !v.Admin && len(codes) > 1 {
		return []string{}, nil
	}
	return codes, nil
}
