-- +goose Up

-- Base maps that administrators switched on or off, whatever maps.yaml says.
create table arpent.basemap_choice (
  basemap text primary key,
  enabled boolean not null
);

-- Map services of others (WMS, WMTS, WFS) and the layers chosen of them.
create table arpent.external_service (
  id         text primary key check (id ~ '^[a-z][a-z0-9_-]{0,49}$'),
  url        text not null,
  kind       text not null check (kind in ('wms', 'wmts', 'wfs')),
  title      jsonb not null, -- by language
  public     boolean not null, -- whoever is not signed in sees it too
  definition jsonb not null, -- what the capabilities said of what is asked of it, and the layers
  changed_at timestamptz not null default now()
);

-- +goose Down
drop table arpent.external_service;
drop table arpent.basemap_choice;
