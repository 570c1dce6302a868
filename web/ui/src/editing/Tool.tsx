import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import { useLetter } from './useLetter'

/** A button of a toolbar: an icon with its name. */
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
  useLetter(disabled ? undefined : letter, onClick)
  const key = letter?.toUpperCase() ?? shortcut?.replace('Control', 'Ctrl')
  const named = key ? `${label} (${key})` : label
  return (
    <Tooltip label={named} openDelay={300}>
      <ActionIcon
        ref={ref}
        aria-label={label}
        aria-keyshortcuts={letter ?? shortcut}
        aria-pressed={pressed}
        aria-expanded={expanded}
        variant={pressed ? 'filled' : 'default'}
        size="md"
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
