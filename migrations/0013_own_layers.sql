-- +goose Up
-- Tables of layers that are designed in the page.
create schema own;

-- Layer files made in the page, loaded beside those of the data folder.
create table arpent.layer_file (
  id   text primary key, -- of the layer
  file text not null,
  who  text not null,
  at   timestamptz not null default now()
);

-- +goose StatementBegin
create function arpent.layer_file_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('arpent_layers', '');
  return null;
end
$$;
-- +goose StatementEnd
create trigger layer_file_changed after insert or update or delete on arpent.layer_file
  for each statement execute function arpent.layer_file_changed();

-- +goose Down
drop table arpent.layer_file;
drop function arpent.layer_file_changed;
drop schema own cascade;
