import { NativeSelect, NumberInput, SegmentedControl, Switch, Text, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkLabel } from '../api/client'
import type { LabelStyle } from '../map/api'
import { useLanguage } from '../words/i18n'
import { drawable, type PartProps } from './part'
import { ScaleRange } from './ScaleRange'
import classes from './styling.module.css'

/** Words beside each feature: a field, or an expression. */
export function Labels(props: PartProps) {
  const { layer, style, change } = props
  const { t } = useTranslation('styling')
  const language = useLanguage()
  const { label } = style
  const [writing, setWriting] = useState(label?.text !== undefined)
  const fields = drawable(layer)
  const first = fields[0]?.name ?? ''
  const set = (part: Partial<LabelStyle>) => change({ ...style, label: { ...label, ...part } })

  function use(what: string) {
    setWriting(what === 'text')
    if (what === 'field') set({ text: undefined, field: label?.field ?? first })
  }
  return (
    <fieldset className={classes.section}>
      <legend>{t('labels')}</legend>
      <Switch
        size="xs"
        label={t('showLabels')}
        checked={label !== undefined}
        disabled={fields.length === 0}
        onChange={(event) => {
          setWriting(false)
          change({ ...style, label: event.currentTarget.checked ? { field: first } : undefined })
        }}
      />
      {label && (
        <>
          <SegmentedControl
            mt={6}
            fullWidth
            size="xs"
            aria-label={t('labels')}
            value={writing ? 'text' : 'field'}
            onChange={use}
            data={[
              { value: 'field', label: t('field') },
              { value: 'text', label: t('expression') },
            ]}
          />
          {writing ? (
            <Expression
              {...props}
              onGood={(text) => set({ text, field: undefined })}
              insertable={fields.map(({ name, label }) => ({
                value: name,
                label: label[language],
              }))}
            />
          ) : (
            <NativeSelect
              mt={6}
              size="xs"
              aria-label={t('labelField')}
              value={label.field ?? ''}
              onChange={(event) => set({ field: event.currentTarget.value, text: undefined })}
              data={fields.map(({ name, label }) => ({ value: name, label: label[language] }))}
            />
          )}
          <div className={classes.pair}>
            <NumberInput
              size="xs"
              label={t('size')}
              min={6}
              max={48}
              value={label.size ?? 12}
              onChange={(value) =>
                Number(value) >= 6 && Number(value) <= 48 && set({ size: Number(value) })
              }
            />
            <NumberInput
              size="xs"
              label={t('halo')}
              min={0}
              max={10}
              value={label.halo ?? 3}
              onChange={(value) =>
                value !== '' && Number(value) <= 10 && set({ halo: Number(value) })
              }
            />
          </div>
          <ScaleRange zooms={label} onChange={set} />
        </>
      )}
    </fieldset>
  )
}

/** How long one has to rest before what was typed is looked at, in milliseconds. */
const REST = 350

function Expression({
  layer,
  style,
  onGood,
  insertable,
}: PartProps & {
  onGood: (text: string) => void
  insertable: { value: string; label: string }[]
}) {
  const { t } = useTranslation('styling')
  const [text, setText] = useState(style.label?.text ?? style.label?.field ?? '')
  const [fault, setFault] = useState('')
  const drawn = style.label?.text

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is done with a good one is no reason to look again
  useEffect(() => {
    if (text === drawn || text.trim() === '') return setFault('')
    const asked = new AbortController()
    const timer = setTimeout(
      () =>
        checkLabel(layer.id, text, asked.signal).then(
          (wrong) => {
            setFault(wrong ?? '')
            if (wrong === null) onGood(text)
          },
          () => undefined,
        ),
      REST,
    )
    return () => {
      clearTimeout(timer)
      asked.abort()
    }
  }, [text, drawn, layer.id])

  return (
    <>
      <Textarea
        mt={6}
        size="xs"
        autosize
        minRows={2}
        maxLength={500}
        label={t('expression')}
        description={t('expressionHelp')}
        value={text}
        error={fault}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <NativeSelect
        mt={4}
        size="xs"
        aria-label={t('insert')}
        value=""
        onChange={(event) => {
          const { value } = event.currentTarget
          setText(text.trim() === '' ? value : `${text} + ${value}`)
        }}
        data={[{ value: '', label: t('insert') }, ...insertable]}
      />
      {text.trim() === '' && (
        <Text size="xs" c="dimmed">
          {t('writeFirst')}
        </Text>
      )}
    </>
  )
}
