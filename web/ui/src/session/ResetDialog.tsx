import { Alert, Button, Modal, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { usePage } from '../page/state'
import { arrival } from './useArrival'
import { useReason } from './useReason'

/** Chooses another password by the link of a mail, then signs in. */
export default function ResetDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const [next, setNext] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    try {
      await api.resetPassword(arrival.reset, next)
      arrival.reset = ''
      notifications.show({ color: 'green', message: t('session.passwordChanged') })
      usePage.setState({ dialog: 'signIn' })
    } catch (refusal) {
      setFailure(reason(refusal, t('session.failed')))
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('session.choose')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          {failure && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <PasswordInput
            label={t('session.newPassword')}
            description={t('session.passwordRule')}
            autoComplete="new-password"
            required
            data-autofocus
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
          />
          <Button type="submit" loading={busy}>
            {t('session.changePassword')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
