import {
  Button,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Account,
  type AccountChange,
  admin,
  type Collectivity,
  type Profile,
} from '../api/admin'
import { Wrong } from '../design/Wrong'
import { useLanguage } from '../words/i18n'
import { Once } from './Once'
import { useWork } from './useWork'

interface Props {
  /** null: a new one. */
  account: Account | null
  /** The administrator is one of the whole server. */
  whole: boolean
  collectivities: Collectivity[]
  profiles: Profile[]
  onBack: () => void
}

/** One account: who it is, what it may do where, and the ways to shut it out or let it in again. */
export function Person({ account, whole, collectivities, profiles, onBack }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [login, setLogin] = useState('')
  const [name, setName] = useState(account?.name ?? '')
  const [email, setEmail] = useState(account?.email ?? '')
  const [server, setServer] = useState(account?.admin ?? false)
  const [disabled, setDisabled] = useState(account?.disabled ?? false)
  const [memberships, setMemberships] = useState<Record<string, string>>(account?.memberships ?? {})
  const [password, setPassword] = useState('')
  const { work, busy, wrong } = useWork()
  const own = account === null || account.whole

  function submit(event: FormEvent) {
    event.preventDefault()
    const change: AccountChange = {
      memberships,
      ...(own && { name, email, disabled }),
      ...(whole && { admin: server }),
    }
    void work(
      () =>
        account ? admin.changeAccount(account.id, change) : admin.createAccount(login, change),
      onBack,
    )
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text component="h2" fw={600}>
          {account?.login ?? t('admin.newPerson')}
        </Text>
        {!own && <Text size="sm">{t('admin.elsewhere')}</Text>}
        {!account && (
          <TextInput
            label={t('admin.login')}
            required
            maxLength={64}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
        )}
        <Group grow>
          <TextInput
            label={t('admin.name')}
            disabled={!own}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('admin.email')}
            type="email"
            disabled={!own}
            description={account ? undefined : t('admin.emailHelp')}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        </Group>
        <Fieldset legend={t('admin.memberships')}>
          {collectivities.map(({ code, name }) => (
            <NativeSelect
              key={code}
              label={`${name} (${code})`}
              value={memberships[code] ?? ''}
              onChange={(event) =>
                setMemberships({ ...memberships, [code]: event.currentTarget.value })
              }
              data={[
                { value: '', label: t('admin.noProfile') },
                ...profiles
                  .filter(({ id }) => id !== 'public')
                  .map(({ id, title }) => ({ value: id, label: title[language] || id })),
              ]}
            />
          ))}
          {collectivities.length === 0 && <Text size="sm">{t('admin.noCollectivity')}</Text>}
        </Fieldset>
        {whole && (
          <Switch
            label={t('admin.whole')}
            checked={server}
            onChange={(event) => setServer(event.currentTarget.checked)}
          />
        )}
        {account && own && (
          <Switch
            label={t('admin.disable')}
            checked={disabled}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
        )}
        {password && <Once label={t('admin.passwordOnce')} secret={password} />}
        <Wrong lines={wrong} />
        <Group>
          <Button type="submit" loading={busy}>
            {account ? t('admin.save') : t('admin.create')}
          </Button>
          <Button variant="default" onClick={onBack}>
            {t('admin.back')}
          </Button>
          {account && own && (
            <Button
              variant="light"
              color="red"
              onClick={() => void work(() => admin.newPassword(account.id), setPassword)}
            >
              {t('admin.newPassword')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
