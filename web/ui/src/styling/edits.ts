/** Changes of a style, each from a style to another. Colours go to the lines of lines, else into the fill. */
import type { Field } from '../api/model'
import type { Category, LayerStyle, StyleClasses } from '../map/api'
import type { Shape } from '../map/symbol'
import { colourOf, textOf, withAlpha } from './colour'
import { type Palette, paletteColour, type Ramp, rampColours } from './ramps'

export type Mode = 'single' | 'value' | 'class'

export function modeOf({ by, classes }: LayerStyle): Mode {
  if (by) return 'value'
  return classes ? 'class' : 'single'
}

export function asSingle({ by: _, classes: __, ...style }: LayerStyle): LayerStyle {
  return style
}

/** How many records have a value, as the server counts them. */
export interface Group {
  value: string
  label: string
  empty: boolean
}

/** As tiles say that there is no value. */
const NOTHING = 'null'

/** A category for each value, in the words of the field where it has some. */
export function byValue(
  style: LayerStyle,
  shape: Shape,
  field: Field,
  groups: readonly Group[],
  palette: Palette,
  nothing: { fr: string; en: string },
): LayerStyle {
  const alpha = alphaOf(style, shape)
  const values = groups.map(({ value, label, empty }, i): Category => {
    const choice = field.enum?.find((each) => each.value === value)
    const colour = textOf({ hex: paletteColour(palette, i), alpha })
    return {
      value: empty ? NOTHING : value,
      ...coloured(shape, colour),
      label: empty ? nothing : (choice?.label ?? wordsOf(field, value, label)),
    }
  })
  return { ...asSingle(style), by: { field: field.name, values } }
}

function wordsOf(field: Field, value: string, label: string) {
  if (field.type !== 'boolean') return { fr: label || value, en: label || value }
  return value === 'true' ? { fr: 'oui', en: 'yes' } : { fr: 'non', en: 'no' }
}

/** The colour of a category; of a line its stroke. */
export function coloured(shape: Shape, colour: string): { fill?: string; stroke?: string } {
  return shape === 'line' ? { stroke: colour } : { fill: colour }
}

export const colourOfCategory = (shape: Shape, category: Category, style: LayerStyle) =>
  shape === 'line' ? (category.stroke ?? style.stroke) : (category.fill ?? style.fill)

/** Gives all categories the colours of a palette, in their order. */
export function withPalette(style: LayerStyle, shape: Shape, palette: Palette): LayerStyle {
  if (!style.by) return style
  const alpha = alphaOf(style, shape)
  const values = style.by.values.map((category, i) => ({
    ...category,
    ...coloured(shape, textOf({ hex: paletteColour(palette, i), alpha })),
  }))
  return { ...style, by: { ...style.by, values } }
}

/** Changes one category; null takes it away, to the others. */
export function withCategory(style: LayerStyle, i: number, change: Partial<Category> | null) {
  if (!style.by) return style
  const values = style.by.values.flatMap((category, k) =>
    k !== i ? [category] : change ? [{ ...category, ...change }] : [],
  )
  return { ...style, by: { ...style.by, values } }
}

export function byClass(
  style: LayerStyle,
  shape: Shape,
  classes: Omit<StyleClasses, 'colours'>,
  ramp: Ramp,
  reversed: boolean,
): LayerStyle {
  const alpha = alphaOf(style, shape)
  const colours = rampColours(ramp, classes.breaks.length - 1, reversed)
  return {
    ...asSingle(style),
    classes: { ...classes, colours: colours.map((hex) => textOf({ hex, alpha })) },
  }
}

/** Classes by hand: another bound; what was found by a method is not any more. */
export function withBreak(style: LayerStyle, i: number, bound: number): LayerStyle {
  if (!style.classes) return style
  const { method: _, ...classes } = style.classes
  const breaks = classes.breaks.map((each, k) => (k === i ? bound : each))
  return { ...style, classes: { ...classes, breaks } }
}

/** Classes by hand: one more, by cutting the widest in two; or one less, the last. */
export function withClassCount(
  style: LayerStyle,
  shape: Shape,
  count: number,
  ramp: Ramp,
  reversed: boolean,
): LayerStyle {
  if (!style.classes) return style
  const breaks = [...style.classes.breaks]
  while (breaks.length - 1 > count && breaks.length > 2) breaks.splice(breaks.length - 2, 1)
  while (breaks.length - 1 < count) {
    const widths = breaks.slice(1).map((bound, i) => bound - (breaks[i] ?? 0))
    const widest = widths.indexOf(Math.max(...widths))
    breaks.splice(widest + 1, 0, ((breaks[widest] ?? 0) + (breaks[widest + 1] ?? 0)) / 2)
  }
  return byClass(style, shape, { field: style.classes.field, breaks }, ramp, reversed)
}

/** Whether each bound is at least the one before: else the server refuses, and nothing is drawn. */
export const inOrder = (breaks: readonly number[]) =>
  breaks.every((bound, i) => i === 0 || bound >= (breaks[i - 1] ?? 0))

/** How much of what lies under them the fills let through: 1 hides all. */
export function alphaOf(style: LayerStyle, shape: Shape): number {
  if (shape === 'line') return 1
  const fill =
    style.classes?.colours[0] ?? style.by?.values.find(({ fill }) => fill)?.fill ?? style.fill
  return fill ? colourOf(fill).alpha : 1
}

export function withFillAlpha(style: LayerStyle, alpha: number): LayerStyle {
  const fade = (fill: string | undefined) => (fill ? withAlpha(fill, alpha) : fill)
  return {
    ...style,
    fill: fade(style.fill),
    ...(style.classes && {
      classes: { ...style.classes, colours: style.classes.colours.map((c) => withAlpha(c, alpha)) },
    }),
    ...(style.by && {
      by: {
        ...style.by,
        values: style.by.values.map((category) => ({ ...category, fill: fade(category.fill) })),
      },
    }),
  }
}

/** Lines of borders and of lines themselves. */
export const DASHES = { solid: undefined, dashed: [8, 4], dotted: [1, 4], mixed: [10, 4, 2, 4] }
export type Dash = keyof typeof DASHES

/** The name of a dash; of one of somebody's own, the text of its numbers. */
export function dashOf(dash: number[] | undefined): string {
  const known = Object.entries(DASHES).find(([, numbers]) => numbers?.join() === dash?.join())
  return known?.[0] ?? dash?.join(' ') ?? 'solid'
}

/** What the server would leave out is left out, so that equal styles read the same. */
export function tidy(style: LayerStyle): LayerStyle {
  return Object.fromEntries(
    Object.entries(style).filter(([, value]) => value !== undefined && value !== '' && value !== 0),
  )
}
