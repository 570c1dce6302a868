-- +goose Up

-- Windows in which somebody has a layer open for editing: each as long as its
-- stream of changes lasts. Nothing is lost with it when the database crashes.
create unlogged table arpent.presence (
  stream   uuid primary key,
  account  bigint not null references arpent.account on delete cascade,
  layer    text not null,
  features text[] not null,           -- that are chosen
  around   geometry(Polygon, 3857),   -- what the window shows
  seen_at  timestamptz not null default now()
);
create index presence_layer on arpent.presence (layer);

-- Knocks at every server: who edits the layer, or what, is other than it was.
-- +goose StatementBegin
create function arpent.knock_presence() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform pg_notify('arpent_presence', old.layer);
  end if;
  if tg_op <> 'DELETE' then
    perform pg_notify('arpent_presence', new.layer);
  end if;
  return null;
end
$$;
-- +goose StatementEnd

create trigger knock after insert or delete or update of layer, features, around on arpent.presence
  for each row execute function arpent.knock_presence();
create trigger knock after insert or delete or update on arpent.working_set
  for each row execute function arpent.knock_presence();

-- +goose Down
drop trigger knock on arpent.working_set;
drop table arpent.presence;
drop function arpent.knock_presence;
