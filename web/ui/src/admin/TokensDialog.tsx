import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Tokens } from './Tokens'

/** One's own tokens, for everybody. */
export default function TokensDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('tokens.own')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Tokens all={false} />
    </Modal>
  )
}
