-- The platform: who may do what, and the record of what was done.

-- +goose Up

-- +goose StatementBegin
do $$
begin
  -- The roles under which requests run; the server connects as their member
  -- and owns the tables. They may not sign in.
  if not exists (select from pg_roles where rolname = 'arpent_app') then
    create role arpent_app nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'arpent_public') then
    create role arpent_public nologin;
  end if;
  if not pg_has_role(current_user, 'arpent_app', 'member') then
    execute format('grant arpent_app to %I', current_user);
  end if;
  if not pg_has_role(current_user, 'arpent_public', 'member') then
    execute format('grant arpent_public to %I', current_user);
  end if;
exception when duplicate_object then
  null; -- another database of the same cluster made them at this moment
end
$$;
-- +goose StatementEnd

create extension if not exists postgis;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- The schema is made by the migrator, whose own table is in it.
grant usage on schema arpent to arpent_app, arpent_public;

create table arpent.collectivity (
  code text primary key check (code <> ''),
  name text not null,
  srid integer not null default 2154
);

create table arpent.account (
  id            bigint generated always as identity primary key,
  login         text not null check (login ~ '^[^\s:]{1,64}$'),
  name          text not null default '',
  password_hash text, -- argon2id; null: cannot sign in with a password
  admin         boolean not null default false,
  disabled      boolean not null default false,
  created_at    timestamptz not null default now()
);
create unique index account_login on arpent.account (lower(login));

create table arpent.membership (
  account_id   bigint not null references arpent.account on delete cascade,
  collectivity text not null references arpent.collectivity on delete cascade,
  role         text not null check (role in ('reader', 'editor', 'admin')),
  primary key (account_id, collectivity)
);

create table arpent.token (
  id           bigint generated always as identity primary key,
  account_id   bigint not null references arpent.account on delete cascade,
  name         text not null default '',
  hash         bytea not null unique, -- SHA-256 of the token
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  last_used_at timestamptz
);

create table arpent.session (
  token  text primary key,
  data   bytea not null,
  expiry timestamptz not null
);
create index session_expiry on arpent.session (expiry);

create table arpent.login_attempt (
  login   text not null,
  address inet not null,
  at      timestamptz not null default now()
);
create index login_attempt_address on arpent.login_attempt (address, at);

-- Every change of every enrolled table, for ever.
create table arpent.history (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default clock_timestamp(),
  who          text not null,
  relation     text collate "C" not null, -- schema.table
  feature      text collate "C" not null,
  op           text not null check (op in ('insert', 'update', 'delete')),
  collectivity text,
  old          jsonb, -- the row without its geometry
  new          jsonb,
  old_geometry geometry,
  new_geometry geometry
);
create index history_feature on arpent.history (relation, feature, id desc);

-- The same as a feed: what was touched, where. Pruned after some days.
create table arpent.change (
  seq          bigint generated always as identity primary key,
  txid         xid8 not null default pg_current_xact_id(),
  at           timestamptz not null default clock_timestamp(),
  relation     text not null,
  feature      text collate "C" not null,
  op           text not null,
  who          text not null,
  collectivity text,
  old_envelope geometry, -- in the CRS of the layer
  new_envelope geometry
);
create index change_txid on arpent.change (txid);

-- Tables whose changes are recorded; the layers on public ones may be read by anybody.
create table arpent.relation (
  name    text primary key, -- schema.table
  public  boolean not null,
  columns text[] not null -- those that anonymous viewers may read
);

-- The text that searches compare: no case, no accents, words parted by one
-- space, a space before the first.
create function arpent.fold(words text) returns text
  language sql immutable strict parallel safe
  return ' ' || btrim(regexp_replace(lower(public.unaccent('public.unaccent', words)), '[^a-z0-9]+', ' ', 'g'));

-- The account on whose behalf the present transaction runs.
create function arpent.viewer() returns bigint
  language sql stable
  return nullif(current_setting('arpent.viewer', true), '')::bigint;

-- Collectivities whose rows of the relation the present viewer may read.
-- +goose StatementBegin
create function arpent.readable(relation text) returns text[]
  language sql stable security definer set search_path = arpent, pg_temp
as $$
  select coalesce(array_agg(c.code), '{}')
  from collectivity c
  where exists (select from relation r where r.name = $1 and r.public)
     or exists (select from account a where a.id = viewer() and a.admin and not a.disabled)
     or exists (select from membership m where m.account_id = viewer() and m.collectivity = c.code)
$$;
-- +goose StatementEnd

