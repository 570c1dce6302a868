import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { Extent, FeatureRef, Hit } from '../map/api'
import { tellKept } from '../record/Kept'
import { afterLayout } from './afterLayout'
import { useMap } from './MapContext'
import { page, type Way } from './state'

/** Selects a feature, unless a shape not yet saved would be lost by it. */
export function useSelect() {
  const map = useMap()
  const { t } = useTranslation()
  return (
    ref: FeatureRef | null,
    { hits, fit, ...way }: { hits?: Hit[]; fit?: Extent } & Way = {},
  ) => {
    if (map.edit.state.dirty) {
      notifications.show({ id: 'editing', color: 'yellow', message: t('record.finishShapeFirst') })
      return false
    }
    map.edit.cancel()
    tellKept(ref && { layer: ref.layer, id: ref.id })
    page.select(ref, hits, way)
    if (fit) afterLayout(() => map.fit(fit, { maxZoom: 18 }))
    return true
  }
}
