import { Button, CloseButton, Group, NativeSelect, Paper, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fitType } from '../editing/geometry'
import { useLayers } from '../layers/useLayers'
import type { Geometry, LayerInfo } from '../map/api'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { Told } from './api'
import classes from './external.module.css'

/** What the services of others tell of a place. */
export function Answers({ told, onClose }: { told: Told[]; onClose: () => void }) {
  const { t } = useTranslation('external')
  const language = useLanguage()
  return (
    <Paper
      component="section"
      className={classes.answers}
      aria-label={t('answers')}
      withBorder
      shadow="sm"
    >
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Text size="sm" fw={600} component="h2">
          {t('answers')}
        </Text>
        <CloseButton size="sm" aria-label={t('close')} onClick={onClose} />
      </Group>
      {told.map(({ layer, tables, text, shape, failed }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: answers have no names and come all at once
        <div key={i} className={classes.answer}>
          <Text size="xs" fw={600} component="h3">
            {layer.title[language]}
          </Text>
          {failed && <Text size="xs">{t('failed')}</Text>}
          {text && <pre className={classes.text}>{text}</pre>}
          {tables.map((rows, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <Table key={k} fz="xs" verticalSpacing={2} horizontalSpacing={4}>
              <Table.Tbody>
                {rows.map(([name, value]) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row">{name}</Table.Th>
                    <Table.Td>{value}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          ))}
          {shape && <Copy shape={shape} onCopied={onClose} />}
          {layer.attribution && (
            <Text size="xs" c="dimmed">
              {layer.attribution}
            </Text>
          )}
        </div>
      ))}
    </Paper>
  )
}

/** Begins a record of one of our layers with a shape of others. */
function Copy({ shape, onCopied }: { shape: Geometry; onCopied: () => void }) {
  const { t } = useTranslation('external')
  const language = useLanguage()
  const map = useMap()
  const { layers } = useLayers()
  const [chosen, setChosen] = useState('')
  const fit = layers.filter(
    ({ editableIn, geometry }) =>
      editableIn.length > 0 &&
      (geometry.type === 'Geometry' || fitType(shape, geometry.type).type === geometry.type),
  )
  const layer = fit.find(({ id }) => id === chosen) ?? fit[0]
  if (!layer) return null
  function copy(into: LayerInfo) {
    map.edit.restore(into, {
      layer: into.id,
      original: null,
      geometry: fitType(shape, into.geometry.type),
    })
    onCopied()
  }
  return (
    <Group gap={6} wrap="nowrap" my={4}>
      <NativeSelect
        flex={1}
        size="xs"
        aria-label={t('copyInto')}
        value={layer.id}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={fit.map(({ id, title }) => ({ value: id, label: title[language] }))}
      />
      <Button size="xs" variant="default" onClick={() => copy(layer)}>
        {t('copy')}
      </Button>
    </Group>
  )
}
