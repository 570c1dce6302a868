import { NativeSelect, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { useMap } from '../page/MapContext'
import { Part } from '../page/Part'
import { type Preferences, usePreferences } from '../page/state'
import { useFirstMap } from '../page/useFirstMap'
import { useMapView } from '../page/useMapView'
import { ShortcutsButton } from '../shortcuts/ShortcutsButton'
import { useLanguage } from '../words/i18n'
import { scale } from '../words/values'
import classes from './status.module.css'

const BaseMapMenu = lazy(() => import('../basemaps/BaseMapMenu'))
const Coordinates = lazy(() => import('./Coordinates'))

/** Scale, coordinates and background of the map, and whether the page is in step with the server. */
export function StatusBar({ inStep }: { inStep: boolean }) {
  const { t } = useTranslation()
  const shown = useFirstMap() // base maps and coordinates bring large libraries along
  return (
    <footer className={classes.bar}>
      <Scale />
      <Part>{shown && <Coordinates />}</Part>
      <div className={classes.right}>
        <div role="status">
          {!inStep && (
            <Text size="xs" className={classes.offline}>
              <IconPlugConnectedX size={16} aria-hidden /> {t('status.offline')}
            </Text>
          )}
        </div>
        <ShortcutsButton />
        <Part>{shown && <BaseMapMenu />}</Part>
        <Background />
      </div>
    </footer>
  )
}

const SCALES = [200, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000]

function Scale() {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const { center, zoom, scale: now } = useMapView()
  const go = (denominator: number) => map.setView(center, zoom + Math.log2(now / denominator))
  return (
    <NativeSelect
      size="xs"
      variant="unstyled"
      aria-label={t('status.scale')}
      value=""
      onChange={(event) => go(Number(event.currentTarget.value))}
      data={[
        { value: '', label: scale(now, language) },
        ...SCALES.map((each) => ({ value: String(each), label: scale(each, language) })),
      ]}
    />
  )
}

function Background() {
  const { t } = useTranslation()
  const background = usePreferences((state) => state.background)
  return (
    <NativeSelect
      size="xs"
      variant="unstyled"
      aria-label={t('status.background')}
      value={background}
      onChange={(event) =>
        usePreferences.setState({
          background: event.currentTarget.value as Preferences['background'],
        })
      }
      data={[
        { value: 'auto', label: t('status.backgroundAuto') },
        { value: 'light', label: t('status.backgroundLight') },
        { value: 'dark', label: t('status.backgroundDark') },
      ]}
    />
  )
}
