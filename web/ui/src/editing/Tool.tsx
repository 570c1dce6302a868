import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import { useLetter } from './useLetter'

/** A button of a toolbar: an icon with its name. */
export function Tool({
  ref,
  label,
  letter,
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
  pressed?: boolean
  /** It opens something, which is open. */
  expanded?: boolean
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}) {
  useLetter(disabled ? undefined : letter, onClick)
  return (
    <Tooltip label={letter ? `${label} (${letter.toUpperCase()})` : label} openDelay={300}>
      <ActionIcon
        ref={ref}
        aria-label={label}
        aria-keyshortcuts={letter}
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
