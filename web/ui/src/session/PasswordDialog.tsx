import { Alert, Button, Modal, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { useReason } from './useReason'

export default function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    try {
      await api.changePassword(current, next)
      notifications.show({ color: 'green', message: t('session.passwordChanged') })
      onClose()
    } catch (refusal) {
      setFailure(reason(refusal, t('session.passwordRefused')))
      setBusy(false)
    }
  }

  const toggle = { 'aria-label': t('session.showPassword') }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('session.changePassword')}
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
            label={t('session.currentPassword')}
            autoComplete="current-password"
            required
            data-autofocus
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={toggle}
          />
          <PasswordInput
            label={t('session.newPassword')}
            autoComplete="new-password"
            required
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            visibilityToggleButtonProps={toggle}
          />
          <Button type="submit" loading={busy}>
            {t('session.changePassword')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
