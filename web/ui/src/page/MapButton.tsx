import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

/** A button on the map. */
export function MapButton({
  label,
  pressed,
  onClick,
  children,
}: {
  label: string
  /** What it opens is open. */
  pressed?: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Tooltip label={label} position="left">
      <ActionIcon
        variant={pressed ? 'filled' : 'default'}
        size="lg"
        aria-label={label}
        aria-expanded={pressed}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
