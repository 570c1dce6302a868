import { expect, test } from 'vitest'
import type { LayerStyle } from '../map/api'
import { styleOf } from './linkedStyle'

const full: LayerStyle = {
  fill: '#11223344',
  stroke: 'red',
  width: 1.5,
  radius: 6,
  symbol: 'star',
  dash: [8, 4],
  arrow: true,
  opacity: 0.5,
  label: { text: 'upper(name)', minzoom: 12, maxzoom: 18, size: 14, halo: 0 },
  by: { field: 'kind', values: [{ value: 'a', fill: '#fff', label: { fr: 'é', en: 'e' } }] },
  classes: { field: 'n', method: 'jenks', breaks: [-3, 2, 9], colours: ['#aaa', '#bbb'] },
  size: { field: 'n', from: -1, to: 1e6, minRadius: 2, maxRadius: 20 },
  minzoom: 11,
  maxzoom: 20.5,
}

test('a style is read as it was written', () => {
  expect(styleOf(JSON.stringify(full))).toEqual(full)
})

test.each(['', '{', 'null', '3', '"x"'])('%s is no style', (text) => {
  expect(styleOf(text)).toBeNull()
})

test.each([
  { width: '3' },
  { width: -1 },
  { radius: 1e9 },
  { symbol: 'toString' },
  { dash: [1, 'x'] },
  { label: {} },
  { label: 'x' },
  { by: { field: 'a', values: 3 } },
  { by: null },
  { classes: { field: 'a', breaks: [1], colours: [] } },
  { classes: { field: 'a', breaks: [1, 2], colours: ['#aaa', '#bbb'] } },
  { size: { field: 'a', from: 1 } },
  { size: { field: 'a', from: 0, to: 1, minRadius: 0, maxRadius: 1e6 } },
])('%j is left out', (part) => {
  expect(styleOf(JSON.stringify({ fill: '#fff', ...part }))).toEqual({ fill: '#fff' })
})

test('a category without words is left out, the others stay', () => {
  const good = { value: 'b', label: { fr: 'b', en: 'b' } }
  const by = { field: 'a', values: [{ value: 'a' }, 7, { value: 7, label: good.label }, good] }
  expect(styleOf(JSON.stringify({ by }))).toEqual({ by: { field: 'a', values: [good] } })
})
