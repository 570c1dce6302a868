-- +goose Up

-- Views of the map that people come back to, of a person or of all people of a
-- collectivity. What is removed can be brought back for a while.
create table arpent.bookmark (
  id           bigint generated always as identity primary key,
  account      bigint references arpent.account on delete cascade,
  collectivity text references arpent.collectivity on update cascade on delete cascade,
  name         text not null check (name <> ''),
  view         text not null, -- query part of the page's address
  place        integer not null, -- among those of its owner
  removed_at   timestamptz,
  check (num_nonnulls(account, collectivity) = 1)
);
create index on arpent.bookmark (account);
create index on arpent.bookmark (collectivity);

-- Notes that somebody drew on the map. They are written whole, so that a version
-- tells whether they were written elsewhere meanwhile.
create table arpent.note_sheet (
  id           bigint generated always as identity primary key,
  owner        bigint not null references arpent.account on delete cascade,
  title        text not null check (title <> ''),
  notes        jsonb not null,
  version      bigint not null default 1,
  collectivity text references arpent.collectivity on update cascade on delete set null, -- whose people may see it; null: nobody
  changed_at   timestamptz not null default now(),
  removed_at   timestamptz
);
create index on arpent.note_sheet (owner);
create index on arpent.note_sheet (collectivity);

-- Links under which anybody sees a sheet. A token is kept as it is, so that its
-- owner can copy the link again: it opens nothing but notes of this database.
create table arpent.note_link (
  id          bigint generated always as identity primary key,
  sheet       bigint not null references arpent.note_sheet on delete cascade,
  token       text not null unique,
  may_comment boolean not null,
  view        text not null, -- query part of the address of what its sender saw
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null
);
create index on arpent.note_link (sheet);

create table arpent.note_comment (
  id         bigint generated always as identity primary key,
  sheet      bigint not null references arpent.note_sheet on delete cascade,
  note       text not null default '', -- which it is about; empty: the whole sheet
  account    bigint references arpent.account on delete set null, -- null: came by a link
  author     text not null,
  text       text not null check (text <> ''),
  created_at timestamptz not null default now()
);
create index on arpent.note_comment (sheet);

-- +goose Down
drop table arpent.note_comment;
drop table arpent.note_link;
drop table arpent.note_sheet;
drop table arpent.bookmark;
