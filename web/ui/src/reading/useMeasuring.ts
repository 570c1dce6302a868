import { useQueries } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { heightsQuery } from '../api/queries'
import { useEditState } from '../editing/useEditState'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { useWorking } from '../working/useWorking'
import type { MeasuringSession } from './api'
import { type Height, labelsOf } from './figures'
import { measures as actions, useMeasures } from './measures'

/** Keeps the map at what is measured; answers the heights of the vertices of each measure. */
export function useMeasuring(): { heights: Height[][]; barred: boolean } {
  const map = useMap()
  const language = useLanguage()
  const { kind, measures } = useMeasures()
  const working = useWorking(map.working).layer !== null
  // While shapes are edited a click means the shape.
  const barred = useEditState(map.edit).mode !== 'idle' || working
  const [session, setSession] = useState<MeasuringSession | null>(null)
  const heights = useQueries({
    queries: measures.map(({ places }) => heightsQuery(places)),
    combine: (results) => results.map(({ data }) => data ?? []),
  })
  const shown = useMemo(
    () =>
      measures.map((measure, i) => ({
        measure,
        labels: labelsOf(measure, heights[i] ?? [], language),
      })),
    [measures, heights, language],
  )
  useEffect(() => {
    let gone = false
    void map.measuring().then((ready) => !gone && setSession(ready))
    return () => {
      gone = true
    }
  }, [map])
  useEffect(() => session?.onDrawn(actions.add), [session])
  useEffect(() => session?.onLeft(() => actions.use(null)), [session])
  useEffect(
    () => session?.show(shown, (sketch) => labelsOf(sketch, [], language)),
    [session, shown, language],
  )
  useEffect(() => {
    session?.use(barred ? null : kind)
    return () => session?.use(null)
  }, [session, kind, barred])
  return { heights, barred }
}
