-- Who may do what: profiles, what they may do by application and layer, and
-- the log of reads of personal data.
--
-- There is no way down: profiles say what roles could not.

-- +goose Up

-- +goose StatementBegin
do $$
begin
  -- Reads personal columns as well; assumed by who has the right and a reason.
  if not exists (select from pg_roles where rolname = 'arpent_personal') then
    create role arpent_personal nologin;
  end if;
  if not pg_has_role('arpent_personal', 'arpent_app', 'member') then
    grant arpent_app to arpent_personal;
  end if;
  if not pg_has_role(current_user, 'arpent_personal', 'member') then
    execute format('grant arpent_personal to %I', current_user);
  end if;
exception when duplicate_object or unique_violation then
  null; -- another database of the same cluster made it at this moment
end
$$;
-- +goose StatementEnd

create table arpent.profile (
  id       text primary key check (id ~ '^[a-z][a-z0-9_-]{0,39}$'),
  title    jsonb not null, -- by language
  built_in boolean not null default false,
  position integer not null default 100
);

-- What a profile may do in a scope: '*' for everywhere, an application or a
-- layer. Only the most specific scope counts: what is said of a layer replaces
-- what is said of its application.
create table arpent.profile_grant (
  profile text not null references arpent.profile on update cascade on delete cascade,
  scope   text not null check (scope <> ''),
  actions text[] not null check (actions <@ array['read', 'create', 'update', 'delete', 'validate', 'print', 'export', 'import', 'personal', 'administer']),
  primary key (profile, scope)
);

-- Fields that a profile does not see, or may not change.
create table arpent.profile_field (
  profile text not null references arpent.profile on update cascade on delete cascade,
  layer   text not null,
  field   text not null,
  access  text not null check (access in ('hidden', 'read-only')),
  primary key (profile, layer, field)
);

insert into arpent.profile (id, title, built_in, position) values
  ('administrator', '{"fr": "Administrateur", "en": "Administrator"}', true, 1),
  ('manager', '{"fr": "Gestionnaire", "en": "Manager"}', true, 2),
  ('instructor', '{"fr": "Instructeur", "en": "Instructor"}', true, 3),
  ('reader', '{"fr": "Lecteur", "en": "Reader"}', true, 4),
  ('public', '{"fr": "Public", "en": "Public"}', true, 5);
insert into arpent.profile_grant values
  ('administrator', '*', '{read,create,update,delete,validate,print,export,import,personal,administer}'),
  ('manager', '*', '{read,create,update,delete,validate,print,export,import,personal}'),
  ('instructor', '*', '{read,create,update,print,export}'),
  ('reader', '*', '{read,print,export}');

alter table arpent.membership add column profile text references arpent.profile check (profile <> 'public');
update arpent.membership set profile = case role when 'admin' then 'administrator' when 'editor' then 'manager' else 'reader' end;
alter table arpent.membership alter column profile set not null, drop column role;
create index membership_profile on arpent.membership (profile);

alter table arpent.account add column email text check (email ~ '^[^\s@]+@[^\s@]+$');
create unique index account_email on arpent.account (lower(email));

-- Accounts at providers of OpenID Connect.
create table arpent.identity (
  issuer     text not null,
  subject    text not null,
  account_id bigint not null references arpent.account on delete cascade,
  primary key (issuer, subject)
);
create index identity_account on arpent.identity (account_id);

-- Links to choose another password, each good for once.
create table arpent.password_reset (
  hash       bytea primary key, -- SHA-256 of the token
  account_id bigint not null references arpent.account on delete cascade,
  expires_at timestamptz not null
);
create index password_reset_account on arpent.password_reset (account_id);

-- Who asked for such links, so that they are not asked for without end.
create table arpent.reset_request (
  address inet not null,
  name    text not null, -- login or address of mail, as it was given
  at      timestamptz not null default now()
);
create index reset_request_at on arpent.reset_request (at);

-- Each read of personal data, for ever. No request may change it.
create table arpent.personal_read (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default clock_timestamp(),
  account_id   bigint, -- kept when the account is gone
  who          text not null,
  collectivity text, -- owner of the records
  layer        text not null,
  features     text[] not null,
  fields       text[] not null,
  purpose      text not null check (purpose <> '')
);
create index personal_read_at on arpent.personal_read (at);
create index personal_read_features on arpent.personal_read using gin (features);

-- The layers as the database must know them to guard their tables. A table may
-- have several, of which one is public and another is not.
create table arpent.layer (
  id           text primary key,
  application  text not null,
  relation     text not null, -- schema.table
  collectivity text, -- column of the owner
  read_only    boolean not null, -- a view
  public       boolean not null,
  columns      text[] not null, -- those that anybody may read when it is public
  personal     text[] not null, -- those that hold personal data
  rights       jsonb not null -- by profile: actions, as the layer file says
);
create index layer_relation on arpent.layer (relation);

