import { NativeSelect, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Coordinate } from '../map/api'
import { useMap } from '../page/MapContext'
import { usePreferences } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import { DMS, systemOf, WGS84 } from './crs'
import { written } from './projection'
import classes from './status.module.css'
import { useSystems } from './useSystems'

/** Where the pointer is, else the middle of the map. */
export default function Coordinates() {
  const { t } = useTranslation('places')
  const language = useLanguage()
  const map = useMap()
  const { center } = useMapView()
  const systems = useSystems()
  const crs = usePreferences((state) => state.crs)
  const [pointer, setPointer] = useState<Coordinate | null>(null)
  useEffect(() => map.on('pointer', ({ coordinate }) => setPointer(coordinate)), [map])
  return (
    <div className={classes.coordinates}>
      <NativeSelect
        size="xs"
        variant="unstyled"
        aria-label={t('crs')}
        value={crs === DMS ? DMS : systemOf(crs, systems).code}
        onChange={(event) => usePreferences.setState({ crs: event.currentTarget.value })}
        data={systems.flatMap(({ code, name }) => [
          { value: code, label: `${name} (${code})` },
          ...(code === WGS84.code ? [{ value: DMS, label: t('dms', { name }) }] : []),
        ])}
      />
      <Text size="xs" component="output" className={classes.numbers} aria-live="off">
        {written(pointer ?? center, crs, systems, language)}
      </Text>
    </div>
  )
}
