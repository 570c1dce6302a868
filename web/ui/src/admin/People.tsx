import { Badge, Button, Group, Stack, Table, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Account, accountsQuery, collectivitiesQuery, profilesQuery } from '../api/admin'
import { useLanguage } from '../words/i18n'
import { Person } from './Person'
import { Scrolling } from './Scrolling'

/** The accounts that the administrator keeps. */
export function People({ whole }: { whole: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: collectivities = [] } = useQuery(collectivitiesQuery)
  const { data: rights } = useQuery(profilesQuery)
  const [text, setText] = useState('')
  const [open, setOpen] = useState<Account | 'new' | null>(null)
  if (!rights) return null
  if (open) {
    return (
      <Person
        account={open === 'new' ? null : open}
        whole={whole}
        collectivities={collectivities}
        profiles={rights.profiles}
        onBack={() => setOpen(null)}
      />
    )
  }
  const words = text.trim().toLowerCase()
  const shown = accounts.filter(({ login, name, email }) =>
    `${login} ${name} ${email}`.toLowerCase().includes(words),
  )
  const titleOf = (id: string) => rights.profiles.find((p) => p.id === id)?.title[language] ?? id
  return (
    <Stack>
      <Group align="flex-end">
        <TextInput
          label={t('admin.find')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button onClick={() => setOpen('new')}>{t('admin.newPerson')}</Button>
      </Group>
      <Scrolling label={t('admin.people')}>
        <Table captionSide="top" striped>
          <Table.Caption>{t('admin.count', { count: shown.length })}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('admin.login')}</Table.Th>
              <Table.Th>{t('admin.name')}</Table.Th>
              <Table.Th>{t('admin.email')}</Table.Th>
              <Table.Th>{t('admin.profiles')}</Table.Th>
              <Table.Th>{t('admin.actions')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((account) => (
              <Table.Tr key={account.id}>
                <Table.Td>
                  {account.login}{' '}
                  {account.disabled && (
                    <Badge color="gray" autoContrast>
                      {t('admin.disabled')}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>{account.name}</Table.Td>
                <Table.Td>{account.email}</Table.Td>
                <Table.Td>
                  {[
                    ...(account.admin ? [t('admin.whole')] : []),
                    ...Object.entries(account.memberships).map(
                      ([code, profile]) => `${code}: ${titleOf(profile)}`,
                    ),
                  ].join(', ')}
                </Table.Td>
                <Table.Td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('admin.changeOne', { name: account.login })}
                    onClick={() => setOpen(account)}
                  >
                    {t('admin.change')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolling>
    </Stack>
  )
}
