import {
  Alert,
  Anchor,
  Button,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Radio,
  Stack,
  Text,
} from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { JobProgress } from '../jobs/JobProgress'
import { useLayers } from '../layers/useLayers'
import { useMapView } from '../page/useMapView'
import { fileSize } from '../record/files'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import Failure from './Failure'
import { LayerChecks } from './LayerChecks'
import { firstTiles, type TilesChoice, tilesOrder, withLayers, zoomsOf } from './tiles'
import { useExpected, useTiles } from './useTiles'

/** Takes the map along: tiles of layers in one file. */
export default function TilesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('tiles')
  const language = useLanguage()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const { layers: all, context } = useLayers()
  const layers = all.filter(({ actions }) => actions.includes('export'))
  const shown = context.filter(({ visible }) => visible).map(({ id }) => id)
  const [choice, setChoice] = useState<TilesChoice>(() => firstTiles(layers, shown))
  const { extent } = useMapView()
  const work = useTiles()
  const order = tilesOrder(choice, extent)
  const expected = useExpected(order)
  const tooMany = expected.data !== undefined && expected.data.tiles > expected.data.most
  const change = (values: Partial<TilesChoice>) => {
    setChoice({ ...choice, ...values })
    work.forget()
  }
  const [from, to] = zoomsOf(layers.filter(({ id }) => choice.layers.includes(id)))
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      fullScreen={narrow}
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="sm">
        <LayerChecks
          label={t('layers')}
          layers={layers}
          value={choice.layers}
          onChange={(chosen) => change(withLayers(choice, chosen, layers))}
          height={180}
          disabled={work.busy}
        />
        <Radio.Group
          label={t('content')}
          value={choice.own ? 'own' : 'anybody'}
          onChange={(value) => change({ own: value === 'own' })}
        >
          <Stack gap={6} mt={4}>
            <Radio size="xs" value="anybody" label={t('anybody')} disabled={work.busy} />
            <Radio size="xs" value="own" label={t('own')} disabled={work.busy} />
          </Stack>
        </Radio.Group>
        <Radio.Group
          label={t('extent')}
          value={choice.here ? 'here' : 'all'}
          onChange={(value) => change({ here: value === 'here' })}
        >
          <Group gap="md" mt={4}>
            <Radio size="xs" value="all" label={t('all')} disabled={work.busy} />
            <Radio size="xs" value="here" label={t('here')} disabled={work.busy} />
          </Group>
        </Radio.Group>
        <Group grow align="end">
          {([0, 1] as const).map((end) => (
            <NumberInput
              key={end}
              size="xs"
              label={t(`zooms.${end === 0 ? 'first' : 'last'}`)}
              min={end === 0 ? from : choice.zooms[0]}
              max={end === 0 ? choice.zooms[1] : to}
              clampBehavior="strict"
              allowDecimal={false}
              value={choice.zooms[end]}
              disabled={work.busy}
              onChange={(value) => {
                if (typeof value !== 'number') return
                change({ zooms: end === 0 ? [value, choice.zooms[1]] : [choice.zooms[0], value] })
              }}
            />
          ))}
          <NativeSelect
            size="xs"
            label={t('format')}
            value={choice.format}
            disabled={work.busy}
            data={(['pmtiles', 'mbtiles'] as const).map((value) => ({
              value,
              label: t(`formats.${value}`),
            }))}
            onChange={(event) =>
              change({ format: event.currentTarget.value as TilesChoice['format'] })
            }
          />
        </Group>
        <Text size="xs" c="dimmed">
          {t(`uses.${choice.format}`)}
        </Text>
        {tooMany ? (
          <Alert color="yellow" p="xs" role="status">
            {t('tooMany', {
              number: count(expected.data?.tiles ?? 0, language),
              most: count(expected.data?.most ?? 0, language),
            })}
          </Alert>
        ) : (
          <Text size="xs" role="status">
            {choice.layers.length === 0
              ? t('noLayer')
              : expected.current && expected.data
                ? t('expected', {
                    count: expected.data.tiles,
                    number: count(expected.data.tiles, language),
                  })
                : expected.error
                  ? ''
                  : t('counting')}
          </Text>
        )}
        {work.job && work.busy ? (
          <>
            <JobProgress job={work.job} onStop={work.stop} />
            <Text size="xs" c="dimmed">
              {t('goesOn')}
            </Text>
          </>
        ) : (
          <Button
            onClick={() => work.order(order)}
            loading={work.busy}
            disabled={choice.layers.length === 0 || tooMany || expected.error !== null}
          >
            {t('make')}
          </Button>
        )}
        <Failure job={work.job} refusal={work.refusal ?? expected.error} />
        {work.outcome && (
          <Text size="sm" role="status">
            {t('done', {
              count: work.outcome.tiles,
              number: count(work.outcome.tiles, language),
            })}{' '}
            <Anchor component="button" type="button" size="sm" onClick={work.again}>
              {t('again', { size: fileSize(work.outcome.size, language) })}
            </Anchor>
          </Text>
        )}
      </Stack>
    </Modal>
  )
}
