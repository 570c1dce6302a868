import { Alert, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Scrolling } from '../admin/Scrolling'
import { mapsQuery } from '../basemaps/api'
import { useLanguage } from '../words/i18n'
import { external, type RegisteredService, servicesQuery } from './api'
import { ServiceForm } from './ServiceForm'

/** The map services of others that people may look at. */
export function ServicesAdmin() {
  const { t } = useTranslation('external')
  const queries = useQueryClient()
  const { data, error } = useQuery(servicesQuery)
  const [adding, setAdding] = useState(false)
  const changed = () => {
    void queries.invalidateQueries(servicesQuery)
    void queries.invalidateQueries(mapsQuery)
  }
  const drop = useMutation({ mutationFn: external.drop, onSuccess: changed })
  const wrong = error ?? drop.error
  const services = data?.services ?? []
  return (
    <Stack mt="xl">
      <div>
        <Title order={3} size="h5">
          {t('title')}
        </Title>
        <Text size="sm">{t('admin.help')}</Text>
      </div>
      {wrong && <Alert color="red">{wrong.message}</Alert>}
      {services.length > 0 && (
        <Scrolling label={t('title')}>
          <Table miw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('admin.name')}</Table.Th>
                <Table.Th>{t('admin.address')}</Table.Th>
                <Table.Th>{t('admin.layers')}</Table.Th>
                <Table.Th>{t('admin.seenBy')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {services.map((service) => (
                <ServiceRow
                  key={service.id}
                  service={service}
                  busy={drop.isPending}
                  onDrop={() => drop.mutate(service.id)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Scrolling>
      )}
      {adding ? (
        <ServiceForm
          taken={services.map(({ id }) => id)}
          onDone={(saved) => {
            setAdding(false)
            if (saved) changed()
          }}
        />
      ) : (
        <Group>
          <Button size="xs" onClick={() => setAdding(true)}>
            {t('admin.add')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function ServiceRow({
  service: { title, kind, url, layers, attribution, public: open },
  busy,
  onDrop,
}: {
  service: RegisteredService
  busy: boolean
  onDrop: () => void
}) {
  const { t } = useTranslation('external')
  const language = useLanguage()
  const [asked, setAsked] = useState(false)
  return (
    <Table.Tr>
      <Table.Td>
        {title[language]}
        <Text size="xs" c="dimmed">
          {kind.toUpperCase()} {attribution && `· ${attribution}`}
        </Text>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{url}</Table.Td>
      <Table.Td>{layers.map((layer) => layer.title?.[language] ?? layer.name).join(', ')}</Table.Td>
      <Table.Td>{t(open ? 'admin.everybody' : 'admin.members')}</Table.Td>
      <Table.Td>
        {asked ? (
          <Group gap="xs" wrap="nowrap">
            <Button size="compact-xs" color="red" disabled={busy} onClick={onDrop}>
              {t('admin.drop')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setAsked(false)}>
              {t('admin.cancel')}
            </Button>
          </Group>
        ) : (
          <Button size="compact-xs" color="red" variant="light" onClick={() => setAsked(true)}>
            {t('admin.drop')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
