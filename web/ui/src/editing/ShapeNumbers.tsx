import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../drawing/numbers'
import type { ShapeChange } from '../map/api'
import { focusMap } from '../map/focus'
import { BARS } from '../shortcuts/table'
import { useLetter } from './useLetter'

type Kind = 'move' | 'rotate' | 'scale'

const FIELDS: Record<Kind, readonly string[]> = {
  move: ['east', 'north'],
  rotate: ['degrees'],
  scale: ['factor'],
}

/** Moves, turns or grows the shape by typed numbers; N comes here from the map. */
export function ShapeNumbers({
  kind,
  onGiven,
}: {
  kind: Kind
  onGiven: (change: ShapeChange) => void
}) {
  const { t } = useTranslation('shape')
  const first = useRef<HTMLInputElement>(null)
  const [texts, setTexts] = useState<readonly string[]>([])
  const [wrong, setWrong] = useState<number | null>(null)
  useLetter(BARS.aids.letters['numbers.title'], () => first.current?.focus())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const numbers = FIELDS[kind].map((_, i) => number(texts[i]?.trim() || emptyOf(kind)))
    const bad = numbers.findIndex((each) => each === null || (kind === 'scale' && each <= 0))
    setWrong(bad < 0 ? null : bad)
    const [a = 0, b = 0] = numbers.map((each) => each ?? 0)
    if (bad >= 0) return
    if (kind === 'move') onGiven({ kind, east: a, north: b })
    else if (kind === 'rotate') onGiven({ kind, degrees: a })
    else onGiven({ kind, factor: a })
  }
  return (
    <form onSubmit={submit}>
      <Group gap={6} align="flex-end">
        {FIELDS[kind].map((name, i) => (
          <TextInput
            key={name}
            ref={i === 0 ? first : undefined}
            size="xs"
            w={110}
            label={t(`field.${name}`)}
            value={texts[i] ?? ''}
            inputMode="decimal"
            autoComplete="off"
            error={wrong === i && t('wrongNumber')}
            onChange={(event) => {
              const next = [...texts]
              next[i] = event.currentTarget.value
              setTexts(next)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape') focusMap()
            }}
          />
        ))}
        <Button size="xs" variant="default" type="submit">
          {t(`go.${kind}`)}
        </Button>
      </Group>
    </form>
  )
}

/** What an empty field stands for: no way, no turn; a factor has to be given. */
const emptyOf = (kind: Kind) => (kind === 'scale' ? '' : '0')
