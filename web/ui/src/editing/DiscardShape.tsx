import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Asks before a shape that is not saved is thrown away. */
export function DiscardShape({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  const { t } = useTranslation('map')
  return (
    <Modal opened onClose={onKeep} title={t('edit.discard.title')} withCloseButton={false} centered>
      <Text size="sm">{t('edit.discard.text')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onKeep} data-autofocus>
          {t('edit.discard.keep')}
        </Button>
        <Button color="red" onClick={onDiscard}>
          {t('edit.discard.confirm')}
        </Button>
      </Group>
    </Modal>
  )
}
