/** A small trade of its own, with all that a form can have: graves along paths, the dead in graves. */
import { clearLayers, type LayerFiles, makeLayers } from './layerfiles'
import { type Reach, sql } from './server'

/** How many fields the long form has. */
export const LONG = 60

const long = Array.from({ length: LONG }, (_, i) => i + 1)

const TABLES = `
create schema yard;
create table yard.kind (code text primary key, name text not null, valid_from date, valid_until date);
create table yard.path (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity, name text not null, sector text not null);
create table yard.grave (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  sector text, path bigint references yard.path, number integer not null, kind text references yard.kind,
  term text, starts_on date, duration integer, ends_on date, abandoned boolean not null default false,
  owner_mail text, owner_phone text, page text, colour text, notes text,
  geom geometry(Point, 2154));
create table yard.dead (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  grave bigint not null references yard.grave, name text not null, born_on date, size double precision not null default 1);
create index on yard.dead (grave);
create table yard.grave_parcel (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  grave bigint not null references yard.grave, parcel text not null references land.parcels);
create table yard.long (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  ${long.map((n) => `f${n} ${n % 5 === 0 ? 'integer' : n % 7 === 0 ? 'date' : 'text'}`).join(', ')});
insert into yard.kind values
  ('old', 'Enfeu', '1900-01-01', '1999-12-31'), ('new', 'Concession', '2000-01-01', null), ('urn', 'Columbarium', null, null);
with town as (select code from arpent.collectivity order by code limit 1),
  spot as (select ST_Centroid(ST_Extent(geom)::geometry) as at from land.parcels)
insert into yard.path (collectivity, name, sector)
  select code, name, sector from town, (values ('Allée des Ifs', 'N'), ('Allée des Tilleuls', 'N'), ('Allée du Midi', 'S')) v (name, sector);
insert into yard.grave (collectivity, sector, path, number, kind, term, starts_on, duration, ends_on, geom)
  select p.collectivity, p.sector, p.id, n, 'new', 'temporary', '2001-05-06', 30, '2031-05-06',
         (select ST_SetSRID(ST_Translate(ST_Centroid(ST_Extent(geom)::geometry), n * 3, p.id * 4), 2154) from land.parcels)
  from yard.path p, generate_series(1, 4) n;
insert into yard.dead (collectivity, grave, name, born_on) select collectivity, id, 'Anne Essai', '1930-01-02' from yard.grave where number < 3;
insert into yard.dead (collectivity, grave, name, born_on, size) select collectivity, id, 'Paul Essai', '1928-03-04', 0.5 from yard.grave where number = 1;
insert into yard.long (collectivity, f1) select code, 'un' from arpent.collectivity order by code limit 1;
`

const SECTIONS = ['Identité', 'Durée', 'Contact']

