import { describe, expect, test } from 'vitest'
import type { Field } from '../api/model'
import type { LayerStyle } from '../map/api'
import {
  alphaOf,
  byClass,
  byValue,
  dashOf,
  inOrder,
  modeOf,
  tidy,
  withBreak,
  withCategory,
  withClassCount,
  withFillAlpha,
  withPalette,
} from './edits'
import { PALETTES, RAMPS } from './ramps'

const [palette, other] = PALETTES
const [ramp] = RAMPS
if (!palette || !other || !ramp) throw new Error('no colours')
const field = (more: Partial<Field> = {}): Field => ({
  name: 'kind',
  type: 'text',
  label: { fr: '', en: '' },
  required: false,
  readOnly: false,
  ...more,
})
const nothing = { fr: 'Non renseigné', en: 'Not filled in' }
const style: LayerStyle = { fill: 'rgba(1, 2, 3, 0.5)', stroke: '#333333', width: 2 }
const groups = [
  { value: 'a', label: 'A', empty: false },
  { value: '', label: '', empty: true },
]

describe('by value', () => {
  test('each value has a colour as clear as the layer was, in its words', () => {
    const made = byValue(style, 'polygon', field(), groups, palette, nothing)
    expect(modeOf(made)).toBe('value')
    expect(made.by).toEqual({
      field: 'kind',
      values: [
        { value: 'a', fill: '#88ccee80', label: { fr: 'A', en: 'A' } },
        { value: 'null', fill: '#cc667780', label: nothing },
      ],
    })
    expect(made).toMatchObject(style)
  })
  test('choices and booleans speak both languages; lines are coloured as lines', () => {
    const choice = { value: 'a', label: { fr: 'un', en: 'one' } }
    const of = (f: Field, value: string) =>
      byValue(style, 'line', f, [{ value, label: 'x', empty: false }], palette, nothing).by
        ?.values[0]
    expect(of(field({ enum: [choice] }), 'a')).toEqual({ ...choice, stroke: '#88ccee' })
    expect(of(field({ type: 'boolean' }), 'false')?.label).toEqual({ fr: 'non', en: 'no' })
  })
  test('a category changes or goes, and all take other colours', () => {
    const made = byValue(style, 'polygon', field(), groups, palette, nothing)
    expect(withCategory(made, 1, { fill: '#111111' }).by?.values[1]?.fill).toBe('#111111')
    expect(withCategory(made, 0, null).by?.values.map(({ value }) => value)).toEqual(['null'])
    expect(withPalette(made, 'polygon', other).by?.values[0]?.fill).toBe('#e69f0080')
  })
})

describe('by class', () => {
  const made = byClass(
    style,
    'polygon',
    { field: 'area', method: 'jenks', breaks: [0, 10, 100] },
    ramp,
    false,
  )
  test('there is a colour for each class', () => {
    expect(modeOf(made)).toBe('class')
    expect(made.classes?.colours).toHaveLength(2)
    expect(alphaOf(made, 'polygon')).toBe(0.5)
  })
  test('a bound by hand is by no method', () => {
    expect(withBreak(made, 1, 20).classes).toMatchObject({ breaks: [0, 20, 100] })
    expect(withBreak(made, 1, 20).classes).not.toHaveProperty('method')
    expect(inOrder([0, 20, 20])).toBe(true)
    expect(inOrder([0, 20, 10])).toBe(false)
  })
  test('classes by hand are cut, and joined', () => {
    expect(withClassCount(made, 'polygon', 4, ramp, false).classes?.breaks).toEqual([
      0, 10, 32.5, 55, 100,
    ])
    expect(withClassCount(made, 'polygon', 1, ramp, false).classes?.breaks).toEqual([0, 100])
  })
})

test('all fills let as much through', () => {
  const made = byValue(style, 'polygon', field(), groups, palette, nothing)
  const faded = withFillAlpha(made, 1)
  expect(faded.fill).toBe('#010203')
  expect(faded.by?.values.map(({ fill }) => fill)).toEqual(['#88ccee', '#cc6677'])
})

test('a dash is known by its numbers', () => {
  expect([undefined, [8, 4], [3, 3]].map(dashOf)).toEqual(['solid', 'dashed', '3 3'])
})

test('what says nothing is left out', () => {
  expect(tidy({ fill: '', width: 2, maxzoom: 0, label: undefined })).toEqual({ width: 2 })
})
