-- +goose Up
-- Why something changed: an import, an undo. What one transaction changed is
-- undone together.
alter table arpent.history
  add column txid xid8 default pg_current_xact_id(),
  add column cause text default nullif(current_setting('arpent.cause', true), '');
create index history_at on arpent.history (relation, at);
create index history_cause on arpent.history (cause) where cause is not null;

-- Words end with a space as well, so that whole words can be looked for.
create or replace function arpent.fold(words text) returns text
  language sql immutable strict parallel safe
  return ' ' || btrim(regexp_replace(lower(public.unaccent('public.unaccent', words)), '[^a-z0-9]+', ' ', 'g')) || ' ';

-- The server makes the indexes of searches from the layer files.
drop index land.parcels_search, land.addresses_search;

-- +goose StatementBegin
-- Records a statement on an enrolled table in history and change. Its
-- arguments are the columns of the identifier, the geometry ('' for none) and
-- the collectivity ('' for none). The rows come as transition tables, so that
-- a statement costs one insert however many rows it touches.
create or replace function arpent.record() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  relation text := tg_table_schema || '.' || tg_table_name;
  id text := quote_ident(tg_argv[0]);
  geom text := case when tg_argv[1] = '' then null else quote_ident(tg_argv[1]) end;
  collectivity text := case when tg_argv[2] = '' then null else quote_ident(tg_argv[2]) end;
  who text := coalesce(nullif(current_setting('arpent.actor', true), ''), session_user);
  columns text; -- all but the geometry
  shapes text; -- all shapes of a row, where it has several in the CRS of the geometry
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

  select 'array[' || string_agg(format('%%1$s.%I', attname), ', ' order by attnum) || ']' into shapes
  from pg_attribute
  where attrelid = tg_relid and attnum > 0 and not attisdropped and atttypid = 'geometry'::regtype
    and postgis_typmod_srid(atttypmod) = (select postgis_typmod_srid(atttypmod) from pg_attribute where attrelid = tg_relid and attname = tg_argv[1])
  having count(*) > 1;

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
    feature, op, owner,
    case when shapes is null or tg_op = 'INSERT' then old_shape else format('ST_Collect(' || shapes || ')', 'o') end,
    case when shapes is null or tg_op = 'DELETE' then new_shape else format('ST_Collect(' || shapes || ')', 'n') end,
    source) using who, relation;

  perform pg_notify('arpent_change', relation);
  return null;
end
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
-- Records a statement on an enrolled table in history and change. Its
-- arguments are the columns of the identifier, the geometry ('' for none) and
-- the collectivity ('' for none). The rows come as transition tables, so that
-- a statement costs one insert however many rows it touches.
create or replace function arpent.record() returns trigger
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
create index parcels_search on land.parcels using gin (
  arpent.fold(coalesce(id::text, '') || ' ' || coalesce(section::text, '') || ' ' || coalesce(number::text, '')) gin_trgm_ops);
create index addresses_search on land.addresses using gin (
  arpent.fold(coalesce(number::text, '') || ' ' || coalesce(suffix::text, '') || ' ' || coalesce(street::text, '')) gin_trgm_ops);
create or replace function arpent.fold(words text) returns text
  language sql immutable strict parallel safe
  return ' ' || btrim(regexp_replace(lower(public.unaccent('public.unaccent', words)), '[^a-z0-9]+', ' ', 'g'));
drop index arpent.history_cause, arpent.history_at;
alter table arpent.history drop column cause, drop column txid;
