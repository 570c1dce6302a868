/** Water mains that meet at valves: a network of which every record must be described. */
import type { Page } from 'playwright-core'
import workingFr from '../src/locales/working.fr.json'
import type { Coordinate } from '../src/map/api'
import { open, signIn, tool, toolbar } from './actions'
import { settled } from './browser'
import { clearLayers, type LayerFiles, makeLayers } from './layerfiles'
import { idle, type Person } from './planner'
import { type Reach, sql } from './server'

export const MAINS = 'water.mains'
export const VALVES = 'water.valves'

const TABLES = `
drop schema if exists water cascade;
create schema water;
create table water.valve (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  kind text not null, sector text, geom geometry(Point, 2154));
create table water.main (
  id bigint generated always as identity primary key,
  collectivity text not null references arpent.collectivity,
  diameter integer not null, material text not null, sector text, homes integer, notes text,
  invert_up double precision, invert_down double precision,
  upstream bigint references water.valve, downstream bigint references water.valve,
  geom geometry(LineString, 2154));
`

const FILES: LayerFiles = {
  [VALVES]: `
title: {fr: Vannes, en: Valves}
source: {table: water.valve, collectivity: collectivity}
geometry: {model: network}
label: "V {kind}"
visible: true
order: 91
fields:
  - {name: kind, label: {fr: Modèle, en: Model}, required: true, enum: [{value: gate, label: {fr: Opercule, en: Gate}}, {value: ball, label: {fr: Boule, en: Ball}}]}
  - {name: sector, label: {fr: Secteur, en: Sector}}
style: {fill: "#ffffff", stroke: "#1971c2", radius: 5}
`,
  [MAINS]: `
title: {fr: Conduites, en: Mains}
source: {table: water.main, collectivity: collectivity}
geometry:
  model: network
  nodes: ${VALVES}
  from: upstream
  to: downstream
  levels: [invert_up, invert_down]
  shared: [sector]
  divided: {homes: {share: true}}
label: "C {diameter}"
visible: true
order: 92
fields:
  - {name: diameter, label: {fr: Diamètre, en: Diameter}, required: true, minimum: 10, maximum: 2000, unit: mm}
  - {name: material, label: {fr: Matière, en: Material}, required: true, enum: [{value: steel, label: {fr: Acier, en: Steel}}, {value: pvc, label: {fr: PVC, en: PVC}}]}
  - {name: sector, label: {fr: Secteur, en: Sector}}
  - {name: homes, label: {fr: Logements, en: Homes}}
  - {name: notes, label: {fr: Observations, en: Notes}}
  - {name: invert_up, label: {fr: Radier amont, en: Upstream invert}, unit: m}
  - {name: invert_down, label: {fr: Radier aval, en: Downstream invert}, unit: m}
  - {name: upstream, label: {fr: Vanne amont, en: Upstream valve}, reference: {layer: ${VALVES}, tab: {fr: Au départ, en: Leaving}}}
  - {name: downstream, label: {fr: Vanne aval, en: Downstream valve}, reference: {layer: ${VALVES}, tab: {fr: À l’arrivée, en: Arriving}}}
style: {stroke: "#1971c2", width: 3}
`,
}

export const makeMains = (reach: Reach) => makeLayers(reach, TABLES, FILES)
export const clearMains = (reach: Reach) => clearLayers(reach, FILES)

/** Places around the middle of the parcels: metres east and north of it, in map units. */
export async function yard(reach: Reach): Promise<(east: number, north: number) => Coordinate> {
  const answer = await sql(
    reach,
    `select string_agg(ST_X(p) || '|' || ST_Y(p), '|' order by n) from (
       select n, ST_Transform(ST_Translate(c, x, y), 3857) p
       from (select ST_SetSRID(ST_Centroid(ST_Extent(geom)::geometry), 2154) c from land.parcels) m,
         (values (1, 0, 0), (2, 1000, 0), (3, 0, 1000)) v (n, x, y)) q`,
  )
  const [x = 0, y = 0, ex = 0, ey = 0, nx = 0, ny = 0] = answer.split('|').map(Number)
  const along = (o: number, e: number, n: number, east: number, north: number) =>
    o + ((e - o) * east + (n - o) * north) / 1000
  return (east, north) => [along(x, ex, nx, east, north), along(y, ey, ny, east, north)]
}

/** Opens the mains' working set with a place in the middle of the map. */
export async function beginMains(
  page: Page,
  [x, y]: Coordinate,
  who: Person,
  zoom = 19,
): Promise<void> {
  await open(page, `/?at=${x.toFixed(1)},${y.toFixed(1)},${zoom}`)
  await signIn(page, who)
  await toolbar(page).getByRole('combobox').selectOption({ label: 'Conduites' })
  await tool(page, 'together').click()
  const name = workingFr.toolbar.replace('{{layer}}', 'Conduites')
  await page.getByRole('toolbar', { name }).waitFor()
  await idle(page)
  await settled(page)
}
