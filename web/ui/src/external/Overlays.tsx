import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditState } from '../editing/useEditState'
import type { Coordinate } from '../map/api'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { useWorking } from '../working/useWorking'
import { Answers } from './Answers'
import type { OverlaysSession, Told } from './api'
import { useSeen } from './seen'
import { useExternal } from './useExternal'

/** Shows the layers of others on the map, and what they tell of a place that is clicked. */
export default function Overlays() {
  const { t } = useTranslation('external')
  const language = useLanguage()
  const map = useMap()
  const { external, context } = useExternal()
  const [session, setSession] = useState<OverlaysSession | null>(null)
  const [told, setTold] = useState<Told[]>([])
  const some = context.some(({ visible }) => visible)
  const editing = useEditState(map.edit).mode !== 'idle'
  const working = useWorking(map.working).layer !== null
  useEffect(() => {
    if (some) void map.overlays().then(setSession)
  }, [map, some])
  useEffect(() => session?.show(external, context), [session, external, context])
  useEffect(
    () => session?.onFeatures(({ id, ...seen }) => useSeen.setState({ [id]: seen })),
    [session],
  )
  useEffect(
    () =>
      session?.onSilent(({ id, service }) =>
        notifications.show({
          id: `silent-${id}`,
          color: 'yellow',
          message: t('silent', { service: service[language] }),
          autoClose: 10_000,
        }),
      ),
    [session, t, language],
  )
  useEffect(() => {
    let last: Coordinate | null = null
    return map.on('identify', ({ coordinate }) => {
      if (!session) return
      last = coordinate
      setTold([])
      void session.tell(coordinate).then((answers) => last === coordinate && setTold(answers))
    })
  }, [map, session])
  if (told.length === 0 || editing || working) return null
  return <Answers told={told} onClose={() => setTold([])} />
}
