import { Button, Group, NumberInput, Stack, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { admin, tokensQuery } from '../api/admin'
import { Wrong } from '../design/Wrong'
import { Once } from './Once'
import { Scrolling } from './Scrolling'
import { useDay } from './useDay'
import { useWork } from './useWork'

/** With tokens programs act as a person: one's own, or with all those of the people one administers. */
export function Tokens({ all }: { all: boolean }) {
  const { t } = useTranslation()
  const day = useDay()
  const { data: tokens = [] } = useQuery(tokensQuery(all))
  const [name, setName] = useState('')
  const [days, setDays] = useState(365)
  const [made, setMade] = useState('')
  const { work, busy, wrong } = useWork()
  const create = () =>
    work(
      () => admin.createToken(name, days),
      (token) => {
        setMade(token)
        setName('')
      },
    )
  return (
    <Stack>
      <Text size="sm">{t('tokens.help')}</Text>
      <Group align="flex-end">
        <TextInput
          label={t('tokens.name')}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label={t('tokens.days')}
          value={days}
          min={1}
          max={3650}
          allowDecimal={false}
          onChange={(value) => setDays(Number(value) || 1)}
          hideControls
        />
        <Button loading={busy} disabled={name.trim() === ''} onClick={() => void create()}>
          {t('tokens.create')}
        </Button>
      </Group>
      {made && <Once label={t('tokens.once')} secret={made} />}
      <Wrong lines={wrong} />
      <Scrolling label={t('tokens.title')}>
        <Table captionSide="top" striped>
          <Table.Caption>
            {tokens.length === 0 ? t('tokens.none') : t('tokens.title')}
          </Table.Caption>
          {tokens.length > 0 && (
            <>
              <Table.Thead>
                <Table.Tr>
                  {all && <Table.Th>{t('admin.login')}</Table.Th>}
                  <Table.Th>{t('tokens.name')}</Table.Th>
                  <Table.Th>{t('tokens.created')}</Table.Th>
                  <Table.Th>{t('tokens.expires')}</Table.Th>
                  <Table.Th>{t('tokens.used')}</Table.Th>
                  <Table.Th>{t('admin.actions')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {tokens.map((token) => (
                  <Table.Tr key={token.id}>
                    {all && <Table.Td>{token.login}</Table.Td>}
                    <Table.Td>{token.name}</Table.Td>
                    <Table.Td>{day(token.createdAt)}</Table.Td>
                    <Table.Td>
                      {token.expiresAt ? day(token.expiresAt) : t('tokens.never')}
                    </Table.Td>
                    <Table.Td>{token.usedAt ? day(token.usedAt) : t('tokens.unused')}</Table.Td>
                    <Table.Td>
                      <Button
                        size="compact-sm"
                        color="red"
                        variant="light"
                        aria-label={t('tokens.revokeOne', { name: token.name })}
                        onClick={() => void work(() => admin.revokeToken(token.id))}
                      >
                        {t('tokens.revoke')}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </>
          )}
        </Table>
      </Scrolling>
    </Stack>
  )
}
