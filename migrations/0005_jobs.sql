-- Long work and what it needs: jobs, and files that are to be imported. River
-- keeps its own queue in schema river, which its library migrates.

-- +goose Up
create table arpent.job (
  id         bigint generated always as identity primary key,
  account_id bigint not null references arpent.account on delete cascade, -- on whose behalf
  kind       text not null, -- import, export
  layer      text not null,
  title      text not null default '', -- such as the name of the file
  language   text not null default 'fr',
  purpose    text not null default '', -- the reason given for reading personal data
  arguments  jsonb not null default '{}',
  state      text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  cancel     boolean not null default false, -- asked for
  attempt    integer not null default 0,
  done       bigint not null default 0, -- records
  total      bigint, -- null: not known
  result     jsonb,
  problem    text, -- why it failed, in words for people
  task       bigint, -- the job in River's queue
  created_at timestamptz not null default now(),
  started_at timestamptz,
  seen_at    timestamptz, -- when its worker last told that it is alive
  ended_at   timestamptz
);
create index job_account on arpent.job (account_id, id desc);
create index job_open on arpent.job (id) where state in ('waiting', 'running');

-- +goose StatementBegin
create function arpent.job_changed() returns trigger
  language plpgsql
as $$
begin
  perform pg_notify('arpent_job', new.account_id || ' ' || new.id);
  return null;
end
$$;
-- +goose StatementEnd
create trigger job_changed after insert or update on arpent.job for each row execute function arpent.job_changed();

-- Files that wait to be imported, or were. Their contents are in the data
-- folder, under uploads.
create table arpent.import (
  id         bigint generated always as identity primary key,
  account_id bigint not null references arpent.account on delete cascade,
  layer      text not null,
  folder     text not null check (folder ~ '^[A-Za-z0-9]+$'), -- below uploads
  file       text not null, -- as its sender calls it
  size       bigint not null,
  created_at timestamptz not null default now()
);
create index import_account on arpent.import (account_id, id desc);

-- How someone last filled a layer from a file with these columns.
create table arpent.import_plan (
  account_id bigint not null references arpent.account on delete cascade,
  layer      text not null,
  header     text not null, -- SHA-256 of the names of the columns
  plan       jsonb not null,
  used_at    timestamptz not null default now(),
  primary key (account_id, layer, header)
);

-- +goose Down
drop table arpent.import_plan, arpent.import, arpent.job;
drop function arpent.job_changed;
