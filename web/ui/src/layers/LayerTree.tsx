import { Alert, Button, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayerInfo } from '../api/model'
import { page, usePage } from '../page/state'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { asProposed, type DrawnLayer, withMoved } from './arrangement'
import { LayerRow } from './LayerRow'
import classes from './layers.module.css'
import { useLayers } from './useLayers'

/** Applications and their layers, topmost first, as a map's legend reads. */
export function LayerTree() {
  const { t } = useTranslation()
  const { layers, context, isPending, error, refetch } = useLayers()
  const arranged = usePage((state) => state.arrangement !== asProposed)
  return (
    <div className={classes.tree}>
      <Group justify="space-between" mih={30} px={4}>
        <Title order={2} size="h5">
          {t('layers.title')}
        </Title>
        {arranged && (
          <Button size="compact-xs" variant="subtle" onClick={() => page.arrange(() => asProposed)}>
            {t('layers.reset')}
          </Button>
        )}
      </Group>
      {isPending ? (
        <Stack gap="xs" mt="sm" role="status" aria-label={t('loading')}>
          {[60, 80, 70, 75, 50].map((width) => (
            <Skeleton key={width} height={22} width={`${width}%`} />
          ))}
        </Stack>
      ) : error ? (
        <Alert color="red" title={t('layers.unread')}>
          <Button size="xs" variant="default" onClick={() => void refetch()}>
            {t('retry')}
          </Button>
        </Alert>
      ) : layers.length === 0 ? (
        <NoLayers />
      ) : (
        <Applications layers={layers} context={context} />
      )}
    </div>
  )
}

function NoLayers() {
  const { t } = useTranslation()
  const { session } = useSession()
  return (
    <Alert title={t('layers.none')}>
      {session?.user ? (
        t('layers.noneForYou')
      ) : (
        <Button size="xs" onClick={() => usePage.setState({ dialog: 'signIn' })}>
          {t('session.signIn')}
        </Button>
      )}
    </Alert>
  )
}

function Applications({ layers, context }: { layers: LayerInfo[]; context: DrawnLayer[] }) {
  const language = useLanguage()
  const applications = Map.groupBy(layers, ({ application }) => application.id)
  return [...applications].map(([id, own]) => (
    <section key={id} aria-labelledby={`app-${id}`}>
      <Text component="h3" id={`app-${id}`} className={classes.application}>
        {own[0]?.application.title[language]}
      </Text>
      <Rows layers={own} context={context} />
    </section>
  ))
}

function Rows({ layers, context }: { layers: LayerInfo[]; context: DrawnLayer[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [dragged, setDragged] = useState<string | null>(null)
  const [told, setTold] = useState('')
  const byId = new Map(layers.map((layer) => [layer.id, layer]))
  const rows = context
    .toReversed()
    .flatMap((drawn) => ({ drawn, layer: byId.get(drawn.id) }))
    .filter((row): row is { drawn: DrawnLayer; layer: LayerInfo } => row.layer !== undefined)

  function move(id: string, to: number) {
    const from = rows.findIndex((row) => row.layer.id === id)
    const other = rows[to]
    if (!other || from < 0 || from === to) return
    const place = to < from ? 'above' : 'below'
    page.arrange((arrangement) => withMoved(arrangement, context, id, place, other.layer.id))
    setTold(
      t('layers.moved', {
        layer: byId.get(id)?.title[language],
        place: to + 1,
        count: rows.length,
      }),
    )
  }

  return (
    <>
      <ul className={classes.rows}>
        {rows.map(({ layer, drawn }, i) => (
          <LayerRow
            key={layer.id}
            layer={layer}
            drawn={drawn}
            onMove={(step) => move(layer.id, i + step)}
            first={i === 0}
            last={i === rows.length - 1}
            dragging={dragged === layer.id}
            onDragStart={() => setDragged(layer.id)}
            onDragOver={() => dragged && move(dragged, i)}
            onDragEnd={() => setDragged(null)}
          />
        ))}
      </ul>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </>
  )
}
