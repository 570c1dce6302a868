-- +goose Up

-- How people see the map. What is of a collectivity holds for all its people who
-- have nothing of their own.

-- Order, groups, opacity and visibility of the layers.
create table arpent.map_arrangement (
  account      bigint unique references arpent.account on delete cascade,
  collectivity text unique references arpent.collectivity on update cascade on delete cascade,
  document     jsonb not null,
  changed_at   timestamptz not null default now(),
  check (num_nonnulls(account, collectivity) = 1)
);

-- Styles in the place of those of the layer files.
create table arpent.layer_style (
  account      bigint references arpent.account on delete cascade,
  collectivity text references arpent.collectivity on update cascade on delete cascade,
  layer        text not null,
  style        jsonb not null,
  changed_at   timestamptz not null default now(),
  check (num_nonnulls(account, collectivity) = 1),
  unique (account, layer),
  unique (collectivity, layer)
);

-- +goose Down
drop table arpent.layer_style;
drop table arpent.map_arrangement;
