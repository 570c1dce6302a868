/** Symbols as OpenLayers styles. Styles are shared: one for every feature that looks the same. */
import type { FeatureLike } from 'ol/Feature'
import Circle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style, { type StyleFunction } from 'ol/style/Style'
import Text from 'ol/style/Text'
import type { LayerInfo } from './api'
import {
  countOf,
  crowdRadius,
  crowdWords,
  FORMS,
  type MapSymbol,
  type Shape,
  shapeOf,
  symbolOf,
  writingOf,
} from './symbol'
import { zoomOf } from './tiles'

/** Colours of everything that is not a layer, by colour scheme of the page. */
export const INK = {
  light: { background: '#f6f5f1', text: '#1f2328', halo: '#ffffff' },
  dark: { background: '#1b1e22', text: '#eef0f2', halo: '#14171a' },
} as const

export type Scheme = keyof typeof INK

/** The shapes of a layer. */
export function shapeStyle({ style: drawing }: LayerInfo): StyleFunction {
  const styles = new Map<string, Style>()
  const shape = (symbol: MapSymbol, kind: Shape) => {
    const key = `${kind}|${symbol.fill}|${symbol.stroke}|${symbol.radius}`
    let style = styles.get(key)
    if (!style) {
      style = symbolStyle(symbol, kind)
      styles.set(key, style)
    }
    return style
  }
  const flows = new Map<string, Style[]>()
  const flow = (symbol: MapSymbol) => {
    const colour = symbol.stroke ?? ''
    let styles = flows.get(colour)
    if (!styles) {
      styles = [shape(symbol, 'line'), flowStyle(colour)]
      flows.set(colour, styles)
    }
    return styles
  }
  const crowds = new Map<number, Style>()
  const crowd = (count: number) => {
    let style = crowds.get(count)
    if (!style) {
      style = crowdStyle(symbolOf(drawing, {}, 'point'), count)
      crowds.set(count, style)
    }
    return style
  }
  return (feature: FeatureLike, resolution: number) => {
    const kind = shapeOf(feature.getGeometry()?.getType() ?? '')
    const count = countOf(feature.getProperties())
    if (kind === 'point' && count !== undefined) return crowd(count)
    const symbol = symbolOf(drawing, feature.getProperties(), kind)
    const arrows = drawing.arrow && kind === 'line' && zoomOf(resolution) >= FLOW_ZOOM
    return arrows ? flow(symbol) : shape(symbol, kind)
  }
}

/** A disk in the colour of the layer, with how many points it stands for. */
const crowdStyle = ({ fill, stroke }: MapSymbol, count: number) =>
  new Style({
    image: new Circle({
      radius: crowdRadius(count),
      fill: new Fill({ color: '#ffffff' }),
      stroke: new Stroke({ color: fill ?? stroke ?? INK.light.text, width: 2.5 }),
    }),
    text: new Text({
      text: crowdWords(count),
      font: '600 11px "Noto Sans", sans-serif',
      fill: new Fill({ color: INK.light.text }),
    }),
  })

/** From this zoom on lines show which way they go. */
const FLOW_ZOOM = 16

/** Chevrons along a line, the way it goes. */
const flowStyle = (color: string) =>
  new Style({
    text: new Text({
      text: '›',
      font: '600 20px "Noto Sans", sans-serif',
      fill: new Fill({ color }),
      placement: 'line',
      repeat: 90,
      keepUpright: false,
      overflow: false,
    }),
  })

/** The words of a layer. */
export function labelStyle(info: LayerInfo, scheme: () => Scheme): StyleFunction {
  const labels = new Map<string, Style>()
  const label = (type: string, words: string) => {
    const key = `${type}|${scheme()}`
    let style = labels.get(key)
    if (!style) {
      style = textStyle(info, type, scheme())
      labels.set(key, style)
    }
    style.getText()?.setText(words)
    return style
  }
  return (feature: FeatureLike, resolution: number) => {
    const words = writingOf(info.style, feature.getProperties(), zoomOf(resolution))
    return words === undefined ? undefined : label(feature.getGeometry()?.getType() ?? '', words)
  }
}

