import { NativeSelect, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Coordinate } from '../map/api'
import { useMap } from '../page/MapContext'
import { usePreferences } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import { type Crs, choices, names } from './crs'
import { written } from './projection'
import classes from './status.module.css'

/** Where the pointer is, else the middle of the map. */
export default function Coordinates() {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const { center } = useMapView()
  const crs = usePreferences((state) => state.crs)
  const [pointer, setPointer] = useState<Coordinate | null>(null)
  useEffect(() => map.on('pointer', ({ coordinate }) => setPointer(coordinate)), [map])
  return (
    <div className={classes.coordinates}>
      <NativeSelect
        size="xs"
        variant="unstyled"
        aria-label={t('status.crs')}
        value={crs}
        onChange={(event) => usePreferences.setState({ crs: event.currentTarget.value as Crs })}
        data={choices.map((each) => ({ value: each, label: `${names[each]} (${each})` }))}
      />
      <Text size="xs" component="output" className={classes.numbers} aria-live="off">
        {written(pointer ?? center, crs, language)}
      </Text>
    </div>
  )
}
