-- +goose Up

-- Edits of a layer that a person gathers until they are saved.
create table arpent.working_set (
  id         bigint generated always as identity unique, -- history has it: "session 12"
  account    bigint not null references arpent.account on delete cascade,
  layer      text not null,
  revision   bigint not null,
  document   jsonb not null,
  features   text[] not null,          -- stored ones that it changes
  around     geometry(Polygon, 3857),  -- their extent
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (account, layer)
);
create index working_set_layer on arpent.working_set (layer);

-- +goose Down
drop table arpent.working_set;
