import { ActionIcon, Popover, Tooltip } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { sessionQuery } from '../api/queries'
import type { ListState } from '../list/state'
import ExportForm from './ExportForm'
import { useExport } from './useExport'

/** Writes the rows of a list into a file, for who is signed in and may. */
export default function ExportButton({ layer, list }: { layer: Register; list: ListState }) {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery)
  const work = useExport(layer.id)
  if (!session?.user || !layer.actions.includes('export')) return null
  return (
    <Popover withArrow shadow="md" position="bottom-end" width={290} trapFocus withRoles={false}>
      <Popover.Target>
        <Tooltip label={t('export.open')}>
          <ActionIcon
            variant="subtle"
            aria-label={t('export.open')}
            aria-haspopup="dialog"
            loading={work.busy}
          >
            <IconDownload size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('export.open')}>
        <ExportForm layer={layer} list={list} work={work} />
      </Popover.Dropdown>
    </Popover>
  )
}
