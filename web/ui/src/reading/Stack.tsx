import { Text } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLayers } from '../layers/useLayers'
import type { Hit } from '../map/api'
import { focusMap } from '../map/focus'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import classes from './reading.module.css'

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
}

/** All that lies under the last click: arrows go through it, the map shows what is pointed at. */
export default function Stack() {
  const { t } = useTranslation('reading')
  const language = useLanguage()
  const map = useMap()
  const select = useSelect()
  const { registers } = useLayers()
  const hits = usePage((state) => state.hits)
  const selected = usePage((state) => state.selected)
  const list = useRef<HTMLDivElement>(null)
  const at = hits.findIndex((hit) => hit.layer === selected?.layer && hit.id === selected.id)
  const shown = hits.length > 1 && at >= 0
  const title = (layer: string) =>
    registers.find(({ id }) => id === layer)?.title[language] ?? layer

  // The keys go through what was clicked; from the map or the page itself nothing is taken away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each click is a list of its own
  useEffect(() => {
    const { activeElement: focus } = document
    if (shown && (focus === document.body || focus?.id === 'map')) list.current?.focus()
  }, [hits, shown])
  useEffect(() => () => map.highlight([]), [map])
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])

  if (!shown) return null
  const go = (hit: Hit | undefined) => hit && select(hit, { hits })
  function keys(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.preventDefault()
      focusMap()
    }
    const step = event.altKey ? undefined : STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const to = step(at, hits.length - 1)
    if (to !== at) go(hits[to])
  }
  return (
    <section className={classes.stack}>
      <Text size="xs" c="dimmed" id="stack-title">
        {t('stack', { count: hits.length })}
      </Text>
      <div
        ref={list}
        id="stack"
        role="listbox"
        tabIndex={0}
        aria-labelledby="stack-title"
        aria-activedescendant={`stack-${at}`}
        className={classes.hits}
        onKeyDown={keys}
      >
        {hits.map((hit, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
          <div
            key={`${hit.layer}/${hit.id}`}
            id={`stack-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onClick={() => go(hit)}
            onMouseEnter={() => map.highlight([hit])}
            onMouseLeave={() => map.highlight([])}
          >
            <span className={classes.hitLayer}>{title(hit.layer)}</span> {hit.label}
          </div>
        ))}
      </div>
    </section>
  )
}
