-- Files and photos attached to records. The contents are kept by their
-- SHA-256 in a folder or a bucket; here is what is known of them.

-- +goose Up
create table arpent.document (
  id           bigint generated always as identity primary key,
  layer        text collate "C" not null, -- identifier of the layer
  feature      text collate "C" not null,
  collectivity text references arpent.collectivity, -- owner of the record
  name         text not null check (name <> ''), -- of the file
  title        text not null default '',
  media_type   text not null, -- found in the content, whatever the file was called
  size         bigint not null check (size > 0),
  sha256       text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  preview      boolean not null default false, -- a small picture is kept beside the content
  taken_at     timestamp, -- a photo's own date, by the clock of the camera
  longitude    double precision,
  latitude     double precision,
  who          text not null,
  at           timestamptz not null default now(),
  removed_at   timestamptz -- removed, until somebody undoes it; rows are never deleted
);
create index document_feature on arpent.document (layer, feature);
create index document_sha256 on arpent.document (sha256);
-- A file is attached to a record once.
create unique index document_twice on arpent.document (layer, feature, sha256) where removed_at is null;

-- Files come and go in the history of their record.
create trigger arpent_record_insert after insert on arpent.document referencing new table as new_rows
  for each statement execute function arpent.record('id', '', 'collectivity');
create trigger arpent_record_update after update on arpent.document referencing old table as old_rows new table as new_rows
  for each statement execute function arpent.record('id', '', 'collectivity');
create trigger arpent_record_delete after delete on arpent.document referencing old table as old_rows
  for each statement execute function arpent.record('id', '', 'collectivity');

alter table arpent.document enable row level security;
grant select, insert on arpent.document to arpent_app;
grant update (title, removed_at) on arpent.document to arpent_app;
create policy arpent_read on arpent.document for select to arpent_app
  using ((layer, coalesce(collectivity, '')) in (select r.layer, r.collectivity from arpent.reach('read') r));
create policy arpent_insert on arpent.document for insert to arpent_app
  with check ((layer, coalesce(collectivity, '')) in (select r.layer, r.collectivity from arpent.reach('update') r));
create policy arpent_update on arpent.document for update to arpent_app
  using ((layer, coalesce(collectivity, '')) in (select r.layer, r.collectivity from arpent.reach('update') r));

-- The history of a file is known to who may know the file.
create policy arpent_document on arpent.history for select to arpent_app
  using (relation = 'arpent.document' and feature in (select d.id::text from arpent.document d));

-- +goose Down
drop policy arpent_document on arpent.history;
drop table arpent.document;
