import { Menu } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'

interface Props {
  /** What the ways are called. */
  up: string
  down: string
  /** Absent at the end of the way. */
  onUp?: () => void
  onDown?: () => void
}

/** The two ways of a row in its menu; Alt with an arrow does the same, see `altStep`. */
export function MoveItems({ up, down, onUp, onDown }: Props) {
  return (
    <>
      <Menu.Item
        leftSection={<IconArrowUp size={16} aria-hidden />}
        rightSection={<kbd>Alt ↑</kbd>}
        disabled={!onUp}
        onClick={onUp}
      >
        {up}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowDown size={16} aria-hidden />}
        rightSection={<kbd>Alt ↓</kbd>}
        disabled={!onDown}
        onClick={onDown}
      >
        {down}
      </Menu.Item>
    </>
  )
}

/** Which way Alt with an arrow moves a row; null for any other key. */
export function altStep({ altKey, key }: KeyboardEvent): 1 | -1 | null {
  if (!altKey) return null
  return key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : null
}
