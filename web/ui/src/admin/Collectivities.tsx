import { Button, Group, NumberInput, Stack, Table, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { admin, collectivitiesQuery } from '../api/admin'
import { Wrong } from '../design/Wrong'
import { Scrolling } from './Scrolling'
import { useWork } from './useWork'

const LAMBERT_93 = 2154

/** The towns and groups of towns that own records. */
export function Collectivities({ whole }: { whole: boolean }) {
  const { t } = useTranslation()
  const { data: collectivities = [] } = useQuery(collectivitiesQuery)
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [srid, setSrid] = useState(LAMBERT_93)
  const { work, busy, wrong } = useWork()
  const known = collectivities.some((c) => c.code === code)
  const put = () =>
    work(
      () => admin.putCollectivity({ code, name, srid }),
      () => {
        setCode('')
        setName('')
      },
    )
  return (
    <Stack>
      {whole && (
        <Group align="flex-end">
          <TextInput
            label={t('admin.code')}
            value={code}
            maxLength={20}
            onChange={(event) => setCode(event.currentTarget.value.trim())}
          />
          <TextInput
            label={t('admin.name')}
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NumberInput
            label={t('admin.srid')}
            value={srid}
            min={1024}
            max={999999}
            allowDecimal={false}
            hideControls
            onChange={(value) => setSrid(Number(value) || LAMBERT_93)}
          />
          <Button loading={busy} disabled={!code || !name.trim()} onClick={() => void put()}>
            {known ? t('admin.rename') : t('admin.create')}
          </Button>
        </Group>
      )}
      <Wrong lines={wrong} />
      <Scrolling label={t('admin.collectivities')}>
        <Table captionSide="top" striped>
          <Table.Caption>{t('admin.collectivities')}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('admin.code')}</Table.Th>
              <Table.Th>{t('admin.name')}</Table.Th>
              <Table.Th>{t('admin.srid')}</Table.Th>
              {whole && <Table.Th>{t('admin.actions')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {collectivities.map((c) => (
              <Table.Tr key={c.code}>
                <Table.Td>{c.code}</Table.Td>
                <Table.Td>{c.name}</Table.Td>
                <Table.Td>{c.srid}</Table.Td>
                {whole && (
                  <Table.Td>
                    <Group gap="xs">
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={t('admin.changeOne', { name: c.name })}
                        onClick={() => {
                          setCode(c.code)
                          setName(c.name)
                          setSrid(c.srid)
                        }}
                      >
                        {t('admin.change')}
                      </Button>
                      <Button
                        size="compact-sm"
                        color="red"
                        variant="light"
                        aria-label={t('admin.dropOne', { name: c.name })}
                        onClick={() => void work(() => admin.dropCollectivity(c.code))}
                      >
                        {t('admin.drop')}
                      </Button>
                    </Group>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolling>
    </Stack>
  )
}
