import { isOneOf, KEYS } from '../shortcuts/table'

/** The keys of editing, read from an event; typing in a field is never one of them. */
export type EditKey = keyof typeof KEYS.edit

const COMMANDS = Object.keys(KEYS.edit) as EditKey[]

type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey' | 'target'
>

export function editKey(event: KeyPress): EditKey | null {
  if (elsewhere(event.target)) return null
  const found = COMMANDS.find((command) => isOneOf(KEYS.edit[command], event))
  if (found === 'finish' && isButton(event.target)) return null
  return found ?? null
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
