import { Checkbox, NativeSelect, NumberInput, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClassMethod } from '../api/client'
import { range } from '../layers/legend'
import { useLanguage } from '../words/i18n'
import { count as counted } from '../words/values'
import { ColourInput } from './ColourInput'
import { classesQuery, divideByClass, rampOfStyle } from './divide'
import { byClass, inOrder, withBreak, withClassCount } from './edits'
import { numeric, type PartProps } from './part'
import { RAMPS, type Ramp, rampColours } from './ramps'
import classes from './styling.module.css'

const METHODS: ClassMethod[] = ['quantiles', 'jenks', 'equal']

/** How a number is divided: which, by what, into how many. */
interface Division {
  name: string
  by: ClassMethod
  n: number
}

/** A colour for each class of a number, by a method or by bounds of one's own. */
export function Classes(props: PartProps) {
  const { layer, style, shape, change } = props
  const { t } = useTranslation('styling')
  const language = useLanguage()
  const queries = useQueryClient()
  const [fault, setFault] = useState('')
  const [wrong, setWrong] = useState<number[] | null>(null)
  const { field, method, breaks, colours } = style.classes ?? { field: '', breaks: [], colours: [] }
  const { ramp, reversed } = rampOfStyle(style)
  const known = numeric(layer).find(({ name }) => name === field)
  const [asked, setAsked] = useState(colours.length)
  // What was chosen and is not divided yet: what is chosen next goes on from it.
  const [wanted, setWanted] = useState<Division | null>(null)
  const latest = useRef<Division | null>(null)
  const now = wanted ?? { name: field, by: method ?? 'quantiles', n: asked }
  const { data } = useQuery({
    ...classesQuery(layer.id, field, method ?? 'equal', asked),
    enabled: method !== undefined,
  })
  const counts = method && data?.breaks.join() === breaks.join() ? data.counts : []

  async function divide(part: Partial<Division>) {
    const next = { ...now, ...part }
    latest.current = next
    setWanted(next)
    setFault('')
    setWrong(null)
    setAsked(next.n)
    try {
      const divided = await divideByClass(queries, props, next.name, next.by, next.n)
      if (latest.current === next) change(divided)
    } catch (error) {
      if (latest.current === next) setFault((error as Error).message)
    }
    if (latest.current === next) setWanted(null)
  }
  function choose(by: string) {
    if (by !== 'own') return void divide({ by: by as ClassMethod })
    latest.current = null
    setWanted(null)
    change(byClass(style, shape, { field, breaks }, ramp, reversed))
  }
  function bound(i: number, value: number) {
    const next = (wrong ?? breaks).map((each, k) => (k === i ? value : each))
    if (!inOrder(next)) return setWrong(next)
    setWrong(null)
    change(next.reduce((made, each, k) => withBreak(made, k, each), style))
  }
  function paint(by: Ramp, back: boolean) {
    change(byClass(style, shape, { field, method, breaks }, by, back))
  }

  return (
    <>
      <NativeSelect
        mt={6}
        size="xs"
        label={t('field')}
        value={now.name}
        onChange={(event) => void divide({ name: event.currentTarget.value })}
        data={numeric(layer).map(({ name, label }) => ({ value: name, label: label[language] }))}
        error={fault}
      />
      <div className={classes.uneven}>
        <NativeSelect
          size="xs"
          label={t('method')}
          value={wanted?.by ?? method ?? 'own'}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[...METHODS, 'own'].map((each) => ({ value: each, label: t(`methods.${each}`) }))}
        />
        <NumberInput
          size="xs"
          label={t('classCount')}
          min={1}
          max={12}
          clampBehavior="strict"
          allowDecimal={false}
          value={method ? asked : colours.length}
          onChange={(value) => {
            const n = Number(value)
            if (n < 1) return
            if (method) void divide({ n })
            else change(withClassCount(style, shape, n, ramp, reversed))
          }}
        />
      </div>
      {method && colours.length < asked && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('fewerClasses', { count: colours.length })}
        </Text>
      )}
      <ul className={classes.entries}>
        {colours.map((colour, i) => {
          const words = range(breaks[i] ?? 0, breaks[i + 1] ?? 0, known, language)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a class is its place
            <li key={i}>
              <ColourInput
                label={t('colourOf', { entry: words })}
                value={colour}
                onChange={(next) =>
                  change({
                    ...style,
                    classes: {
                      ...(style.classes as NonNullable<typeof style.classes>),
                      colours: colours.map((each, k) => (k === i ? next : each)),
                    },
                  })
                }
              />
              {i === 0 && <Bound i={0} breaks={wrong ?? breaks} onChange={bound} />}
              {i === 0 && '–'}
              <Bound i={i + 1} breaks={wrong ?? breaks} onChange={bound} />
              <Text size="xs" c="dimmed" ml="auto" title={t('records')}>
                {counts[i] !== undefined && counted(counts[i], language)}
              </Text>
            </li>
          )
        })}
        <li>
          <ColourInput
            label={t('colourOf', { entry: t('outside') })}
            value={shape === 'line' ? style.stroke : style.fill}
            onChange={(colour) =>
              change({ ...style, [shape === 'line' ? 'stroke' : 'fill']: colour })
            }
          />
          <Text size="xs">{t('outside')}</Text>
        </li>
      </ul>
      {wrong && (
        <Text size="xs" c="red" role="alert">
          {t('unordered')}
        </Text>
      )}
      <Ramps of={ramp} reversed={reversed} count={colours.length} onChoose={paint} />
    </>
  )
}

function Bound({
  i,
  breaks,
  onChange,
}: {
  i: number
  breaks: number[]
  onChange: (i: number, value: number) => void
}) {
  const { t } = useTranslation('styling')
  return (
    <NumberInput
      size="xs"
      w={84}
      hideControls
      aria-label={i === 0 ? t('lowest') : t('highest', { count: i })}
      value={breaks[i]}
      onChange={(value) => value !== '' && onChange(i, Number(value))}
    />
  )
}

function Ramps({
  of,
  reversed,
  count,
  onChoose,
}: {
  of: Ramp
  reversed: boolean
  count: number
  onChoose: (ramp: Ramp, reversed: boolean) => void
}) {
  const { t } = useTranslation('styling')
  return (
    <fieldset className={classes.section}>
      <Text component="legend" size="xs">
        {t('ramp')}
      </Text>
      <div className={classes.ramps}>
        {RAMPS.map((ramp) => (
          <button
            key={ramp.id}
            type="button"
            className={classes.ramp}
            aria-pressed={ramp === of}
            aria-label={t(`ramps.${ramp.id}`)}
            title={t(`ramps.${ramp.id}`)}
            onClick={() => onChoose(ramp, reversed)}
          >
            {rampColours(ramp, Math.max(count, 5), reversed).map((colour) => (
              <span key={colour} style={{ background: colour }} />
            ))}
          </button>
        ))}
      </div>
      <Checkbox
        mt={6}
        size="xs"
        label={t('reversed')}
        checked={reversed}
        onChange={(event) => onChoose(of, event.currentTarget.checked)}
      />
    </fieldset>
  )
}
