import { Checkbox, NativeSelect, NumberInput, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PointSymbol, StyleSize } from '../map/api'
import { FORMS } from '../map/symbol'
import { useLanguage } from '../words/i18n'
import { OptionalColour } from './ColourInput'
import { classesQuery } from './divide'
import { DASHES, type Dash, dashOf } from './edits'
import { numeric, type PartProps } from './part'
import classes from './styling.module.css'

const SYMBOLS = ['circle', ...Object.keys(FORMS)] as PointSymbol[]

/** Lines and borders; shapes and sizes of points. */
export function Symbols(props: PartProps) {
  const { style, shape, change } = props
  const { t } = useTranslation('styling')
  const byColour = style.by || style.classes
  const dash = dashOf(style.dash)
  const lines = t(shape === 'line' ? 'line' : 'border')
  return (
    <fieldset className={classes.section}>
      <legend>{shape === 'point' ? t('symbols') : lines}</legend>
      {shape === 'point' && (
        <div className={classes.pair}>
          <NativeSelect
            size="xs"
            label={t('symbol')}
            value={style.symbol ?? 'circle'}
            onChange={(event) =>
              change({ ...style, symbol: event.currentTarget.value as PointSymbol })
            }
            data={SYMBOLS.map((each) => ({ value: each, label: t(`symbolNames.${each}`) }))}
          />
          <NumberInput
            size="xs"
            label={t('radius')}
            min={0.5}
            max={50}
            step={0.5}
            value={style.radius ?? 5}
            onChange={(value) => Number(value) > 0 && change({ ...style, radius: Number(value) })}
          />
        </div>
      )}
      {!(shape === 'line' && byColour) && (
        <OptionalColour
          label={t('lineColour')}
          value={style.stroke}
          first="#495057"
          onChange={(stroke) => change({ ...style, stroke })}
        />
      )}
      <div className={classes.pair}>
        <NumberInput
          size="xs"
          label={t('width')}
          min={0.1}
          max={50}
          step={0.5}
          value={style.width ?? 1}
          onChange={(value) => Number(value) > 0 && change({ ...style, width: Number(value) })}
        />
        {shape !== 'point' && (
          <NativeSelect
            size="xs"
            label={t('dash')}
            value={dash}
            onChange={(event) =>
              change({ ...style, dash: DASHES[event.currentTarget.value as Dash] })
            }
            data={[
              ...Object.keys(DASHES).map((each) => ({ value: each, label: t(`dashes.${each}`) })),
              ...(dash in DASHES ? [] : [{ value: dash, label: dash }]),
            ]}
          />
        )}
      </div>
      {shape === 'line' && (
        <Checkbox
          mt={8}
          size="xs"
          label={t('arrow')}
          checked={style.arrow ?? false}
          onChange={(event) =>
            change({ ...style, arrow: event.currentTarget.checked || undefined })
          }
        />
      )}
      {shape === 'point' && <Size {...props} />}
    </fieldset>
  )
}

/** Points that grow with a number. */
function Size({ layer, style, change }: PartProps) {
  const { t } = useTranslation('styling')
  const language = useLanguage()
  const queries = useQueryClient()
  const [fault, setFault] = useState('')
  const numbers = numeric(layer)
  const { size } = style
  if (numbers.length === 0) return null

  async function by(field: string) {
    setFault('')
    try {
      const { breaks } = await queries.fetchQuery(classesQuery(layer.id, field, 'equal', 1))
      const [from = 0, to = from] = breaks
      const { minRadius, maxRadius } = size ?? { minRadius: 3, maxRadius: 16 }
      change({ ...style, size: { field, from, to, minRadius, maxRadius } })
    } catch (error) {
      setFault((error as Error).message)
    }
  }
  const set = (part: Partial<StyleSize>) => size && change({ ...style, size: { ...size, ...part } })
  return (
    <>
      <Checkbox
        mt={8}
        size="xs"
        label={t('sizeBy')}
        checked={size !== undefined}
        onChange={(event) =>
          event.currentTarget.checked
            ? void by(numbers[0]?.name ?? '')
            : change({ ...style, size: undefined })
        }
      />
      {fault && (
        <Text size="xs" c="red" role="alert">
          {fault}
        </Text>
      )}
      {size && (
        <>
          <NativeSelect
            size="xs"
            label={t('field')}
            value={size.field}
            onChange={(event) => void by(event.currentTarget.value)}
            data={numbers.map(({ name, label }) => ({ value: name, label: label[language] }))}
          />
          <div className={classes.pair}>
            <NumberInput
              size="xs"
              label={t('smallest')}
              min={0}
              max={size.maxRadius}
              clampBehavior="strict"
              value={size.minRadius}
              onChange={(value) => value !== '' && set({ minRadius: Number(value) })}
            />
            <NumberInput
              size="xs"
              label={t('largest')}
              min={size.minRadius}
              max={50}
              value={size.maxRadius}
              onChange={(value) =>
                Number(value) >= size.minRadius &&
                Number(value) <= 50 &&
                set({ maxRadius: Number(value) })
              }
            />
          </div>
        </>
      )}
    </>
  )
}
