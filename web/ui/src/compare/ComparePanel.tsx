import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  SegmentedControl,
  Text,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { sinceQuery } from '../api/queries'
import { bookmarksQuery } from '../bookmarks/api'
import { useLayers } from '../layers/useLayers'
import { usePage } from '../page/state'
import { ToolPanel } from '../page/ToolPanel'
import { read } from '../page/url'
import { useSession } from '../session/useSession'
import { localInput, ofLocalInput } from '../time/moments'
import { useLanguage } from '../words/i18n'
import type { Beyond } from './beyond'
import classes from './compare.module.css'

const DAY = 86_400_000
const AGO = [1, 30, 365] as const

const show = (beyond: Beyond) =>
  usePage.setState(({ compare }) => ({ compare: { at: compare?.at ?? 50, beyond } }))

/** Chooses what is drawn right of the line. */
export default function ComparePanel() {
  const { t } = useTranslation('compare')
  const compare = usePage((state) => state.compare)
  const { session } = useSession()
  const { context } = useLayers()
  const signedIn = Boolean(session?.user)
  const visible = context.filter((layer) => layer.visible).map(({ id }) => id)
  const begin = (by: Beyond['by']): Beyond => {
    if (by === 'moment') return { by, moment: new Date(Date.now() - DAY).toISOString() }
    return by === 'layers' ? { by, layers: visible } : { by }
  }
  const known = session !== undefined && context.length > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins once, with what is known then
  useEffect(() => {
    if (known && !compare) show(begin(signedIn ? 'moment' : 'layers'))
  }, [known])
  const beyond = compare?.beyond
  const kinds = (['moment', 'layers', 'style'] as const).filter((by) => by !== 'moment' || signedIn)
  return (
    <ToolPanel title={t('title')} close={t('close')}>
      {beyond && (
        <>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('what')}
            value={beyond.by}
            onChange={(by) => show(begin(by as Beyond['by']))}
            data={kinds.map((by) => ({ value: by, label: t(`by.${by}`) }))}
          />
          <div className={classes.choice}>
            {beyond.by === 'moment' && <MomentChoice moment={beyond.moment} />}
            {beyond.by === 'layers' && <LayersChoice chosen={beyond.layers} />}
            {beyond.by === 'style' && <StyleHint />}
          </div>
        </>
      )}
      <Button
        size="xs"
        variant="default"
        fullWidth
        onClick={() => usePage.setState({ compare: null, tool: null })}
      >
        {t('stop')}
      </Button>
    </ToolPanel>
  )
}

function MomentChoice({ moment }: { moment: string }) {
  const { t } = useTranslation('compare')
  const { data: since } = useQuery(sinceQuery)
  const first = since ? Date.parse(since) : 0
  const go = (time: number) =>
    show({
      by: 'moment',
      moment: new Date(Math.min(Math.max(time, first), Date.now())).toISOString(),
    })
  return (
    <>
      <TextInput
        type="datetime-local"
        size="xs"
        label={t('moment')}
        description={t('momentHelp')}
        value={localInput(Date.parse(moment))}
        onChange={(event) => {
          const time = ofLocalInput(event.currentTarget.value)
          if (time !== null) go(time)
        }}
      />
      <Group gap={6}>
        {AGO.map((days) => (
          <Button
            key={days}
            size="compact-xs"
            variant="default"
            onClick={() => go(Date.now() - days * DAY)}
          >
            {t(`ago.${days}`)}
          </Button>
        ))}
        {since && (
          <Button size="compact-xs" variant="default" onClick={() => go(first)}>
            {t('ago.first')}
          </Button>
        )}
      </Group>
    </>
  )
}

function LayersChoice({ chosen }: { chosen: string[] }) {
  const { t } = useTranslation('compare')
  const language = useLanguage()
  const { layers, context } = useLayers()
  const { data: bookmarks = [] } = useQuery(bookmarksQuery)
  const titles = new Map(layers.map(({ id, title }) => [id, title[language]]))
  return (
    <>
      {bookmarks.length > 0 && (
        <NativeSelect
          size="xs"
          aria-label={t('asIn')}
          value=""
          onChange={(event) => {
            const view = bookmarks.find(({ id }) => String(id) === event.currentTarget.value)?.view
            if (view) show({ by: 'layers', layers: read(view).arrangement.order })
          }}
          data={[
            { value: '', label: t('asIn') },
            ...bookmarks.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      )}
      <Checkbox.Group
        label={t('layers')}
        value={chosen}
        onChange={(ids) => show({ by: 'layers', layers: ids })}
      >
        {context.toReversed().map(({ id }) => (
          <Checkbox key={id} size="xs" mt={4} value={id} label={titles.get(id) ?? id} />
        ))}
      </Checkbox.Group>
    </>
  )
}

function StyleHint() {
  const { t } = useTranslation('compare')
  const { layers, context } = useLayers()
  const visible = new Set(context.filter((layer) => layer.visible).map(({ id }) => id))
  const differ = layers.some(
    ({ id, style, fileStyle }) =>
      visible.has(id) && JSON.stringify(style) !== JSON.stringify(fileStyle),
  )
  return <Text size="xs">{t(differ ? 'styleHelp' : 'styleNone')}</Text>
}
