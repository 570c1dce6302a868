import {
  Alert,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import { freeName, nameOf } from '../design/names'
import { useLanguage } from '../words/i18n'
import { external, type Kind, type Offered, type OfferedLayer } from './api'
import classes from './external.module.css'

const KINDS: Kind[] = ['wms', 'wmts', 'wfs']
/** More layers than these are found by their names only. */
const LISTED = 60

/** Asks a service what it offers, then which of its layers people may see. */
export function ServiceForm({
  taken,
  onDone,
}: {
  taken: string[]
  onDone: (saved: boolean) => void
}) {
  const { t } = useTranslation('external')
  const [url, setUrl] = useState('')
  const [kind, setKind] = useState<Kind | ''>('')
  const inspect = useMutation({ mutationFn: () => external.inspect(url, kind || undefined) })
  function ask(event: FormEvent) {
    event.preventDefault()
    inspect.mutate()
  }
  return (
    <Fieldset legend={t('admin.add')}>
      <form onSubmit={ask}>
        <Stack gap="sm">
          <Group align="end">
            <TextInput
              flex={1}
              miw={260}
              required
              type="url"
              label={t('admin.address')}
              placeholder="https://…/wms"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
            <NativeSelect
              label={t('admin.kind')}
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value as Kind | '')}
              data={[
                { value: '', label: t('admin.anyKind') },
                ...KINDS.map((each) => ({ value: each, label: each.toUpperCase() })),
              ]}
            />
            <Button type="submit" variant="default" loading={inspect.isPending}>
              {t('admin.read')}
            </Button>
            <Button variant="subtle" onClick={() => onDone(false)}>
              {t('admin.cancel')}
            </Button>
          </Group>
          <Wrong error={inspect.error} />
        </Stack>
      </form>
      {inspect.data && (
        <Choose
          key={`${inspect.data.kind} ${inspect.data.url}`}
          offered={inspect.data}
          taken={taken}
          onDone={onDone}
        />
      )}
    </Fieldset>
  )
}

function Choose({
  offered,
  taken,
  onDone,
}: {
  offered: Offered
  taken: string[]
  onDone: (saved: boolean) => void
}) {
  const { t } = useTranslation('external')
  const [title, setTitle] = useState(offered.title)
  const [attribution, setAttribution] = useState(offered.attribution)
  const [open, setOpen] = useState(false)
  const [sought, setSought] = useState('')
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const save = useMutation({
    mutationFn: () =>
      external.put({
        id: freeName(title, taken),
        url: offered.url,
        kind: offered.kind,
        title: { fr: title, en: title },
        attribution,
        public: open,
        layers: Object.entries(chosen).map(([name, style]) => ({
          name,
          style: style || undefined,
        })),
      }),
    onSuccess: () => onDone(true),
  })
  const words = sought.trim().toLowerCase()
  const found = offered.layers.filter(
    (layer) => layer.name in chosen || `${layer.title} ${layer.name}`.toLowerCase().includes(words),
  )
  const count = Object.keys(chosen).length
  return (
    <Stack gap="sm" mt="md">
      <Text size="sm">
        {t('admin.offers', {
          kind: offered.kind.toUpperCase(),
          version: offered.version,
          count: offered.layers.length,
        })}
      </Text>
      <Group grow>
        <TextInput
          required
          label={t('admin.name')}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label={t('admin.attribution')}
          value={attribution}
          onChange={(event) => setAttribution(event.currentTarget.value)}
        />
      </Group>
      <TextInput
        type="search"
        label={t('admin.seek')}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <Stack gap={6} className={classes.chosen} role="group" aria-label={t('admin.layers')}>
        {found.slice(0, LISTED).map((layer) => (
          <LayerChoice
            key={layer.name}
            layer={layer}
            style={chosen[layer.name]}
            onChoose={(style) =>
              setChosen(({ [layer.name]: _, ...others }) =>
                style === undefined ? others : { ...others, [layer.name]: style },
              )
            }
          />
        ))}
        {found.length > LISTED && (
          <Text size="xs" c="dimmed">
            {t('admin.others', { count: found.length - LISTED })}
          </Text>
        )}
      </Stack>
      <Checkbox
        label={t('admin.public')}
        checked={open}
        onChange={(event) => setOpen(event.currentTarget.checked)}
      />
      <Wrong error={save.error} />
      <Group>
        <Button
          loading={save.isPending}
          disabled={count === 0 || nameOf(title) === ''}
          onClick={() => save.mutate()}
        >
          {t('admin.save', { count })}
        </Button>
      </Group>
    </Stack>
  )
}

function LayerChoice({
  layer: { name, title, styles, unusable },
  style,
  onChoose,
}: {
  layer: OfferedLayer
  /** Absent: the layer is not chosen; empty: its first style. */
  style: string | undefined
  onChoose: (style: string | undefined) => void
}) {
  const { t } = useTranslation('external')
  const language = useLanguage()
  return (
    <Group gap="sm" wrap="nowrap">
      <Checkbox
        flex={1}
        size="xs"
        checked={style !== undefined}
        disabled={unusable !== undefined}
        label={title}
        description={unusable ? t('admin.unusable', { why: unusable[language] }) : name}
        onChange={(event) => onChoose(event.currentTarget.checked ? '' : undefined)}
      />
      {style !== undefined && styles.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={t('admin.styleOf', { layer: title })}
          value={style || styles[0]?.name}
          onChange={(event) => onChoose(event.currentTarget.value)}
          data={styles.map((each) => ({ value: each.name, label: each.title || each.name }))}
        />
      )}
    </Group>
  )
}

const CODES = [
  'address',
  'credentials',
  'private',
  'silent',
  'redirect',
  'status',
  'type',
  'size',
  'exception',
  'noCapabilities',
  'noLayers',
  'layers',
] as const

/** Why a service cannot be had, in our words, with those of the server beneath. */
function Wrong({ error }: { error: Error | null }) {
  const { t } = useTranslation('external')
  if (!error) return null
  const told = error instanceof Refusal ? error.problem.errors?.[0]?.location : undefined
  const code = CODES.find((each) => each === told)
  return (
    <Alert color="red" role="alert" title={t(`refused.${code ?? 'other'}`)}>
      <Text size="xs" className={classes.wrong}>
        {error.message}
      </Text>
    </Alert>
  )
}
