-- +goose Up

-- Texts as people order them: case and accents last, numbers by their size.
create collation arpent.natural (provider = icu, locale = 'und-u-kn-true');

-- Searches that people saved under a name.
create table arpent.list_view (
  id           bigint generated always as identity primary key,
  layer        text not null,
  owner        bigint not null references arpent.account on delete cascade,
  name         text not null check (name <> ''),
  collectivity text references arpent.collectivity on update cascade on delete cascade, -- whose people share it; null: nobody
  definition   jsonb not null,
  unique (owner, layer, name)
);
create index list_view_layer on arpent.list_view (layer);

-- Columns that people chose for a list.
create table arpent.list_columns (
  account bigint not null references arpent.account on delete cascade,
  layer   text not null,
  columns text[] not null,
  primary key (account, layer)
);

-- +goose Down
drop table arpent.list_columns;
drop table arpent.list_view;
drop collation arpent.natural;
