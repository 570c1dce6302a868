import { FORMS, type MapSymbol } from '../map/symbol'
import type { LegendEntry } from './legend'

const W = 22
const H = 14

/** How a layer or a category looks on the map; the words beside it name it. */
export function Swatch({ entry: { shape, symbol } }: { entry: LegendEntry }) {
  const paint = {
    fill: shape === 'line' ? 'none' : (symbol.fill ?? 'none'),
    stroke: symbol.stroke ?? 'none',
    strokeWidth: Math.min(symbol.width, 4),
    strokeDasharray: symbol.dash?.join(' '),
  }
  const tall = shape === 'point' ? Math.max(H, Math.ceil(symbol.radius * 2) + 4) : H
  const wide = Math.max(W, tall)
  return (
    <svg width={wide} height={tall} aria-hidden style={{ flex: 'none' }}>
      {shape === 'point' && <Point symbol={symbol} at={[wide / 2, tall / 2]} paint={paint} />}
      {shape === 'line' && <path d={`M1 ${H - 3} L${W / 2} 4 L${W - 1} ${H / 2}`} {...paint} />}
      {shape === 'polygon' && <rect x={2} y={2} width={W - 4} height={H - 4} {...paint} />}
    </svg>
  )
}

function Point({
  symbol: { symbol, radius },
  at: [x, y],
  paint,
}: {
  symbol: MapSymbol
  at: [number, number]
  paint: object
}) {
  if (symbol === 'circle') return <circle cx={x} cy={y} r={radius} {...paint} />
  const { points, angle, reach, inner } = FORMS[symbol]
  const steps = inner === undefined ? points : points * 2
  const corners = Array.from({ length: steps }, (_, i) => {
    const far = radius * reach * (inner !== undefined && i % 2 === 1 ? inner : 1)
    const turn = angle + (i * 2 * Math.PI) / steps
    return `${x + far * Math.sin(turn)},${y - far * Math.cos(turn)}`
  })
  return <polygon points={corners.join(' ')} {...paint} />
}
