import { ActionIcon, Tooltip } from '@mantine/core'
import { useMergedRef } from '@mantine/hooks'
import { type ReactNode, type Ref, useRef } from 'react'
import { focusMap } from '../map/focus'
import { useFocusKept } from './useFocusKept'
import { useLetter } from './useLetter'

/**
 * A button of a toolbar: an icon with its name. What works on the map, as tools with a letter and those
 * that stay pressed do, leaves the focus there, where the arrows move the cross.
 */
export function Tool({
  ref,
  label,
  letter,
  shortcut,
  pressed,
  expanded,
  disabled,
  onClick,
  children,
}: {
  ref?: Ref<HTMLButtonElement>
  label: string
  /** The key that does the same. */
  letter?: string
  /** Of a key that is heard elsewhere, as aria-keyshortcuts writes it. */
  shortcut?: string
  pressed?: boolean
  /** It opens something, which is open. */
  expanded?: boolean
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}) {
  const button = useRef<HTMLButtonElement>(null)
  const both = useMergedRef(ref, button)
  useLetter(disabled ? undefined : letter, onClick)
  useFocusKept(button, disabled)
  const key = letter?.toUpperCase() ?? shortcut?.replace('Control', 'Ctrl')
  const named = key ? `${label} (${key})` : label
  function press() {
    if (letter !== undefined || pressed !== undefined) focusMap()
    onClick()
  }
  return (
    <Tooltip label={named} openDelay={300}>
      <ActionIcon
        ref={both}
        aria-label={label}
        aria-keyshortcuts={letter?.toUpperCase() ?? shortcut}
        aria-pressed={pressed}
        aria-expanded={expanded}
        variant={pressed ? 'filled' : 'default'}
        size="md"
        disabled={disabled}
        onClick={press}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
