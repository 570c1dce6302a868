import { Alert, Anchor, Button, Group, Stack, Switch, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Scrolling } from '../admin/Scrolling'
import { useLanguage } from '../words/i18n'
import { type BaseMapChoice, baseMapsQuery, enableBaseMap } from './api'

/** Which base maps people may choose. */
export function BaseMapAdmin() {
  const { t } = useTranslation('basemaps')
  const queries = useQueryClient()
  const { data, error } = useQuery(baseMapsQuery)
  const {
    mutate,
    isPending,
    isSuccess,
    error: refused,
  } = useMutation({
    mutationFn: ({ id, on }: { id: string; on: boolean | null }) => enableBaseMap(id, on),
    onSuccess: () => queries.invalidateQueries(baseMapsQuery),
  })
  const wrong = error ?? refused
  return (
    <Stack>
      <div>
        <Title order={3} size="h5">
          {t('title')}
        </Title>
        <Text size="sm">{t('admin.help')}</Text>
      </div>
      {wrong && <Alert color="red">{wrong.message}</Alert>}
      {data?.fault && (
        <Alert color="red" title={t('admin.fault')}>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
            {data.fault}
          </Text>
        </Alert>
      )}
      {data && data.baseMaps.length === 0 && <Text size="sm">{t('admin.none')}</Text>}
      {data && data.baseMaps.length > 0 && (
        <Scrolling label={t('title')}>
          <Table miw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('admin.offered')}</Table.Th>
                <Table.Th>{t('admin.from')}</Table.Th>
                <Table.Th>{t('admin.terms')}</Table.Th>
                <Table.Th>{t('admin.decided')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.baseMaps.map((map) => (
                <BaseMapRow
                  key={map.id}
                  map={map}
                  busy={isPending}
                  onSwitch={(on) => mutate({ id: map.id, on })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Scrolling>
      )}
      {isSuccess && (
        <Alert title={t('admin.reload')}>
          <Button size="xs" variant="default" onClick={() => location.reload()}>
            {t('admin.reloadNow')}
          </Button>
        </Alert>
      )}
    </Stack>
  )
}

function BaseMapRow({
  map,
  busy,
  onSwitch,
}: {
  map: BaseMapChoice
  busy: boolean
  onSwitch: (on: boolean | null) => void
}) {
  const { t } = useTranslation('basemaps')
  const language = useLanguage()
  const { title, attribution, licence, link, host, enabled, chosen, inFile } = map
  return (
    <Table.Tr>
      <Table.Td>
        <Switch
          checked={enabled}
          disabled={busy}
          label={title[language]}
          onChange={(event) => onSwitch(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>{host.replace(/^https?:\/\//, '')}</Table.Td>
      <Table.Td>
        {attribution[language]}
        {licence && (
          <Text size="xs" c="dimmed">
            {link ? (
              <Anchor href={link} target="_blank" rel="noreferrer" inherit>
                {licence[language]}
              </Anchor>
            ) : (
              licence[language]
            )}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          {chosen ? t('admin.here') : t('admin.file')}
          {chosen && (
            <Button
              size="compact-xs"
              variant="default"
              disabled={busy}
              onClick={() => onSwitch(null)}
            >
              {t(inFile ? 'admin.backOn' : 'admin.backOff')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