-- Collectivities whose rows the present viewer may change.
-- +goose StatementBegin
create function arpent.writable() returns text[]
  language sql stable security definer set search_path = arpent, pg_temp
as $$
  select coalesce(array_agg(c.code), '{}')
  from collectivity c
  where exists (select from account a where a.id = viewer() and a.admin and not a.disabled)
     or exists (select from membership m where m.account_id = viewer() and m.collectivity = c.code
                and m.role in ('editor', 'admin'))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Whether a box of one CRS, a few hundred kilometres wide at most, can be
-- brought into another: the projection is defined there and comes back.
create function arpent.transforms_well(xmin float8, ymin float8, xmax float8, ymax float8, source integer, target integer) returns boolean
  language plpgsql stable set search_path = public, pg_temp
as $$
declare
  box geometry := ST_MakeEnvelope(xmin, ymin, xmax, ymax, source);
  lonlat geometry := ST_Transform(box, 4326);
begin
  return ST_XMax(lonlat) - ST_XMin(lonlat) < 10 and ST_YMax(lonlat) - ST_YMin(lonlat) < 10
    and ST_HausdorffDistance(ST_Transform(ST_Transform(lonlat, target), 4326), lonlat) < 1e-6;
exception when others then
  return false;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- ST_Transform that gives null where the projection is not defined.
create function arpent.transform(shape geometry, srid integer) returns geometry
  language plpgsql stable strict set search_path = public, pg_temp
as $$
begin
  return ST_Transform(shape, srid);
exception when others then
  return null;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Records a statement on an enrolled table in history and change. Its
-- arguments are the columns of the identifier, the geometry ('' for none) and
-- the collectivity ('' for none). The rows come as transition tables, so that
-- a statement costs one insert however many rows it touches.
create function arpent.record() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  relation text := tg_table_schema || '.' || tg_table_name;
  id text := quote_ident(tg_argv[0]);
  geom text := case when tg_argv[1] = '' then null else quote_ident(tg_argv[1]) end;
  collectivity text := case when tg_argv[2] = '' then null else quote_ident(tg_argv[2]) end;
  who text := coalesce(nullif(current_setting('arpent.actor', true), ''), session_user);
  columns text; -- all but the geometry
  source text; -- the rows before (o) and after (n)
  feature text; -- expressions on these rows
  op text;
  owner text;
  old_shape text;
  new_shape text;
begin
  select string_agg(format('%%1$s.%I', attname), ', ' order by attnum) into columns
  from pg_attribute
  where attrelid = tg_relid and attnum > 0 and not attisdropped and attname <> tg_argv[1];

  source := case tg_op
    when 'INSERT' then 'new_rows n left join (select) o on true'
    when 'DELETE' then 'old_rows o left join (select) n on true'
    -- A row whose identifier changes is a deletion and an insertion.
    -- An update that leaves a row byte for byte as it was is no change.
    else format('old_rows o full join new_rows n on o.%1$s = n.%1$s where o.%1$s is null or n.%1$s is null or o *<> n', id)
  end;

  feature := case tg_op when 'INSERT' then 'n.' || id when 'DELETE' then 'o.' || id
    else format('coalesce(n.%1$s, o.%1$s)', id) end;
  op := case tg_op when 'INSERT' then '''insert''' when 'DELETE' then '''delete'''
    else format('case when o.%1$s is null then ''insert'' when n.%1$s is null then ''delete'' else ''update'' end', id) end;
  owner := case when collectivity is null then 'null' when tg_op = 'INSERT' then 'n.' || collectivity
    when tg_op = 'DELETE' then 'o.' || collectivity
    else format('coalesce(n.%1$s, o.%1$s)', collectivity) end;
  old_shape := case when tg_op = 'INSERT' or geom is null then 'null::geometry' else 'o.' || geom end;
  new_shape := case when tg_op = 'DELETE' or geom is null then 'null::geometry' else 'n.' || geom end;

  -- Two statements rather than one that writes to both: it would keep all rows
  -- a second time, on disk when they are many.
  execute format('insert into arpent.history (who, relation, feature, op, collectivity, old, new, old_geometry, new_geometry)
    select $1, $2, %s::text, %s, %s::text, %s, %s, %s, %s from %s',
    feature, op, owner,
    case tg_op when 'INSERT' then 'null::jsonb' else format('case when o.%s is not null then (select to_jsonb(r) from (select %s) r) end', id, format(columns, 'o')) end,
    case tg_op when 'DELETE' then 'null::jsonb' else format('case when n.%s is not null then (select to_jsonb(r) from (select %s) r) end', id, format(columns, 'n')) end,
    old_shape, new_shape, source) using who, relation;
  execute format('insert into arpent.change (who, relation, feature, op, collectivity, old_envelope, new_envelope)
    select $1, $2, %s::text, %s, %s::text, ST_Envelope(%s), ST_Envelope(%s) from %s',
    feature, op, owner, old_shape, new_shape, source) using who, relation;

  perform pg_notify('arpent_change', relation);
  return null;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- TRUNCATE has no transition tables: the rows are deleted one statement
