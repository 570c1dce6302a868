import { Modal, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FromTable } from './FromTable'
import { NewLayer } from './NewLayer'
import { OwnLayers } from './OwnLayers'

/** Where administrators make layers: designed here, found in a table, or written as a file. */
export default function DesignDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('design.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Tabs defaultValue="new" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="new">{t('design.new')}</Tabs.Tab>
          <Tabs.Tab value="table">{t('design.table')}</Tabs.Tab>
          <Tabs.Tab value="own">{t('design.own')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="new">
          <NewLayer onDone={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="table">
          <FromTable onDone={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="own">
          <OwnLayers />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  )
}