const FILES: LayerFiles = {
  'yard.kinds': `
title: {fr: Genres, en: Kinds}
kind: reference
source: {table: yard.kind}
label: "{name}"
fields: [{name: code}, {name: name}, {name: valid_from}, {name: valid_until}]
validity: {from: valid_from, until: valid_until}
search: [name]
`,
  'yard.paths': `
title: {fr: Allées, en: Paths}
source: {table: yard.path, collectivity: collectivity}
label: "{name}"
fields:
  - {name: name, label: {fr: Nom, en: Name}, required: true}
  - {name: sector, label: {fr: Secteur, en: Sector}, required: true}
search: [name]
list: [name, sector]
`,
  'yard.graves': `
title: {fr: Tombes, en: Graves}
source: {table: yard.grave, collectivity: collectivity}
label: "{path} n° {number}"
visible: true
order: 90
documents: {accept: [image/*, application/pdf], maxSize: 2MB}
fields:
  - {name: sector, label: {fr: Secteur, en: Sector}, section: {fr: Identité, en: Identity}, enum: [{value: N, label: {fr: Nord, en: North}}, {value: S, label: {fr: Sud, en: South}}]}
  - {name: path, label: {fr: Allée, en: Path}, section: {fr: Identité, en: Identity}, reference: {layer: yard.paths, where: {sector: sector}, tab: {fr: Tombes, en: Graves}}}
  - {name: number, label: {fr: Numéro, en: Number}, section: {fr: Identité, en: Identity}, required: true, minimum: 1}
  - {name: kind, label: {fr: Genre, en: Kind}, section: {fr: Identité, en: Identity}, reference: {layer: yard.kinds, tab: false}}
  - name: term
    label: {fr: Durée de concession, en: Term}
    section: {fr: Durée, en: Term}
    widget: radio
    enum: [{value: temporary, label: {fr: Temporaire, en: Temporary}}, {value: perpetual, label: {fr: Perpétuelle, en: Perpetual}, when: "kind != 'urn'"}]
  - {name: starts_on, label: {fr: Début, en: Starts on}, section: {fr: Durée, en: Term}}
  - {name: duration, label: {fr: Années, en: Years}, section: {fr: Durée, en: Term}, unit: ans, visibleIf: "term == 'temporary'", required: true}
  - {name: ends_on, label: {fr: Échéance, en: Ends on}, section: {fr: Durée, en: Term}, initial: "addYears(starts_on, duration)", visibleIf: "term == 'temporary'"}
  - {name: abandoned, label: {fr: Abandonnée, en: Abandoned}, section: {fr: Durée, en: Term}, widget: checkbox}
  - {name: taken, type: number, label: {fr: Places occupées, en: Places taken}, section: {fr: Durée, en: Term}, compute: "sum('yard.dead', 'grave', 'size')"}
  - {name: owner_mail, label: {fr: Courriel, en: E-mail}, section: {fr: Contact, en: Contact}, widget: email}
  - {name: owner_phone, label: {fr: Téléphone, en: Telephone}, section: {fr: Contact, en: Contact}, widget: tel}
  - {name: page, label: {fr: Page internet, en: Web page}, section: {fr: Contact, en: Contact}, widget: url}
  - {name: colour, label: {fr: Couleur, en: Colour}, section: {fr: Contact, en: Contact}, widget: color}
  - {name: notes, label: {fr: Observations, en: Notes}, section: {fr: Contact, en: Contact}, widget: textarea}
rules:
  - {check: "ends_on >= starts_on", message: {fr: "L’échéance précède le début", en: "The end is before the beginning"}, field: ends_on}
search: [number]
list: [path, number, term, ends_on]
style: {fill: "#7048e8", stroke: "#3b1d99", radius: 6}
`,
  'yard.dead': `
title: {fr: Défunts, en: Deceased}
kind: detail
source: {table: yard.dead, collectivity: collectivity}
label: "{name}"
fields:
  - {name: grave, label: {fr: Tombe, en: Grave}, reference: {layer: yard.graves}, required: true}
  - {name: name, label: {fr: Nom, en: Name}, required: true}
  - {name: born_on, label: {fr: Né le, en: Born on}}
  - {name: size, label: {fr: Place, en: Place}, required: true, minimum: 0}
list: [name, born_on, size]
search: [name]
`,
  'yard.grave_parcels': `
title: {fr: Parcelles de la tombe, en: Parcels of the grave}
kind: link
source: {table: yard.grave_parcel, collectivity: collectivity}
label: "{grave} {parcel}"
fields:
  - {name: grave, label: {fr: Tombe, en: Grave}, reference: {layer: yard.graves, tab: {fr: Parcelles, en: Parcels}}, required: true}
  - {name: parcel, label: {fr: Parcelle, en: Parcel}, reference: {layer: land.parcels, tab: {fr: Tombes, en: Graves}}, required: true}
`,
  'yard.long': `
title: {fr: Longue fiche, en: Long form}
source: {table: yard.long, collectivity: collectivity}
label: "{f1}"
fields:
${long.map((n) => `  - {name: f${n}, label: {fr: Champ ${n}, en: Field ${n}}, section: {fr: ${SECTIONS[n % 3]}, en: Section ${n % 3}}${n % 4 === 0 && n % 5 !== 0 && n % 7 !== 0 ? `, enum: [{value: a, label: {fr: Choix A, en: Choice A}}, {value: b, label: {fr: Choix B, en: Choice B}}]` : ''}${n === 3 ? `, visibleIf: "f1 != 'deux'"` : ''}}`).join('\n')}
`,
}

export const makeYard = (reach: Reach) => makeLayers(reach, TABLES, FILES)
export const clearYard = (reach: Reach) => clearLayers(reach, FILES)

/** The identifier of a grave by its path and number. */
export const grave = (reach: Reach, path: string, number: number): Promise<string> =>
  sql(
    reach,
    `select g.id from yard.grave g join yard.path p on p.id = g.path where p.name = '${path}' and number = ${number}`,
  )
