import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { featuresQuery } from '../api/queries'
import { usePreferences } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'

/** How many records a layer has, in view or in all, as one likes to see them. */
export default function RowCount({ layer }: { layer: string }) {
  const { t } = useTranslation('tree')
  const language = useLanguage()
  const which = usePreferences((state) => state.counts)
  const { extent } = useMapView()
  const bbox = which === 'view' ? extent.map((side) => side.toFixed(1)).join() : undefined
  const { data } = useQuery({
    ...featuresQuery(layer, { limit: 1, bbox }),
    enabled: which !== 'none',
  })
  if (which === 'none' || !data) return null
  const number = `${data.exact ? '' : '≈ '}${count(data.total, language)}`
  return (
    <Text size="xs" c="dimmed" title={t(`countsOf.${which}`)}>
      {number}
    </Text>
  )
}
