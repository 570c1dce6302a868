import { IconLayersDifference } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MapButton } from '../page/MapButton'
import { page, usePage } from '../page/state'

export function CompareButton() {
  const { t } = useTranslation()
  const open = usePage(({ tool }) => tool === 'compare')
  return (
    <MapButton label={t('map.compare')} pressed={open} onClick={() => page.toggle('compare')}>
      <IconLayersDifference size={18} />
    </MapButton>
  )
}
