-- +goose Up

-- +goose StatementBegin
-- Forgets the layers that are not named, with what they allowed. A view has no
-- rows of its own to guard: what nobody shows any more is nobody's to read.
create or replace procedure arpent.retain(layers text[])
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  gone text;
  target regclass;
begin
  for gone in with forgotten as (delete from arpent.layer l where l.id <> all (layers) returning l.relation) select distinct f.relation from forgotten f loop
    target := to_regclass(format('%I.%I', split_part(gone, '.', 1), substr(gone, strpos(gone, '.') + 1)));
    if exists (select from pg_class c where c.oid = target and c.relkind not in ('r', 'p'))
      and not exists (select from arpent.layer l where l.relation = gone) then
      execute format('revoke all on %s from arpent_public, arpent_app, arpent_personal', target);
      delete from arpent.relation r where r.name = gone;
    else
      call arpent.guard(gone);
    end if;
  end loop;
end
$$;
-- +goose StatementEnd

-- +goose Down

-- +goose StatementBegin
create or replace procedure arpent.retain(layers text[])
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
