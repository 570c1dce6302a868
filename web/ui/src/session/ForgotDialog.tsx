import { Alert, Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { useReason } from './useReason'

/** Asks for a link to choose another password. What it says does not tell whether there is an account. */
export default function ForgotDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const [name, setName] = useState('')
  const [asked, setAsked] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    try {
      await api.requestReset(name.trim())
      setAsked(true)
    } catch (refusal) {
      setFailure(reason(refusal, t('session.failed')))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('session.forgot')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {asked ? (
        <Text role="status">{t('session.asked')}</Text>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {failure && (
              <Alert color="red" role="alert">
                {failure}
              </Alert>
            )}
            <TextInput
              label={t('session.loginOrMail')}
              description={t('session.forgotHelp')}
              autoComplete="username"
              required
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" loading={busy} disabled={name.trim() === ''}>
              {t('session.ask')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
