import {
  Alert,
  Button,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconTable } from '@tabler/icons-react'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayerInfo, Register } from '../api/model'
import { Part } from '../page/Part'
import { page, usePage } from '../page/state'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { asProposed, type DrawnLayer, withMoved } from './arrangement'
import { LayerRow } from './LayerRow'
import classes from './layers.module.css'
import { useLayers } from './useLayers'

const ExternalLayers = lazy(() => import('../external/ExternalLayers'))

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
      {!isPending && (
        <Part>
          <ExternalLayers />
        </Part>
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
  const { registers } = useLayers()
  const applications = Map.groupBy(registers, ({ application }) => application.id)
  return [...applications].map(([id, all]) => (
    <Application
      key={id}
      id={id}
      layers={layers.filter(({ application }) => application.id === id)}
      registers={all}
      context={context}
    />
  ))
}

/** An application folds; it opens by itself while the map shows something of it. */
function Application({
  id,
  layers,
  registers,
  context,
}: {
  id: string
  layers: LayerInfo[]
  registers: Register[]
  context: DrawnLayer[]
}) {
  const language = useLanguage()
  const shown = context.some(
    ({ id, visible }) => visible && layers.some((layer) => layer.id === id),
  )
  const [folded, setFolded] = useState<boolean | null>(null)
  const open = !(folded ?? !shown)
  const Icon = open ? IconChevronDown : IconChevronRight
  return (
    <section aria-labelledby={`app-${id}`}>
      <h3 className={classes.application}>
        <UnstyledButton
          id={`app-${id}`}
          className={classes.fold}
          aria-expanded={open}
          onClick={() => setFolded(open)}
        >
          <Icon size={14} aria-hidden /> {registers[0]?.application.title[language]}
        </UnstyledButton>
      </h3>
      {open && (
        <>
          <Rows layers={layers} context={context} />
          <Registers registers={registers} />
        </>
      )}
    </section>
  )
}

/** What has no place on the map: records of their own, and tables to choose from. */
function Registers({ registers }: { registers: Register[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const own = registers.filter(({ kind, geometry }) => kind === 'main' && geometry === null)
  const references = registers.filter(({ kind }) => kind === 'reference')
  return [
    { title: t('layers.registers'), all: own },
    { title: t('layers.references'), all: references },
  ].map(
    ({ title, all }) =>
      all.length > 0 && (
        <div key={title}>
          <Text component="h4" className={classes.registers}>
            {title}
          </Text>
          <ul className={classes.rows}>
            {all.map((register) => (
              <li key={register.id}>
                <UnstyledButton
                  className={classes.register}
                  onClick={() => page.openList(register.id)}
                >
                  <IconTable size={16} aria-hidden /> {register.title[language]}
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </div>
      ),
  )
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
