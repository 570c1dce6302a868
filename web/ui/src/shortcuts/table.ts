/**
 * The keys of the page, in the one table that binds them and that the help shows. Keys are written as
 * aria-keyshortcuts writes them; Control stands for the Command key too.
 */

/** Keys by what they do, by where they mean something. */
export const KEYS = {
  page: { search: ['/', 'Control+K'], help: ['?'] },
  map: {
    pan: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    zoom: ['+', '-'],
    identify: ['Enter'],
    more: ['Shift+Enter'],
  },
  /** While a tool works on the map: the cross that stands for the pointer. */
  cross: {
    move: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    leap: ['Control+ArrowLeft', 'Control+ArrowRight', 'Control+ArrowUp', 'Control+ArrowDown'],
    nudge: ['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown'],
    click: ['Enter'],
    drag: ['Space'],
    unput: ['Alt+Enter'],
    shift: ['Shift+Enter'],
  },
  edit: {
    undo: ['Control+Z'],
    redo: ['Control+Y', 'Control+Shift+Z'],
    finish: ['Control+Enter', 'Enter'],
    remove: ['Delete', 'Backspace'],
    escape: ['Escape'],
  },
  copy: { copy: ['Control+C'], paste: ['Control+V'] },
  record: { save: ['Control+S'], before: ['Alt+ArrowUp'], after: ['Alt+ArrowDown'] },
} as const satisfies Record<string, Record<string, readonly string[]>>

/** What changes shapes, one that is drawn or all that are chosen. */
const SHAPING = {
  'tool.vertices': 'v',
  'tool.move': 'k',
  'tool.rotate': 'u',
  'tool.scale': 'z',
  'tool.split': 's',
  'tool.reshape': 'r',
  'tool.offset': 'o',
  'tool.buffer': 'b',
  'tool.hole': 'h',
  'tool.fill': 'g',
} as const

/** The letters of the tools by the words that name them, by bar; `words` is the namespace of these. */
export const BARS = {
  draw: {
    words: 'map',
    letters: { 'edit.draw': 'd', 'edit.modify': 'v', 'edit.take': 'x' },
  },
  aids: {
    words: 'drawing',
    letters: {
      'file.open': 'f',
      'snap.title': 'i',
      ortho: 'l',
      parallel: 'p',
      trace: 't',
      'numbers.title': 'n',
    },
  },
  shape: {
    words: 'shape',
    letters: {
      ...SHAPING,
      'tool.merge': 'm',
      'tool.collect': 'j',
      explode: 'e',
    },
  },
  free: {
    words: 'shape',
    letters: {
      put: 'd',
      ...SHAPING,
      mergeChosen: 'm',
      collectChosen: 'j',
      explode: 'e',
      removeChosen: 'q',
    },
  },
  working: { words: 'working', letters: { choose: 'c' } },
  coverage: {
    words: 'working',
    letters: {
      vertices: 'v',
      split: 's',
      areas: 'a',
      merge: 'm',
      reshape: 'r',
      road: 'w',
      draw: 'd',
      hole: 'h',
      fill: 'g',
      overlap: 'o',
    },
  },
  network: {
    words: 'network',
    letters: {
      'tool.nodes': 'v',
      'tool.draw-edge': 'd',
      'tool.connect': 'b',
      'tool.put-node': 'o',
      'tool.merge-through': 'm',
      'tool.reverse': 's',
      'tool.reroute': 'r',
      'tool.delete': 'x',
    },
  },
} as const satisfies Record<string, { words: string; letters: Record<string, string> }>

/** Bars that are there together: among them a letter means one tool. */
export const TOGETHER: readonly (readonly (keyof typeof BARS)[])[] = [
  ['draw', 'aids'],
  ['shape', 'aids'],
  ['working', 'coverage', 'aids'],
  ['working', 'network', 'aids'],
  ['working', 'free', 'aids'],
]

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Whether what is pressed is one of the keys. Shift counts with Control alone: characters need it. */
export function isOneOf(keys: readonly string[], event: KeyPress): boolean {
  const control = event.ctrlKey || event.metaKey
  return keys.some((each) => {
    const held = each.split('+')
    const key = held.pop()?.toLowerCase()
    return (
      key === event.key.toLowerCase() &&
      held.includes('Control') === control &&
      held.includes('Alt') === event.altKey &&
      (!control || held.includes('Shift') === event.shiftKey)
    )
  })
}
