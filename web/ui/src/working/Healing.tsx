import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Question } from './api'
import type { Operation } from './model'

/** Asks what becomes of what a node or an edge that goes leaves behind. */
export function Healing({
  question: { about, count, plain, healed },
  onAnswer,
}: {
  question: Question
  onAnswer: (operation: Operation | null) => void
}) {
  const { t } = useTranslation('network')
  const node = about === 'node'
  return (
    <Modal
      opened
      onClose={() => onAnswer(null)}
      title={node ? t('ask.node') : t('ask.edges', { count })}
      withCloseButton={false}
      centered
    >
      <Text size="sm">{node ? t('ask.meet', { count }) : t('ask.ends')}</Text>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={() => onAnswer(null)}>
          {t('ask.keep')}
        </Button>
        <Button
          color={node ? 'red' : undefined}
          variant={node ? 'filled' : 'default'}
          onClick={() => onAnswer(plain)}
          data-autofocus={healed === null || undefined}
        >
          {node ? t('ask.with', { count }) : t('ask.leave')}
        </Button>
        {healed && (
          <Button onClick={() => onAnswer(healed)} data-autofocus>
            {node ? t('ask.join') : t('ask.heal')}
          </Button>
        )}
      </Group>
    </Modal>
  )
}
