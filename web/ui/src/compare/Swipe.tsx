import { ActionIcon } from '@mantine/core'
import { IconArrowsHorizontal, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLayers } from '../layers/useLayers'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { moment as momentText } from '../words/values'
import type { Compare } from './beyond'
import classes from './compare.module.css'
import { useComparison } from './useComparison'

/** The line between two states of the map, moved by hand or by the keyboard. */
export default function Swipe({ compare }: { compare: Compare }) {
  const { t } = useTranslation('compare')
  const stage = useRef<HTMLDivElement>(null)
  const { at } = compare
  const [left, right] = useSides(compare)
  useComparison(compare)
  useLayoutEffect(() => {
    const map = document.getElementById('map')
    map?.style.setProperty('--swipe', `${at}%`)
    map?.setAttribute('data-swipe', 'true')
    return () => map?.removeAttribute('data-swipe')
  }, [at])

  const move = (to: number) =>
    usePage.setState({ compare: { ...compare, at: Math.min(100, Math.max(0, to)) } })
  function drag(event: PointerEvent<HTMLDivElement>) {
    const box = stage.current?.getBoundingClientRect()
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    move(((event.clientX - box.left) / box.width) * 100)
  }
  function key(event: KeyboardEvent) {
    const to = keyed(event, at)
    if (to === null) return
    event.preventDefault()
    move(to)
  }
  return (
    <div ref={stage} className={classes.stage}>
      <div className={classes.line} style={{ left: `${at}%` }}>
        <span className={classes.left}>{left}</span>
        <span className={classes.right}>{right}</span>
        <div
          role="slider"
          tabIndex={0}
          className={classes.grip}
          aria-label={t('line')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(at)}
          aria-valuetext={t('share', { share: Math.round(at), left, right })}
          aria-orientation="horizontal"
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onKeyDown={key}
        >
          <IconArrowsHorizontal size={20} aria-hidden />
        </div>
        <ActionIcon
          className={classes.stop}
          size="sm"
          variant="default"
          radius="xl"
          aria-label={t('stop')}
          title={t('stop')}
          onClick={() => usePage.setState({ compare: null, tool: null })}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
    </div>
  )
}

/** Where a key moves the line; null for other keys. */
function keyed({ key, shiftKey }: KeyboardEvent, at: number): number | null {
  const step = shiftKey ? 10 : 1
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return at - step
    case 'ArrowRight':
    case 'ArrowUp':
      return at + step
    case 'PageDown':
      return at - 10
    case 'PageUp':
      return at + 10
    case 'Home':
      return 0
    case 'End':
      return 100
    default:
      return null
  }
}

/** What the two sides are called. */
function useSides({ beyond }: Compare): [string, string] {
  const { t } = useTranslation('compare')
  const language = useLanguage()
  const { layers } = useLayers()
  const now = usePage((state) => state.moment)
  switch (beyond.by) {
    case 'moment':
      return [now ? momentText(now, language) : t('today'), momentText(beyond.moment, language)]
    case 'style':
      return [t('chosenStyles'), t('fileStyles')]
    case 'layers': {
      const titles = layers
        .filter(({ id }) => beyond.layers.includes(id))
        .map(({ title }) => title[language])
      const more = titles.length - 2
      const named = titles.slice(0, 2).join(', ')
      return [t('ofTree'), more > 0 ? t('andMore', { named, count: more }) : named || t('noLayer')]
    }
  }
}
