package cartography

import (
	"context"
	"encoding/json"
	"fmt"

	"arpent/layers"
)

// Origin says whose a style is.
type Origin string

// Whose a style may be.
const (
	OfFile         Origin = "file"
	OfCollectivity Origin = "collectivity"
	Own            Origin = "own"
)

// Styled is the style in which a viewer sees a layer.
type Styled struct {
	Style  layers.Style
	Origin Origin
}

// Styles are those in which the viewer sees layers otherwise than their files
// say, by layer: its own, else that of its collectivity. One that draws by what
// the viewer may not see, or by a field that is no more, is left out.
func (s *Service) Styles(ctx context.Context, v layers.Viewer) (map[string]Styled, error) {
	codes, err := s.audience(ctx, v)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `select layer, account is not null, style from arpent.layer_style
		where account = $1 or collectivity = any ($2) order by layer, collectivity nulls first`, v.UserID, codes)
	if err != nil {
		return nil, fmt.Errorf("reading styles: %w", err)
	}
	defer rows.Close()
	catalog := s.layers.Catalog()
	styles := map[string]Styled{}
	for rows.Next() {
		var layer string
		var mine bool
		var document []byte
		if err := rows.Scan(&layer, &mine, &document); err != nil {
			return nil, fmt.Errorf("reading styles: %w", err)
		}
		found := Styled{Origin: OfCollectivity}
		if mine {
			found.Origin = Own
		}
		if err := json.Unmarshal(document, &found.Style); err != nil {
			return nil, fmt.Errorf("reading the style of layer %s: %w", layer, err)
		}
		l, err := catalog.Get(v, layer)
		if _, has := styles[layer]; has || err != nil || catalog.CheckStyle(v, l, &found.Style) != nil {
			continue
		}
		styles[layer] = found
	}
	return styles, rows.Err()
}

// SaveStyle keeps a style of a layer for the viewer or, where a collectivity is
// named, for all its people; nil forgets it.
func (s *Service) SaveStyle(ctx context.Context, v layers.Viewer, collectivity, layer string, style *layers.Style) error {
	catalog := s.layers.Catalog()
	l, err := catalog.Get(v, layer)
	switch {
	case err != nil:
		return err
	case v.UserID == 0:
		return layers.Errorf(layers.Unauthorized, "sign in to keep a style")
	case collectivity != "" && !v.Administers(collectivity) && !v.May(layers.Administer, l, collectivity):
		return layers.Errorf(layers.Forbidden, "only who administers layer %s in collectivity %s chooses its style for all", layer, collectivity)
	}
	column, owner := ownerOf(v, collectivity)
	if style == nil {
		return s.exec(ctx, "forgetting a style", `delete from arpent.layer_style where `+column+` = $1 and layer = $2`, owner, layer)
	}
	if err := catalog.CheckStyle(v, l, style); err != nil {
		return err
	}
	document, err := json.Marshal(style)
	if err != nil {
		return fmt.Errorf("keeping a style: %w", err)
	}
	return s.exec(ctx, "keeping a style", `insert into arpent.layer_style (`+column+`, layer, style) values ($1, $2, $3)
		on conflict (`+column+`, layer) do update set style = excluded.style, changed_at = now()`, owner, layer, document)
}
