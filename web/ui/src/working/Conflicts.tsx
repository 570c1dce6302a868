import { Alert, Button, Paper, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Properties } from '../api/model'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { value } from '../words/values'
import type { Side, WorkingConflict } from './model'
import { boxOfAll } from './places'
import { type Question, questions, whyOf } from './questions'

/** What others have saved meanwhile: both shapes on the map, a choice for each, settled at once. */
export function Conflicts({ conflicts, busy }: { conflicts: WorkingConflict[]; busy: boolean }) {
  const { t } = useTranslation('panel')
  const map = useMap()
  const [choices, setChoices] = useState<Record<string, Side>>({})
  const [looked, setLooked] = useState('')
  const asked = questions(conflicts)
  const shown = asked.find(({ key }) => key === looked) ?? asked[0]
  const sides = JSON.stringify(shown?.all.map(({ mine, theirs }) => ({ mine, theirs })) ?? [])
  useEffect(() => map.showConflict(JSON.parse(sides)), [map, sides])
  const open = asked.filter(({ key }) => !choices[key])

  function look({ key, all }: Question) {
    setLooked(key)
    const box = boxOfAll(all.flatMap(({ land, theirs, mine }) => (land ? [land] : [theirs, mine])))
    if (box) map.fit(box)
  }
  async function settle() {
    const given = await map.working.resolve(
      asked.flatMap(({ key, all }) =>
        all.map(({ layer, id }) => ({ layer, id, choice: choices[key] ?? 'theirs' })),
      ),
    )
    if (given) notifications.show({ message: t('conflict.givenUp', { count: given }) })
  }
  return (
    <Alert color="orange" title={t('conflict.title', { count: asked.length })} role="alert">
      <Text size="sm">{t('conflict.text')}</Text>
      <Stack gap="xs" mt="xs">
        {asked.map((question) => (
          <One
            key={question.key}
            question={question}
            shown={question === shown}
            choice={choices[question.key]}
            onLook={() => look(question)}
            onChoose={(side) => {
              setLooked(question.key)
              setChoices({ ...choices, [question.key]: side })
            }}
          />
        ))}
        <Button size="xs" disabled={open.length > 0} loading={busy} onClick={() => void settle()}>
          {open.length > 0 ? t('conflict.open', { count: open.length }) : t('conflict.settle')}
        </Button>
      </Stack>
    </Alert>
  )
}

const nameOf = ({ label, id }: WorkingConflict) => label || id

function One({
  question: { lead, all, deleted, lost },
  shown,
  choice,
  onLook,
  onChoose,
}: {
  question: Question
  shown: boolean
  choice: Side | undefined
  onLook: () => void
  onChoose: (side: Side) => void
}) {
  const { t } = useTranslation('panel')
  const label = nameOf(lead)
  const others = all.filter((each) => each !== lead)
  return (
    <Paper withBorder p="xs">
      <Button
        size="compact-sm"
        variant={shown ? 'light' : 'subtle'}
        aria-pressed={shown}
        aria-label={t('zoomTo', { label })}
        onClick={onLook}
      >
        {label}
      </Button>
      {others.length > 0 && (
        <Text size="xs" mt={2}>
          {t('conflict.with', { count: others.length, names: others.map(nameOf).join(', ') })}
        </Text>
      )}
      <Text size="xs" mt={2}>
        {t(`conflict.${whyOf({ lead, deleted })}`, {
          count: deleted.length,
          names: deleted.map(nameOf).join(', '),
        })}
      </Text>
      {deleted.length > 0 && (
        <Text size="xs" mt={2}>
          {lost ? t('conflict.lost') : t('conflict.anew')}
        </Text>
      )}
      {all.map((conflict) => (
        <Attributes
          key={`${conflict.layer} ${conflict.id}`}
          conflict={conflict}
          title={others.length > 0 ? nameOf(conflict) : undefined}
        />
      ))}
      <SegmentedControl
        mt={6}
        size="xs"
        fullWidth
        aria-label={t('conflict.choice', { label })}
        value={choice ?? ''}
        onChange={(side) => onChoose(side as Side)}
        data={[
          ...(lost ? [] : [{ value: 'mine', label: t('conflict.mine') }]),
          { value: 'theirs', label: t('conflict.theirs') },
        ]}
      />
    </Paper>
  )
}

/** Fields that are not the same as when one began, of either. */
function Attributes({
  conflict: { layer, had, follows = {}, current },
  title,
}: {
  conflict: WorkingConflict
  /** Whose they are, where there are several. */
  title: string | undefined
}) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const { registers } = useLayers()
  const fields = registers.find(({ id }) => id === layer)?.fields ?? []
  if (!had || !current) return null
  const theirs: Properties = current.properties
  const mine: Properties = { ...had, ...follows }
  const differ = fields.filter(
    ({ name }) => !same(mine[name], had[name]) || !same(theirs[name], had[name]),
  )
  if (differ.length === 0) return null
  return (
    <Table fz="xs" mt={4} withTableBorder captionSide="top">
      {title && <Table.Caption>{title}</Table.Caption>}
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('conflict.field')}</Table.Th>
          <Table.Th>{t('conflict.had')}</Table.Th>
          <Table.Th>{t('conflict.mine')}</Table.Th>
          <Table.Th>{t('conflict.theirs')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differ.map((field) => (
          <Table.Tr key={field.name}>
            <Table.Th scope="row">{field.label[language]}</Table.Th>
            {[had, mine, theirs].map((side, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns stay
              <Table.Td key={i}>{value(side[field.name], field, language)}</Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
