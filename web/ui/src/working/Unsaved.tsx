import { Button, Group, Paper, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useEditState } from '../editing/useEditState'
import type { LayerInfo, MapController } from '../map/api'
import { focusMap } from '../map/focus'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { workingApi } from './model'
import { boxOfAll } from './places'
import { useWaiting } from './waiting'

/** Working sets that were left, after a reload too: offered at once. */
export default function Unsaved({ layers }: { layers: LayerInfo[] }) {
  const { t } = useTranslation('working')
  const language = useLanguage()
  const map = useMap()
  const { data = [] } = useQuery({
    queryKey: ['working'],
    queryFn: workingApi.list,
    staleTime: 0,
    gcTime: 0,
  })
  // While a shape is drawn it would lie on the map that one draws on.
  const waiting = useWaiting(({ layers }) => layers)
  const { mode } = useEditState(map.edit)
  if (mode !== 'idle') return null
  const left = new Map(data.map(({ layer, done }) => [layer, done]))
  for (const [layer, { wishes }] of Object.entries(waiting)) {
    left.set(layer, (left.get(layer) ?? 0) + wishes.filter((wish) => 'operation' in wish).length)
  }
  return [...left].map(([id, count]) => {
    const layer = layers.find((each) => each.id === id)
    if (!layer || count === 0) return null
    return (
      <Paper key={id} component="section" aria-label={t('unsaved.title')} p={6} mt={6} withBorder>
        <Group gap="sm">
          <Text size="sm">{t('unsaved.text', { count, layer: layer.title[language] })}</Text>
          <Button size="compact-sm" onClick={() => void goOn(map, layer)}>
            {t('unsaved.go')}
          </Button>
        </Group>
      </Paper>
    )
  })
}

/** Opens the set, and shows where it is when the map is elsewhere. */
async function goOn(map: MapController, layer: LayerInfo): Promise<void> {
  focusMap()
  await map.working.start(layer, [])
  const { working } = map.working.state
  const box = working && boxOfAll(working.features.flatMap(({ before, after }) => [before, after]))
  const [minx, miny, maxx, maxy] = map.view().extent
  if (box && (box[0] > maxx || box[2] < minx || box[1] > maxy || box[3] < miny)) map.fit(box)
}
