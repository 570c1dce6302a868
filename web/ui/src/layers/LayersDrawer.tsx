import { Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import LayerTree from './LayerTree'

/** The layers over the map, on a narrow screen. */
export default function LayersDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened
      onClose={onClose}
      size="min(22rem, 88vw)"
      padding={0}
      title="Arpent"
      closeButtonProps={{ 'aria-label': t('close') }}
      styles={{ header: { padding: '4px 12px', minHeight: 0 } }}
    >
      <LayerTree />
    </Drawer>
  )
}
