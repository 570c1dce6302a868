import { NumberInput, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { lengthText } from '../editing/quantity'
import type { MagnetState, PenState } from './api'
import { turn } from './numbers'
import { useDrawingSettings } from './settings'

/** What is known of the gesture under way: the side that follows the pointer, what it snaps to. */
export function Live({
  pen,
  magnet,
  language,
}: {
  pen: PenState | null
  magnet: MagnetState
  language: string
}) {
  const { t } = useTranslation('drawing')
  const sides = useDrawingSettings((settings) => settings.sides)
  const { side, placed = [], figure } = pen ?? {}
  const degrees = (angle: number) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: 'degree',
      unitDisplay: 'narrow',
      maximumFractionDigits: 1,
    }).format(angle)
  return (
    <>
      {figure && <Text size="xs">{t(`hint.${figure}`)}</Text>}
      {figure === 'regular' && (
        <NumberInput
          size="xs"
          w={70}
          aria-label={t('sides')}
          min={3}
          max={60}
          allowDecimal={false}
          clampBehavior="strict"
          value={sides}
          onChange={(value) => {
            const whole = Number(value)
            if (whole >= 3 && whole <= 60) useDrawingSettings.setState({ sides: whole })
          }}
        />
      )}
      {side && side.length > 0.001 && (
        <Text size="xs">
          {t('measure.side')} <b>{lengthText(side.length, language)}</b>, {t('measure.azimuth')}{' '}
          <b>{degrees(side.azimuth)}</b>
          {placed.length > 1 && (
            <>
              , {t('measure.turn')} <b>{degrees(turn(placed.slice(-2), side.azimuth))}</b>
            </>
          )}
        </Text>
      )}
      {magnet.on && (
        <Text size="xs" fw={600} c="var(--mantine-color-pink-9)">
          {t(`snap.${magnet.on}`)}
        </Text>
      )}
      {magnet.picking && <Text size="xs">{t('pickEdge')}</Text>}
      {magnet.way && (
        <Text size="xs" c={magnet.way === 'none' ? 'orange.9' : undefined}>
          {t(`way.${magnet.way}`)}
        </Text>
      )}
    </>
  )
}
