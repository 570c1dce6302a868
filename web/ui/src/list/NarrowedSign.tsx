import { ActionIcon, Tooltip } from '@mantine/core'
import { IconFilter, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { page } from '../page/state'

/** Tells that a layer shows only some of its features, opens its list and shows all of them again. */
export default function NarrowedSign({ layer, title }: { layer: string; title: string }) {
  const { t } = useTranslation('selection')
  return (
    <>
      <Tooltip label={t('narrowed')}>
        <ActionIcon
          size="sm"
          variant="light"
          aria-label={t('narrowedOf', { layer: title })}
          onClick={() => page.openList(layer)}
        >
          <IconFilter size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('widen')}>
        <ActionIcon
          size="sm"
          variant="subtle"
          aria-label={t('widenOf', { layer: title })}
          onClick={() => page.widen(layer)}
        >
          <IconX size={14} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}