-- +goose StatementBegin
-- The policies made by the functions below go with these; the server makes
-- them anew when it starts.
do $$
declare
  p record;
begin
  for p in select * from pg_policies where policyname in ('arpent_public', 'arpent_read', 'arpent_insert', 'arpent_update', 'arpent_delete') loop
    execute format('drop policy %I on %I.%I', p.policyname, p.schemaname, p.tablename);
  end loop;
end
$$;
-- +goose StatementEnd
drop procedure arpent.enrol;
drop function arpent.readable, arpent.writable;
drop table arpent.relation;

-- What was granted last on a table, so that it is not granted again at each start.
create table arpent.relation (
  name     text primary key, -- schema.table
  granted  text not null,
  personal text[] not null
);

-- +goose StatementBegin
-- What a profile may do in a layer: layers.Profile.Actions says the same.
create function arpent.actions(profile text, l arpent.layer) returns text[]
  language sql stable set search_path = arpent, pg_temp
as $$
  select coalesce(
    (select g.actions from profile_grant g where g.profile = $1 and g.scope = l.id),
    case when l.rights ? $1 then array(select jsonb_array_elements_text(l.rights -> $1)) end,
    (select g.actions from profile_grant g where g.profile = $1 and g.scope = l.application),
    (select g.actions from profile_grant g where g.profile = $1 and g.scope = '*'),
    '{}')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- In which layers and collectivities the present viewer may do something; ''
-- stands for records that belong to none.
create function arpent.reach(action text) returns table (layer text, relation text, collectivity text)
  language sql stable security definer set search_path = arpent, pg_temp rows 100
as $$
  with viewer as materialized (
    select id, admin from account where id = viewer() and not disabled
  )
  select l.id, l.relation, c.code
  from viewer v, layer l, (select code from collectivity union all select '') c
  where v.admin
  union
  select l.id, l.relation, code
  from viewer v join membership m on m.account_id = v.id
  cross join layer l
  cross join unnest(array[m.collectivity, '']) code
  where not v.admin and $1 = any (actions(m.profile, l))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Collectivities in whose rows of a table the present viewer may do something,
-- on whichever of its layers; '' among them where it may in any.
create function arpent.allowed(relation text, action text) returns text[]
  language sql stable security definer set search_path = arpent, pg_temp
as $$
  with viewer as materialized (
    select id, admin from account where id = viewer() and not disabled
  )
  select coalesce(array_agg(code), '{}') from (
    select code from viewer v, (select code from collectivity union all select '') c where v.admin
    union
    select unnest(array[m.collectivity, ''])
    from viewer v join membership m on m.account_id = v.id
    where not v.admin and exists (select from layer l where l.relation = $1 and $2 = any (actions(m.profile, l)))
  ) codes
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The profiles of an account by collectivity, with all they may do.
create function arpent.profiles_of(account bigint) returns jsonb
  language sql stable set search_path = arpent, pg_temp
as $$
  select coalesce(jsonb_object_agg(m.collectivity, jsonb_build_object(
    'id', m.profile,
    'grants', (select coalesce(jsonb_object_agg(g.scope, to_jsonb(g.actions)), '{}') from profile_grant g where g.profile = m.profile),
    'fields', (select coalesce(jsonb_object_agg(layer, fields), '{}') from (
      select f.layer, jsonb_object_agg(f.field, f.access) as fields from profile_field f where f.profile = m.profile group by f.layer) f)
  )), '{}')
  from membership m where m.account_id = $1
$$;
-- +goose StatementEnd

-- Personal values are kept apart in history as well.
alter table arpent.history
  add column old_personal jsonb,
  add column new_personal jsonb;
revoke select on arpent.history from arpent_app;
-- +goose StatementBegin
do $$
begin
  execute format('grant select (%s) on arpent.history to arpent_app', (
    select string_agg(quote_ident(attname), ', ') from pg_attribute
    where attrelid = 'arpent.history'::regclass and attnum > 0 and not attisdropped and attname not in ('old_personal', 'new_personal')));
end
$$;
-- +goose StatementEnd
grant select (old_personal, new_personal) on arpent.history to arpent_personal;
create policy arpent_read on arpent.history for select to arpent_app
  using ((relation, coalesce(collectivity, '')) in (select r.relation, r.collectivity from arpent.reach('read') r));

-- Views of what anybody may read of public tables, by schema.table: through
-- them who sees all columns of their own rows sees the others as anybody does.
create schema arpent_open;
grant usage on schema arpent_open to arpent_app;

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
  columns text; -- all but the geometry and what is personal
  personal text; -- those with personal data
  shapes text; -- all shapes of a row, where it has several in the CRS of the geometry
  source text; -- the rows before (o) and after (n)
  feature text; -- expressions on these rows
  op text;
  owner text;
  old_shape text;
  new_shape text;
