import { Alert, Badge, Button, Skeleton, Stack, Tabs } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import { relatedQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import { Part } from '../page/Part'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { RecordBody } from './RecordBody'
import { RecordHead } from './RecordHead'
import classes from './record.module.css'
import { childTab, tabOf } from './tabs'
import { useRecordKeys } from './useRecordKeys'
import type { Save } from './useSave'
import type { Subject } from './useSubject'

const History = lazy(() => import('./History'))
const Files = lazy(() => import('./Files'))
const Children = lazy(() => import('./Children'))
const ConflictDialog = lazy(() => import('./ConflictDialog'))

export default function RecordPanel({ subject, save }: { subject: Subject; save: Save }) {
  const { id } = subject
  useRecordKeys(subject)
  return (
    <section className={classes.panel} aria-labelledby="record-title">
      <RecordHead subject={subject} />
      {save.clash && id ? (
        <Part fallback={<Loading />}>
          <ConflictDialog subject={subject} save={save} clash={save.clash} />
        </Part>
      ) : id ? (
        <Parts subject={subject} id={id} save={save} />
      ) : (
        <div className={classes.body}>
          <RecordBody subject={subject} save={save} />
        </div>
      )}
    </section>
  )
}

/** The form, what belongs to the record, its files and its history; each is fetched when it opens. */
function Parts({ subject, id, save }: { subject: Subject; id: string; save: Save }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { layer, feature } = subject
  const { registers } = useLayers()
  const tab = tabOf(
    usePage((state) => state.tab),
    layer,
  )
  const now = usePage((state) => state.moment === null)
  const children = layer.children.filter((child) => registers.some(({ id }) => id === child.layer))
  const { data: related } = useQuery({
    ...relatedQuery({ layer: layer.id, id }),
    enabled: feature !== undefined && (children.length > 0 || layer.documents !== null),
  })
  const countOf = (layer: string, field: string) =>
    related?.children.find((each) => each.layer === layer && each.field === field)?.count
  return (
    <Tabs
      className={classes.tabs}
      value={tab}
      onChange={(value) => usePage.setState({ tab: value ?? 'form', entry: null })}
      keepMounted={false}
    >
      <Tabs.List px={4} className={classes.tabList}>
        <Tabs.Tab value="form">{t('record.form')}</Tabs.Tab>
        {children.map((child) => (
          <Tabs.Tab
            key={childTab(child)}
            value={childTab(child)}
            rightSection={<Count of={countOf(child.layer, child.field)} />}
          >
            {child.title[language]}
          </Tabs.Tab>
        ))}
        {layer.documents && now && (
          <Tabs.Tab value="files" rightSection={<Count of={related?.documents} />}>
            {t('files.name')}
          </Tabs.Tab>
        )}
        <Tabs.Tab value="history">{t('record.history')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="form" className={classes.body}>
        {subject.error ? (
          <Missing subject={subject} />
        ) : feature ? (
          <RecordBody key={`${layer.id}/${id}`} subject={subject} save={save} />
        ) : (
          <Loading />
        )}
      </Tabs.Panel>
      {children.map((child) => (
        <Panel key={childTab(child)} name={childTab(child)}>
          <Children parent={{ layer: layer.id, id }} child={child} feature={feature} />
        </Panel>
      ))}
      <Panel name="files">
        <Files layer={layer} id={id} feature={feature} />
      </Panel>
      <Panel name="history">
        <History layer={layer} id={id} feature={feature} />
      </Panel>
    </Tabs>
  )
}

function Panel({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Tabs.Panel value={name} className={classes.body}>
      <Part fallback={<Loading />}>{children}</Part>
    </Tabs.Panel>
  )
}

function Count({ of }: { of: number | undefined }) {
  const language = useLanguage()
  if (!of) return null
  return (
    <Badge size="sm" variant="default" circle={of < 10}>
      {new Intl.NumberFormat(language).format(of)}
    </Badge>
  )
}

/** What is not there, or no longer: its history may bring it back. */
function Missing({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const status = subject.error instanceof Refusal ? subject.error.status : 500
  if (status === 404 || status === 403 || status === 401) {
    return (
      <Alert m="sm" color="yellow" title={t('record.gone.title')}>
        <Stack gap="xs" align="start">
          {t('record.gone.text')}
          {status === 404 && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconHistory size={16} aria-hidden />}
              onClick={() => usePage.setState({ tab: 'history' })}
            >
              {t('record.gone.history')}
            </Button>
          )}
        </Stack>
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
