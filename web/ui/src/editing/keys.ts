/** The keys of editing, read from an event; typing in a field is never one of them. */
export type EditKey = 'undo' | 'redo' | 'finish' | 'remove' | 'escape'

type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'target'
>

export function editKey(event: KeyPress): EditKey | null {
  if (elsewhere(event.target)) return null
  const key = event.key.toLowerCase()
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo'
    return key === 'y' ? 'redo' : null
  }
  if (event.altKey) return null
  switch (key) {
    case 'escape':
      return 'escape'
    case 'delete':
    case 'backspace':
      return 'remove'
    case 'enter':
      return isButton(event.target) ? null : 'finish'
    default:
      return null
  }
}

/** Fields, lists and open dialogs keep their own keys. */
function elsewhere(target: EventTarget | null): boolean {
  return (
    matches(target, 'input, textarea, select, [contenteditable="true"]') ||
    matches(target, '[role="dialog"] *, [role="listbox"] *, [role="menu"] *')
  )
}

const isButton = (target: EventTarget | null) => matches(target, 'button, a[href]')

const matches = (target: EventTarget | null, selector: string) =>
  typeof (target as Element | null)?.matches === 'function' && (target as Element).matches(selector)
