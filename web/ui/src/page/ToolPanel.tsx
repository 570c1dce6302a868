import { CloseButton, Group, Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { focusMap } from '../map/focus'
import { usePage } from './state'
import classes from './toolpanel.module.css'

/** What a button on the map opens: beside it on a wide screen, below the map on a narrow one. */
export function ToolPanel({
  title,
  close,
  children,
}: {
  title: string
  /** What its closing is called. */
  close: string
  children: ReactNode
}) {
  function shut() {
    usePage.setState({ tool: null })
    focusMap()
  }
  return (
    <Paper
      component="section"
      className={classes.panel}
      aria-label={title}
      withBorder
      shadow="sm"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) shut()
      }}
    >
      <Group gap={6} wrap="nowrap" justify="space-between" className={classes.head}>
        <Text component="h2" size="sm" fw={600}>
          {title}
        </Text>
        <CloseButton size="sm" aria-label={close} onClick={shut} />
      </Group>
      <div className={classes.body}>{children}</div>
    </Paper>
  )
}
