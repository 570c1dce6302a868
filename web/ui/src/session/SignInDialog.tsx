import { Alert, Anchor, Button, Modal, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePage } from '../page/state'
import { useReason } from './useReason'
import { useSession } from './useSession'

export default function SignInDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { session, signIn } = useSession()
  const reason = useReason()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    try {
      await signIn(login, password)
      onClose()
    } catch (refusal) {
      setFailure(reason(refusal, t('session.wrong')))
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('session.signIn')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          {failure && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <TextInput
            label={t('session.login')}
            autoComplete="username"
            required
            data-autofocus
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('session.password')}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
          />
          <Button type="submit" loading={busy}>
            {t('session.signIn')}
          </Button>
          {session?.provider && (
            <Button
              component="a"
              variant="default"
              href={`/api/session/oidc?next=${encodeURIComponent(location.pathname + location.search)}`}
            >
              {t('session.elsewhere', { provider: session.provider })}
            </Button>
          )}
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => usePage.setState({ dialog: 'forgot' })}
          >
            {t('session.forgot')}
          </Anchor>
        </Stack>
      </form>
    </Modal>
  )
}
