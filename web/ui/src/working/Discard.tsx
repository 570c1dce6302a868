import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Asks once before all steps are lost. */
export function Discard({
  steps,
  onClose,
  onDiscard,
}: {
  steps: number
  onClose: () => void
  onDiscard: () => void
}) {
  const { t } = useTranslation('working')
  return (
    <Modal opened onClose={onClose} title={t('discardAsk.title')} withCloseButton={false} centered>
      <Text size="sm">{t('discardAsk.text', { count: steps })}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('discardAsk.keep')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            onClose()
            onDiscard()
          }}
        >
          {t('discardAsk.confirm')}
        </Button>
      </Group>
    </Modal>
  )
}
