import { SegmentedControl, Slider, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Categories } from './Categories'
import { Classes } from './Classes'
import { OptionalColour } from './ColourInput'
import { divideByClass, divideByValue } from './divide'
import { alphaOf, asSingle, type Mode, modeOf, withFillAlpha } from './edits'
import { drawable, numeric, type PartProps } from './part'
import classes from './styling.module.css'

/** What colours tell: one for all, one for each value, one for each class. */
export function Colours(props: PartProps) {
  const { layer, style, shape, change } = props
  const { t } = useTranslation('styling')
  const queries = useQueryClient()
  const [fault, setFault] = useState('')
  const numbers = numeric(layer)
  const mode = modeOf(style)

  async function divide(next: Mode) {
    setFault('')
    if (next === 'single') return change(asSingle(style))
    try {
      const division = next === 'value' ? divideByValue : divideByClass
      change(await division(queries, props))
    } catch (error) {
      setFault((error as Error).message)
    }
  }

  return (
    <fieldset className={classes.section}>
      <legend>{t('colours')}</legend>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('colours')}
        value={mode}
        onChange={(value) => void divide(value as Mode)}
        data={[
          { value: 'single', label: t('mode.single') },
          { value: 'value', label: t('mode.value'), disabled: drawable(layer).length === 0 },
          { value: 'class', label: t('mode.class'), disabled: numbers.length === 0 },
        ]}
      />
      {fault && (
        <Text size="xs" c="red" role="alert" mt={4}>
          {fault}
        </Text>
      )}
      {mode === 'value' && <Categories {...props} />}
      {mode === 'class' && <Classes {...props} />}
      {mode === 'single' && shape !== 'line' && (
        <OptionalColour
          label={t('fill')}
          value={style.fill}
          first="#74c0fc"
          onChange={(fill) => change({ ...style, fill })}
        />
      )}
      {shape !== 'line' && (mode !== 'single' || style.fill) && (
        <div className={classes.row}>
          <Text size="xs">{t('fillOpacity')}</Text>
          <Slider
            size="sm"
            w={150}
            min={0}
            max={100}
            step={5}
            value={Math.round(alphaOf(style, shape) * 100)}
            onChange={(percent) => change(withFillAlpha(style, percent / 100))}
            label={(percent) => `${percent} %`}
            thumbLabel={t('fillOpacity')}
          />
        </div>
      )}
    </fieldset>
  )
}
