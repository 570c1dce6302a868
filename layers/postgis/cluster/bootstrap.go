package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// rolesSQL makes the server's role and those its requests run under.
const rolesSQL = `
do $$
declare name text;
begin
  foreach name in array array['arpent', 'arpent_app', 'arpent_personal', 'arpent_public'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nosuperuser nocreatedb nocreaterole %s', name, case name when 'arpent' then 'login' else 'nologin' end);
    end if;
  end loop;
end $$;
grant arpent_app to arpent_personal;
grant arpent_app, arpent_personal, arpent_public to arpent;
-- Else tables that people make without naming a schema would land in ours,
-- which is named as the role is.
alter role arpent set search_path = public`

// extensionsSQL makes what only a superuser may: the extensions, and the mark
// that the bounding-box operators of PostGIS give nothing away. Without it
// PostgreSQL may not use a GiST index below a row-level security policy. They
// compare boxes and have no way to tell what they saw.
const extensionsSQL = `
create extension if not exists postgis schema public;
create extension if not exists pg_trgm schema public;
create extension if not exists unaccent schema public;
create extension if not exists btree_gist schema public;
do $$
declare f regprocedure;
begin
  for f in
    select distinct o.oprcode
    from pg_amop a
    join pg_opfamily family on family.oid = a.amopfamily
    join pg_operator o on o.oid = a.amopopr
    join pg_proc p on p.oid = o.oprcode
    where family.opfname = 'gist_geometry_ops_2d' and a.amoppurpose = 's' and not p.proleakproof
  loop
    execute format('alter function %s leakproof', f);
  end loop;
end $$`

// bootstrap makes roles and the database arpent. Safe to repeat, and to cut
// short: the database has its name only when it is complete, as others take
// its answer for the cluster's being ready.
func (c *Cluster) bootstrap(ctx context.Context) error {
	if err := c.admin(ctx, "postgres", rolesSQL); err != nil {
		return fmt.Errorf("making roles: %w", err)
	}
	// Again each time: a newer Arpent or PostGIS may want more of them.
	err := c.admin(ctx, "arpent", extensionsSQL)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "3D000" { // no such database
		err = c.createArpent(ctx)
	}
	if err != nil {
		return fmt.Errorf("making the database arpent: %w", err)
	}
	return nil
}

func (c *Cluster) createArpent(ctx context.Context) error {
	const making = "arpent_making"
	if err := c.DropDatabase(ctx, making); err != nil {
		return err
	}
	if _, err := c.CreateDatabase(ctx, making); err != nil {
		return err
	}
	return c.admin(ctx, "postgres", "alter database "+making+" rename to arpent")
}

// CreateDatabase makes another database like arpent, owned by the server's
// role, and returns its URL.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) (string, error) {
	if err := c.admin(ctx, "postgres", "create database "+pgx.Identifier{name}.Sanitize()+" owner arpent"); err != nil {
		return "", fmt.Errorf("making database %s: %w", name, err)
	}
	if err := c.admin(ctx, name, extensionsSQL); err != nil {
		return "", fmt.Errorf("making the extensions of database %s: %w", name, err)
	}
	return c.url("arpent", name), nil
}

// CopyDatabase makes a database as a copy of another, to which nobody is
// connected, and returns its URL.
func (c *Cluster) CopyDatabase(ctx context.Context, name, of string) (string, error) {
	if err := c.admin(ctx, "postgres", fmt.Sprintf("create database %s template %s owner arpent", pgx.Identifier{name}.Sanitize(), pgx.Identifier{of}.Sanitize())); err != nil {
		return "", fmt.Errorf("copying database %s: %w", of, err)
	}
	return c.url("arpent", name), nil
}

// DropDatabase deletes a database and cuts who is connected to it.
func (c *Cluster) DropDatabase(ctx context.Context, name string) error {
	if err := c.admin(ctx, "postgres", "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
		return fmt.Errorf("dropping database %s: %w", name, err)
	}
	return nil
}

// admin runs SQL as the superuser, with no names but those of PostgreSQL: the
// database's owner must not lend it any.
func (c *Cluster) admin(ctx context.Context, database, sql string) error {
	config, err := pgx.ParseConfig(c.url("postgres", database))
	if err != nil {
		return err
	}
	config.RuntimeParams["search_path"] = "pg_catalog"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, strings.TrimSpace(sql))
	return err
}
