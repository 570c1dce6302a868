import { IconNote } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MapButton } from '../page/MapButton'
import { page, usePage } from '../page/state'

export function NotesButton() {
  const { t } = useTranslation()
  const open = usePage(({ tool }) => tool === 'notes')
  return (
    <MapButton label={t('map.notes')} pressed={open} onClick={() => page.toggle('notes')}>
      <IconNote size={18} />
    </MapButton>
  )
}
