import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Feature, Register } from '../api/model'
import { useLanguage } from '../words/i18n'
import type { Save } from './useSave'

interface Props {
  layer: Register
  feature: Feature
  save: Save
  onClose: () => void
}

/** Asks once before a delete, in words that say what will be lost. */
export default function DeleteDialog({ layer, feature, save, onClose }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('record.delete.title', { label: feature.label })}
      centered
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Text size="sm">
        {t('record.delete.text', { label: feature.label, layer: layer.title[language] })}
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button
          color="red"
          loading={save.saving}
          onClick={() => void save.remove(feature).then(onClose)}
        >
          {t('record.delete.confirm')}
        </Button>
      </Group>
    </Modal>
  )
}