begin
  select string_agg(format('%%1$s.%I', attname), ', ' order by attnum) filter (where p is null),
         string_agg(format('%%1$s.%I', attname), ', ' order by attnum) filter (where p is not null)
  into columns, personal
  from pg_attribute
  left join (select distinct unnest(l.personal) as p from arpent.layer l where l.relation = tg_table_schema || '.' || tg_table_name) l on p = attname
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
  execute format('insert into arpent.history (who, relation, feature, op, collectivity, old, new, old_personal, new_personal, old_geometry, new_geometry)
    select $1, $2, %s::text, %s, %s::text, %s, %s, %s, %s, %s, %s from %s',
    feature, op, owner,
    case tg_op when 'INSERT' then 'null::jsonb' else format('case when o.%s is not null then (select to_jsonb(r) from (select %s) r) end', id, format(columns, 'o')) end,
    case tg_op when 'DELETE' then 'null::jsonb' else format('case when n.%s is not null then (select to_jsonb(r) from (select %s) r) end', id, format(columns, 'n')) end,
    case when tg_op = 'INSERT' or personal is null then 'null::jsonb' else format('case when o.%s is not null then (select to_jsonb(r) from (select %s) r) end', id, format(personal, 'o')) end,
    case when tg_op = 'DELETE' or personal is null then 'null::jsonb' else format('case when n.%s is not null then (select to_jsonb(r) from (select %s) r) end', id, format(personal, 'n')) end,
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

-- +goose StatementBegin
-- Gives the roles of requests what the layers of a table allow, and nothing
-- else. Safe to repeat; does nothing when nothing changed.
create procedure arpent.guard(relation text)
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  ns text := split_part(relation, '.', 1);
  target regclass := to_regclass(format('%I.%I', split_part(relation, '.', 1), substr(relation, strpos(relation, '.') + 1)));
  all_columns text[];
  open_columns text[]; -- the union over the public layers
  secret text[]; -- with personal data
  plain text[]; -- the others
  owner text;
  is_view boolean;
  is_public boolean;
  wanted text;
  known arpent.relation;
  open_view text := format('arpent_open.%I', relation);
  lists text[];
begin
  if target is null then -- the table is gone, and its grants with it
    delete from arpent.relation r where r.name = guard.relation;
    return;
  end if;
  select array_agg(attname::text order by attnum) into all_columns
  from pg_attribute where attrelid = target and attnum > 0 and not attisdropped;
  select coalesce(bool_or(l.public), false), max(l.collectivity), coalesce(bool_or(l.read_only), false) into is_public, owner, is_view
  from arpent.layer l where l.relation = guard.relation;
  select coalesce(array_agg(distinct c order by c), '{}') into secret
  from arpent.layer l, unnest(l.personal) c where l.relation = guard.relation and c = any (all_columns);
  select coalesce(array_agg(distinct c order by c), '{}') into open_columns
  from arpent.layer l, unnest(l.columns) c
  where l.relation = guard.relation and l.public and c = any (all_columns) and c <> all (secret);
  plain := array(select c from unnest(all_columns) c where c <> all (secret));

  wanted := md5(concat_ws('|', target::oid, is_public, owner, is_view, all_columns, open_columns, secret, exists (select from arpent.layer l where l.relation = guard.relation)));
  select * into known from arpent.relation r where r.name = guard.relation;
  if known.granted = wanted then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('arpent.guard')); -- servers that start together

  select array[
    (select string_agg(quote_ident(c), ', ') from unnest(all_columns) c),
    (select string_agg(quote_ident(c), ', ') from unnest(open_columns) c),
    (select string_agg(quote_ident(c), ', ') from unnest(secret) c),
    (select string_agg(quote_ident(c), ', ') from unnest(plain) c)] into lists;
  execute format('drop view if exists %s', open_view);
  execute format('revoke all on %s from arpent_public, arpent_app, arpent_personal', target);
  execute format('revoke all (%s) on %s from arpent_public, arpent_app, arpent_personal', lists[1], target);
  execute format('grant usage on schema %I to arpent_app, arpent_public', ns);
  if is_public and open_columns <> '{}' then
    execute format('grant select (%s%s) on %s to arpent_public', lists[2], case when is_view then '' else ', xmin' end, target);
  end if;
  if secret = '{}' then
    execute format('grant select, insert, update, delete on %s to arpent_app', target);
  else
    execute format('grant select (%1$s%2$s), insert (%1$s), update (%1$s) on %3$s to arpent_app', lists[4], case when is_view then '' else ', xmin' end, target);
    execute format('grant delete on %s to arpent_app', target);
    execute format('grant select (%1$s), insert (%1$s), update (%1$s) on %2$s to arpent_personal', lists[3], target);
  end if;

  if not is_view then
    execute format('alter table %s enable row level security', target);
    execute format('drop policy if exists arpent_public on %s', target);
    execute format('drop policy if exists arpent_read on %s', target);
    execute format('drop policy if exists arpent_insert on %s', target);
    execute format('drop policy if exists arpent_update on %s', target);
    execute format('drop policy if exists arpent_delete on %s', target);
    execute format('create policy arpent_public on %s for select to arpent_public using (true)', target);
    -- Rows that belong to no collectivity are of whoever may in any.
    owner := coalesce(quote_ident(owner), '''''::text');
    execute format('create policy arpent_read on %s for select to arpent_app using (%s = any ((select arpent.allowed(%L, ''read''))::text[]))', target, owner, relation);
    execute format('create policy arpent_insert on %s for insert to arpent_app with check (%s = any ((select arpent.allowed(%L, ''create''))::text[]))', target, owner, relation);
    -- Who may only delete locks rows, which counts as an update.
    execute format('create policy arpent_update on %1$s for update to arpent_app using (%2$s = any ((select arpent.allowed(%3$L, ''update'') || arpent.allowed(%3$L, ''delete''))::text[])) with check (%2$s = any ((select arpent.allowed(%3$L, ''update''))::text[]))', target, owner, relation);
    execute format('create policy arpent_delete on %s for delete to arpent_app using (%s = any ((select arpent.allowed(%L, ''delete''))::text[]))', target, owner, relation);
    if is_public and open_columns <> '{}' then
      execute format('create view %s as select %s, xmin from %s', open_view, lists[2], target);
      grant create on schema arpent_open to arpent_public;
      execute format('alter view %s owner to arpent_public', open_view);
      revoke create on schema arpent_open from arpent_public;
      execute format('grant select on %s to arpent_app', open_view);
    end if;
  end if;

  -- What became personal, or is so no more, moves in history.
  if coalesce(known.personal, '{}') <> secret then
    update arpent.history h set
      old = case when h.old is not null then w.old - secret end,
      new = case when h.new is not null then w.new - secret end,
      old_personal = case when secret <> '{}' and h.old is not null then (select jsonb_object_agg(key, value) from jsonb_each(w.old) where key = any (secret)) end,
      new_personal = case when secret <> '{}' and h.new is not null then (select jsonb_object_agg(key, value) from jsonb_each(w.new) where key = any (secret)) end
    from (select id, old || coalesce(old_personal, '{}') as old, new || coalesce(new_personal, '{}') as new from arpent.history whole where whole.relation = guard.relation) w
    where w.id = h.id;
  end if;

  insert into arpent.relation values (relation, wanted, secret)
  on conflict (name) do update set granted = excluded.granted, personal = excluded.personal;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Makes a table the ground of a layer: its changes are recorded, row-level
-- security guards it, and the roles of requests may touch what the layers
-- allow. Safe to repeat.
create procedure arpent.enrol(target regclass, id name, geom name, l arpent.layer)
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  arguments text := format('%L, %L, %L', id, coalesce(geom, ''), coalesce(l.collectivity, ''));
  present text;
  before text; -- the table that the layer had
begin
  select pg_get_triggerdef(oid) into present from pg_trigger where tgrelid = target and tgname = 'arpent_record_insert';
  if not l.read_only and (present is null or strpos(present, format('arpent.record(%s)', arguments)) = 0) then
    execute format('create or replace trigger arpent_record_insert after insert on %s referencing new table as new_rows for each statement execute function arpent.record(%s)', target, arguments);
    execute format('create or replace trigger arpent_record_update after update on %s referencing old table as old_rows new table as new_rows for each statement execute function arpent.record(%s)', target, arguments);
    execute format('create or replace trigger arpent_record_delete after delete on %s referencing old table as old_rows for each statement execute function arpent.record(%s)', target, arguments);
    execute format('create or replace trigger arpent_record_truncate before truncate on %s for each statement execute function arpent.record_truncate()', target);
  end if;

  select known.relation into before from arpent.layer known where known.id = l.id;
  insert into arpent.layer select l.*
  on conflict on constraint layer_pkey do update set application = excluded.application, relation = excluded.relation, collectivity = excluded.collectivity,
    read_only = excluded.read_only, public = excluded.public, columns = excluded.columns, personal = excluded.personal, rights = excluded.rights
  where layer is distinct from excluded;
  if before <> l.relation then
    call arpent.guard(before);
  end if;
  call arpent.guard(l.relation);
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Forgets layers that are served no more, with what they allowed.
create procedure arpent.retain(layers text[])
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  gone text;
begin
  for gone in with forgotten as (delete from arpent.layer l where l.id <> all (layers) returning l.relation) select distinct f.relation from forgotten f loop
    call arpent.guard(gone);
  end loop;
end
$$;
-- +goose StatementEnd