function symbolStyle({ fill, stroke, width, dash, ...point }: MapSymbol, kind: Shape): Style {
  const paint = {
    fill: fill ? new Fill({ color: fill }) : undefined,
    stroke: stroke ? new Stroke({ color: stroke, width, lineDash: dash }) : undefined,
  }
  return kind === 'point' ? new Style({ image: image(point, paint) }) : new Style(paint)
}

type Paint = { fill?: Fill; stroke?: Stroke }

function image({ symbol, radius }: Pick<MapSymbol, 'symbol' | 'radius'>, paint: Paint) {
  if (symbol === 'circle') return new Circle({ radius, ...paint })
  const { points, angle, reach, inner } = FORMS[symbol]
  return new RegularShape({
    points,
    angle,
    radius: radius * reach,
    radius2: inner === undefined ? undefined : radius * reach * inner,
    ...paint,
  })
}

function textStyle({ style: { label, radius, size } }: LayerInfo, type: string, scheme: Scheme) {
  const point = type.endsWith('Point')
  const line = type.endsWith('LineString')
  const halo = label?.halo ?? 3
  return new Style({
    text: new Text({
      font: `500 ${label?.size ?? 12}px "Noto Sans", sans-serif`,
      fill: new Fill({ color: INK[scheme].text }),
      stroke: halo > 0 ? new Stroke({ color: INK[scheme].halo, width: halo }) : undefined,
      placement: line ? 'line' : 'point',
      offsetY: point ? -((size?.maxRadius ?? radius ?? 5) + 9) : 0,
      overflow: false,
      padding: [2, 3, 2, 3],
    }),
  })
}

const outlined = (color: string, width: number, fill: string, dash?: number[]) => {
  const paint = {
    stroke: new Stroke({ color, width, lineDash: dash }),
    fill: new Fill({ color: fill }),
  }
  return new Style({ ...paint, image: new Circle({ radius: 7, ...paint }) })
}

/** A white line under the coloured one keeps an outline visible on any fill. */
const cased = (style: Style, width: number) => [
  new Style({ stroke: new Stroke({ color: 'rgba(255,255,255,0.85)', width }) }),
  style,
]

export const HOVER = outlined('#d9480f', 2, 'rgba(253,126,20,0.12)')
export const HIGHLIGHT = outlined('#d9480f', 2.5, 'rgba(253,126,20,0.2)')
export const CHOSEN = outlined('#a85d00', 2.5, 'rgba(255,212,59,0.3)')
export const GATHERED = outlined('#5f3dc4', 2.5, 'rgba(132,94,247,0.25)')
export const SELECTED = cased(outlined('#c2255c', 2.5, 'rgba(230,73,128,0.15)'), 5)
export const MINE = cased(outlined('#1864ab', 3, 'rgba(34,139,230,0.18)'), 5.5)
/** A shape as it was, and as it became. */
export const BEFORE = cased(outlined('#c92a2a', 2.5, 'rgba(250,82,82,0.08)', [8, 6]), 5)
export const AFTER = cased(outlined('#2b8a3e', 3, 'rgba(64,192,87,0.18)'), 5.5)
export const THEIRS = cased(outlined('#d9480f', 3, 'rgba(253,126,20,0.18)', [8, 6]), 5.5)

/** A place that was gone to: rings around it, so that it stays seen. */
export const PIN = [
  new Style({
    image: new Circle({ radius: 11, stroke: new Stroke({ color: '#ffffff', width: 6 }) }),
  }),
  new Style({
    image: new Circle({ radius: 11, stroke: new Stroke({ color: '#c92a2a', width: 3 }) }),
  }),
  new Style({
    image: new Circle({
      radius: 3,
      fill: new Fill({ color: '#c92a2a' }),
      stroke: new Stroke({ color: '#ffffff', width: 1.5 }),
    }),
  }),
]
