import { expect, test } from 'vitest'
import type { LayerInfo } from '../api/model'
import { firstTiles, tilesOrder, withLayers, zoomsOf } from './tiles'

const layer = (id: string, minzoom: number, maxzoom: number) =>
  ({ id, tiles: { url: '', minzoom, maxzoom } }) as LayerInfo
const layers = [layer('a', 12, 20), layer('b', 10, 14), layer('c', 3, 22)]

test('one begins with what the map shows, and not with the deepest zooms', () => {
  expect(firstTiles(layers, ['b', 'a'])).toMatchObject({
    layers: ['a', 'b'],
    own: false,
    zooms: [10, 16],
  })
  expect(firstTiles([layer('d', 18, 20)], ['d']).zooms).toEqual([18, 18])
  expect(firstTiles(layers, []).zooms).toEqual([0, 16])
  expect(zoomsOf(layers)).toEqual([3, 22])
})

test('other layers are taken at the zooms that they have', () => {
  const choice = firstTiles(layers, ['c'])
  expect(choice.zooms).toEqual([3, 16])
  expect(withLayers(choice, ['a'], layers).zooms).toEqual([12, 16])
  expect(withLayers(choice, ['b'], layers).zooms).toEqual([10, 14])
  expect(withLayers(choice, [], layers)).toEqual({ layers: [] })
})

test('the extent of the map is asked for in degrees', () => {
  const choice = firstTiles(layers, ['a'])
  const extent = [0, 0, 20037508.342789244, 20037508.342789244] as const
  expect(tilesOrder(choice, [...extent])).toEqual({
    layers: ['a'],
    format: 'pmtiles',
    own: undefined,
    minZoom: 12,
    maxZoom: 16,
    bounds: undefined,
  })
  expect(tilesOrder({ ...choice, here: true }, [...extent]).bounds).toEqual([0, 0, 180, 85.051129])
})
