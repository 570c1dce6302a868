import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode, Ref } from 'react'

/** A button of a toolbar: an icon with its name. */
export function Tool({
  ref,
  label,
  pressed,
  expanded,
  disabled,
  onClick,
  children,
}: {
  ref?: Ref<HTMLButtonElement>
  label: string
  pressed?: boolean
  /** It opens something, which is open. */
  expanded?: boolean
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        ref={ref}
        aria-label={label}
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
