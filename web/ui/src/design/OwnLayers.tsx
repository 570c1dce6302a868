import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { designsQuery } from '../api/queries'
import { fieldOf, newField } from './draft'
import { FieldRow } from './FieldRow'
import { LayerFileForm } from './LayerFileForm'
import { nameOf } from './names'
import { useSubmit } from './useSubmit'
import { Wrong } from './Wrong'

/** The layers made in the page: their files, further fields, and taking them away. */
export function OwnLayers() {
  const { t } = useTranslation()
  const { data } = useQuery(designsQuery)
  const [chosen, setChosen] = useState('')
  if (!data) return null
  const layer = data.layers.find(({ id }) => id === chosen) ?? data.layers[0]
  return (
    <Stack>
      {data.faults.map(({ file, message }) => (
        <Alert key={file} color="red" title={t('design.leftOut', { file })}>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
            {message}
          </Text>
        </Alert>
      ))}
      {layer ? (
        <>
          <NativeSelect
            label={t('design.layer')}
            value={layer.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={data.layers.map(({ id }) => id)}
          />
          <LayerFileForm key={layer.id + layer.file} file={layer.file} />
          {layer.id.startsWith('own.') && <NewField key={`${layer.id}+`} layer={layer.id} />}
          <Drop key={`${layer.id}-`} layer={layer.id} />
        </>
      ) : (
        <Text>{t('design.nothing')}</Text>
      )}
    </Stack>
  )
}

function NewField({ layer }: { layer: string }) {
  const { t } = useTranslation()
  const [field, setField] = useState(newField(1))
  const { submit, busy, wrong } = useSubmit()
  const add = () =>
    submit(
      () => api.addField(layer, fieldOf(field)),
      () => setField(newField(field.key + 1)),
    )
  return (
    <Stack gap="xs">
      <Text component="h3" fw={600} size="sm">
        {t('design.addField')}
      </Text>
      <FieldRow field={field} number={1} onChange={setField} />
      <Wrong lines={wrong} />
      <Group>
        <Button
          size="xs"
          variant="default"
          loading={busy}
          disabled={nameOf(field.label) === ''}
          onClick={() => void add()}
        >
          {t('design.addField')}
        </Button>
      </Group>
    </Stack>
  )
}

function Drop({ layer }: { layer: string }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const { submit, busy, wrong } = useSubmit()
  if (!asked) {
    return (
      <Group>
        <Button size="xs" color="red" variant="light" onClick={() => setAsked(true)}>
          {t('design.drop')}
        </Button>
      </Group>
    )
  }
  return (
    <Alert color="red" title={t('design.dropAsk', { layer })}>
      <Stack gap="xs">
        <Text size="sm">{t('design.dropHelp')}</Text>
        <Wrong lines={wrong} />
        <Group>
          <Button
            size="xs"
            color="red"
            loading={busy}
            onClick={() =>
              void submit(
                () => api.dropDesign(layer),
                () => undefined,
              )
            }
          >
            {t('design.drop')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsked(false)}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
