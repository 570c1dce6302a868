import { IconBookmarks } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MapButton } from '../page/MapButton'
import { page, usePage } from '../page/state'

export function BookmarksButton() {
  const { t } = useTranslation()
  const open = usePage(({ tool }) => tool === 'bookmarks')
  return (
    <MapButton label={t('map.bookmarks')} pressed={open} onClick={() => page.toggle('bookmarks')}>
      <IconBookmarks size={18} />
    </MapButton>
  )
}
