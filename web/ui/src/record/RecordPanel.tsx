import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Group,
  NativeSelect,
  Skeleton,
  Stack,
  Tabs,
  Text,
  Title,
  Tooltip,
} from '@mantine/core'
import { IconBasket, IconHistory, IconListDetails, IconX } from '@tabler/icons-react'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import { basket, holds, useBasket } from '../basket/basket'
import { areaText, lengthText } from '../editing/quantity'
import { useLayers } from '../layers/useLayers'
import { Part } from '../page/Part'
import { type PageState, usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { RecordBody } from './RecordBody'
import classes from './record.module.css'
import type { Save } from './useSave'
import type { Subject } from './useSubject'

const History = lazy(() => import('./History'))
const ConflictDialog = lazy(() => import('./ConflictDialog'))

export default function RecordPanel({ subject, save }: { subject: Subject; save: Save }) {
  const { t } = useTranslation()
  const tab = usePage((state) => state.tab)
  const { layer, id, feature } = subject
  return (
    <section className={classes.panel} aria-labelledby="record-title">
      <Head subject={subject} />
      {save.clash && id ? (
        <Part fallback={<Loading />}>
          <ConflictDialog subject={subject} save={save} clash={save.clash} />
        </Part>
      ) : (
        <Tabs
          className={classes.tabs}
          value={id ? tab : 'form'}
          onChange={(value) => usePage.setState({ tab: (value ?? 'form') as PageState['tab'] })}
          keepMounted={false}
        >
          {id && (
            <Tabs.List px="sm">
              <Tabs.Tab value="form" leftSection={<IconListDetails size={16} aria-hidden />}>
                {t('record.form')}
              </Tabs.Tab>
              <Tabs.Tab value="history" leftSection={<IconHistory size={16} aria-hidden />}>
                {t('record.history')}
              </Tabs.Tab>
            </Tabs.List>
          )}
          <Tabs.Panel value="form" className={classes.body}>
            {subject.error ? (
              <Missing subject={subject} />
            ) : id && !feature ? (
              <Loading />
            ) : (
              <RecordBody key={`${layer.id}/${id}`} subject={subject} save={save} />
            )}
          </Tabs.Panel>
          {id && (
            <Tabs.Panel value="history" className={classes.body}>
              <Part fallback={<Loading />}>
                <History layer={layer} id={id} />
              </Part>
            </Tabs.Panel>
          )}
        </Tabs>
      )}
    </section>
  )
}

function Head({ subject: { layer, id, feature } }: { subject: Subject }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const select = useSelect()
  return (
    <header className={classes.head}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <div className={classes.title}>
          <Text size="xs" c="dimmed">
            {layer.title[language]}
          </Text>
          <Title order={2} size="h4" id="record-title">
            {id ? (feature?.label ?? id) : t('record.new')}
          </Title>
        </div>
        <Group gap={4} wrap="nowrap">
          {id && layer.geometry && <Pick layer={layer.id} id={id} label={feature?.label ?? id} />}
          <ActionIcon variant="subtle" aria-label={t('record.close')} onClick={() => select(null)}>
            <IconX size={18} />
          </ActionIcon>
        </Group>
      </Group>
      {feature && (feature.area || feature.length || feature.collectivity) && (
        <Group gap={6} mt={4}>
          {Boolean(feature.area) && (
            <Fact name={t('record.area')}>{areaText(feature.area ?? 0, language)}</Fact>
          )}
          {Boolean(feature.length) && (
            <Fact name={feature.area ? t('record.perimeter') : t('record.length')}>
              {lengthText(feature.length ?? 0, language)}
            </Fact>
          )}
        </Group>
      )}
      <Stacked />
    </header>
  )
}

/** Puts the record in the basket, or takes it out. */
function Pick({ layer, id, label }: { layer: string; id: string; label: string }) {
  const { t } = useTranslation()
  const picked = useBasket((held) => holds(held, { layer, id }))
  const words = picked ? t('basket.takeOut') : t('basket.putIn')
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant={picked ? 'filled' : 'subtle'}
        aria-label={words}
        aria-pressed={picked}
        onClick={() => basket.toggle({ layer, id }, label)}
      >
        <IconBasket size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <Badge variant="default" radius="sm" tt="none" fw={500} size="lg">
      {name} {children}
    </Badge>
  )
}

/** The other things under the last click. */
function Stacked() {
  const { t } = useTranslation()
  const language = useLanguage()
  const select = useSelect()
  const { layers } = useLayers()
  const hits = usePage((state) => state.hits)
  const selected = usePage((state) => state.selected)
  const at = hits.findIndex((hit) => hit.layer === selected?.layer && hit.id === selected.id)
  if (hits.length < 2 || at < 0) return null
  const title = (layer: string) => layers.find(({ id }) => id === layer)?.title[language] ?? layer
  return (
    <NativeSelect
      mt={6}
      size="xs"
      label={t('record.under', { count: hits.length })}
      value={at}
      onChange={(event) => select(hits[Number(event.currentTarget.value)] ?? null, { hits })}
      data={hits.map((hit, i) => ({
        value: String(i),
        label: `${title(hit.layer)} – ${hit.label}`,
      }))}
    />
  )
}

function Missing({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const status = subject.error instanceof Refusal ? subject.error.status : 500
  if (status === 404 || status === 403 || status === 401) {
    return (
      <Alert m="sm" color="yellow" title={t('record.gone.title')}>
        {t('record.gone.text')}
      </Alert>
    )
  }
  return (
    <Alert m="sm" color="red" title={t('record.unread')}>
      <Button size="xs" variant="default" onClick={subject.retry}>
        {t('retry')}
      </Button>
    </Alert>
  )
}

function Loading() {
  const { t } = useTranslation()
  return (
    <Stack p="sm" gap="xs" role="status" aria-label={t('loading')}>
      {[70, 90, 50, 80, 60].map((width) => (
        <Skeleton key={width} height={28} width={`${width}%`} />
      ))}
    </Stack>
  )
}
