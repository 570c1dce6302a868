package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"arpent/layers"
)

// Profile is a profile with its words.
type Profile struct {
	layers.Profile
	Title   layers.Text
	BuiltIn bool
	Members int64 // accounts that have it somewhere
}

// Fixed reports whether what the profile may do cannot be changed: the
// administrator's, lest nobody could mend it, and the public's, which layer
// files say.
func (p *Profile) Fixed() bool { return p.ID == "administrator" || p.ID == "public" }

// Profiles are all profiles, the built-in ones first.
func (s *Service) Profiles(ctx context.Context, v layers.Viewer) ([]Profile, error) {
	if err := Administrator(v); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select p.id, p.title, p.built_in,
		       (select coalesce(jsonb_object_agg(g.scope, to_jsonb(g.actions)), '{}') from arpent.profile_grant g where g.profile = p.id),
		       (select coalesce(jsonb_object_agg(f.layer, f.fields), '{}') from (
		          select layer, jsonb_object_agg(field, access) as fields from arpent.profile_field where profile = p.id group by layer) f),
		       (select count(distinct account_id) from arpent.membership m where m.profile = p.id)
		from arpent.profile p order by p.position, p.id`)
	if err != nil {
		return nil, fmt.Errorf("reading profiles: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Profile, error) {
		var p Profile
		err := row.Scan(&p.ID, &p.Title, &p.BuiltIn, &p.Grants, &p.Fields, &p.Members)
		return p, err
	})
}

// PutProfile makes a profile or replaces what it says. Whoever has it has the
// new rights from the next request on, on every server.
func (s *Service) PutProfile(ctx context.Context, v layers.Viewer, p Profile) error {
	if err := ServerAdministrator(v); err != nil {
		return err
	}
	if p.Fixed() {
		return layers.Errorf(layers.Forbidden, "what profile %s may do cannot be changed", p.ID)
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into arpent.profile (id, title) values ($1, $2) on conflict (id) do update set title = excluded.title`, p.ID, p.Title)
		if err != nil {
			return err
		}
		for _, sql := range []string{`delete from arpent.profile_grant where profile = $1`, `delete from arpent.profile_field where profile = $1`} {
			if _, err := tx.Exec(ctx, sql, p.ID); err != nil {
				return err
			}
		}
		for scope, actions := range p.Grants {
			if actions == nil {
				actions = []layers.Action{}
			}
			if _, err := tx.Exec(ctx, `insert into arpent.profile_grant values ($1, $2, $3)`, p.ID, scope, actions); err != nil {
				return err
			}
		}
		for layer, fields := range p.Fields {
			for field, access := range fields {
				if _, err := tx.Exec(ctx, `insert into arpent.profile_field values ($1, $2, $3, $4)`, p.ID, layer, field, access); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "23514" {
		switch e.ConstraintName {
		case "profile_id_check":
			return layers.Errorf(layers.Invalid, "the identifier of a profile begins with a letter and has up to 40 small letters, digits, - and _")
		case "profile_grant_actions_check":
			return layers.Errorf(layers.Invalid, "one of the actions is none")
		default:
			return layers.Errorf(layers.Invalid, "a field is hidden or read-only, or not named")
		}
	}
	return err
}

// DropProfile takes a profile away that nobody has.
func (s *Service) DropProfile(ctx context.Context, v layers.Viewer, id string) error {
	if err := ServerAdministrator(v); err != nil {
		return err
	}
	tag, err := s.pool.Exec(ctx, `delete from arpent.profile where id = $1 and not built_in`, id)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "23503" {
		return layers.Errorf(layers.Conflict, "people have the profile %s: give them another first", id)
	}
	if err == nil && tag.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "there is no profile %s that can be taken away", id)
	}
	return err
}

// DropCollectivity takes a collectivity away that owns nothing.
func (s *Service) DropCollectivity(ctx context.Context, v layers.Viewer, code string) error {
	if err := ServerAdministrator(v); err != nil {
		return err
	}
	tag, err := s.pool.Exec(ctx, `delete from arpent.collectivity where code = $1`, code)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "23503" {
		return layers.Errorf(layers.Conflict, "collectivity %s owns records in %s.%s: delete them first", code, e.SchemaName, e.TableName)
	}
	if err == nil && tag.RowsAffected() == 0 {
		return layers.Errorf(layers.NotFound, "there is no collectivity %s", code)
	}
	return err
}
