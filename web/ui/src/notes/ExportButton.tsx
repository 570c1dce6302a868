import { ActionIcon, Tooltip } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Content } from './editor'
import { collectionOf, fileName } from './geojson'

/** Writes a sheet to a GeoJSON file. */
export function ExportButton({ content }: { content: Content }) {
  const { t } = useTranslation('notes')
  function write() {
    const text = JSON.stringify(collectionOf(content.title, content.notes))
    const url = URL.createObjectURL(new Blob([text], { type: 'application/geo+json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = fileName(content.title)
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Tooltip label={t('export')}>
      <ActionIcon variant="subtle" color="gray" aria-label={t('export')} onClick={write}>
        <IconDownload size={18} />
      </ActionIcon>
    </Tooltip>
  )
}