-- before, so that they are recorded.
create function arpent.record_truncate() returns trigger
  language plpgsql
as $$
begin
  execute format('delete from %I.%I', tg_table_schema, tg_table_name);
  return null;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Makes a table the ground of a layer: its changes are recorded, row-level
-- security guards it, and anonymous viewers may read the columns listed when
-- it is public. Safe to repeat; does nothing when nothing changed.
create procedure arpent.enrol(target regclass, id name, geom name, collectivity name, public boolean, columns text[], read_only boolean)
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  ns text;
  rel text;
  known arpent.relation;
  qualified text;
  arguments text := format('%L, %L, %L', id, coalesce(geom, ''), coalesce(collectivity, ''));
  present text;
begin
  select nspname, relname into ns, rel from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = target;
  qualified := ns || '.' || rel;

  select pg_get_triggerdef(oid) into present from pg_trigger where tgrelid = target and tgname = 'arpent_record_insert';
  if not read_only and (present is null or strpos(present, format('arpent.record(%s)', arguments)) = 0) then
    execute format('create or replace trigger arpent_record_insert after insert on %s referencing new table as new_rows for each statement execute function arpent.record(%s)', target, arguments);
    execute format('create or replace trigger arpent_record_update after update on %s referencing old table as old_rows new table as new_rows for each statement execute function arpent.record(%s)', target, arguments);
    execute format('create or replace trigger arpent_record_delete after delete on %s referencing old table as old_rows for each statement execute function arpent.record(%s)', target, arguments);
    execute format('create or replace trigger arpent_record_truncate before truncate on %s for each statement execute function arpent.record_truncate()', target);
  end if;

  select * into known from arpent.relation r where r.name = qualified;
  if found and known.public = enrol.public and known.columns = enrol.columns then
    return;
  end if;

  execute format('grant usage on schema %I to arpent_app, arpent_public', ns);
  execute format('grant select, insert, update, delete on %s to arpent_app', target);
  execute format('revoke all on %s from arpent_public', target);
  execute format('revoke all (%s) on %s from arpent_public', (select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = target and attnum > 0 and not attisdropped), target);
  if public then
    execute format('grant select (%s) on %s to arpent_public', (select string_agg(quote_ident(c), ', ') from unnest(columns || case when read_only then '{}'::text[] else '{xmin}' end) c), target);
  end if;
  if collectivity is not null and not read_only then
    execute format('alter table %s enable row level security', target);
    execute format('drop policy if exists arpent_public on %s', target);
    execute format('drop policy if exists arpent_read on %s', target);
    execute format('drop policy if exists arpent_insert on %s', target);
    execute format('drop policy if exists arpent_update on %s', target);
    execute format('drop policy if exists arpent_delete on %s', target);
    execute format('create policy arpent_public on %s for select to arpent_public using (true)', target);
    execute format('create policy arpent_read on %s for select to arpent_app using (%I = any ((select arpent.readable(%L))::text[]))', target, collectivity, qualified);
    execute format('create policy arpent_insert on %s for insert to arpent_app with check (%I = any ((select arpent.writable())::text[]))', target, collectivity);
    execute format('create policy arpent_update on %s for update to arpent_app using (%I = any ((select arpent.writable())::text[]))', target, collectivity);
    execute format('create policy arpent_delete on %s for delete to arpent_app using (%I = any ((select arpent.writable())::text[]))', target, collectivity);
  end if;

  insert into arpent.relation values (qualified, enrol.public, enrol.columns)
  on conflict on constraint relation_pkey do update set public = excluded.public, columns = excluded.columns;
end
$$;
-- +goose StatementEnd

-- People read the history of their own collectivities only.
alter table arpent.history enable row level security;
grant select on arpent.history to arpent_app;
create policy arpent_read on arpent.history for select to arpent_app
  using (collectivity is null or collectivity = any ((select arpent.readable(''))::text[]));

-- +goose Down
drop schema arpent cascade;
