import { Anchor, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { BackdropSession } from './api'
import classes from './basemaps.module.css'
import { useBaseMap } from './useBaseMap'

/** Shows the base map that is chosen, and whose it is. */
export default function Backdrop() {
  const { t } = useTranslation('basemaps')
  const language = useLanguage()
  const page = useMap()
  const { maps, map, opacity } = useBaseMap()
  const [session, setSession] = useState<BackdropSession | null>(null)
  const some = maps.length > 0
  useEffect(() => {
    if (some) void page.backdrop().then(setSession)
  }, [page, some])
  useEffect(() => session?.show(map), [session, map])
  useEffect(() => session?.setOpacity(opacity), [session, opacity])
  useEffect(
    () =>
      session?.onSilent(({ id, title }) =>
        notifications.show({
          id: `silent-${id}`,
          color: 'yellow',
          message: t('silent', { map: title[language] }),
          autoClose: 10_000,
        }),
      ),
    [session, t, language],
  )
  if (!map) return null
  const words = map.attribution[language]
  return (
    <Text size="xs" component="p" className={classes.attribution}>
      {map.link ? (
        <Anchor
          href={map.link}
          target="_blank"
          rel="noreferrer"
          inherit
          title={map.licence?.[language]}
        >
          {words}
        </Anchor>
      ) : (
        words
      )}
    </Text>
  )
}
