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
  return (
    <svg width={W} height={H} aria-hidden style={{ flex: 'none' }}>
      {shape === 'point' && (
        <circle cx={W / 2} cy={H / 2} r={Math.min(symbol.radius, H / 2 - 1)} {...paint} />
      )}
      {shape === 'line' && <path d={`M1 ${H - 3} L${W / 2} 4 L${W - 1} ${H / 2}`} {...paint} />}
      {shape === 'polygon' && <rect x={2} y={2} width={W - 4} height={H - 4} {...paint} />}
    </svg>
  )
}
