/** What a list asks of the server to be written into a file. */
import type { Register } from '../api/model'
import type { components } from '../api/schema'
import type { ListState } from '../list/state'
import type { System } from '../status/crs'

export type Order = components['schemas']['ExportOrder']
export type Format = Order['format']

export const formats: Format[] = ['csv', 'xlsx', 'geojson', 'gpkg', 'shp', 'kml']

/** What the reader chooses. */
export interface Choice {
  format: Format
  srid: number
  /** Words in the place of codes. */
  labels: boolean
  shape: boolean
}

export const firstChoice = (layer: Register): Choice => ({
  format: 'csv',
  srid: layer.srid,
  labels: true,
  shape: false,
})

/** A workbook has no cell that holds a line or an area. */
export const mayHaveShape = ({ format }: Choice, layer: Register): boolean =>
  format === 'csv' ? layer.geometry !== null : format === 'xlsx' && layer.geometry?.type === 'Point'

const isTable = ({ format }: Choice) => format === 'csv' || format === 'xlsx'

/** Whether coordinates are written, in a system that can be chosen: KML knows one alone. */
export const hasCoordinates = (choice: Choice, layer: Register): boolean =>
  layer.geometry !== null &&
  choice.format !== 'kml' &&
  (!isTable(choice) || (choice.shape && mayHaveShape(choice, layer)))

/** The systems a file may be in: that of the layer first. */
export const systems = (layer: Register, known: System[]): { srid: number; name: string }[] => {
  const codes = known.map(({ code }) => Number(code.replace('EPSG:', '')))
  return [...new Set([layer.srid, ...codes])].map((srid) => {
    const system = known.find(({ code }) => code === `EPSG:${srid}`)
    return { srid, name: system ? `${system.name} (EPSG:${srid})` : `EPSG:${srid}` }
  })
}

/** The rows of the list as it stands: its words, filter and order, those ticked, what the map shows and the moment. */
export function orderOf(
  choice: Choice,
  layer: Register,
  { text, sort, follow, filter, expired, chosen }: ListState,
  extent: readonly number[],
  moment: string | null,
): Order {
  return {
    format: choice.format,
    labels: choice.labels,
    shape: choice.shape && mayHaveShape(choice, layer),
    srid: hasCoordinates(choice, layer) ? choice.srid : undefined,
    q: text || undefined,
    sort: sort || undefined,
    bbox: follow ? extent.map((side) => side.toFixed(1)).join(',') : undefined,
    filter: filter ?? undefined,
    valid: (layer.expires && !expired) || undefined,
    ids: chosen.length > 0 ? chosen : undefined,
    at: moment ?? undefined,
  }
}
