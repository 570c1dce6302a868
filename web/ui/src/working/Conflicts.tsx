import { Alert, Button, Paper, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Properties } from '../api/model'
import { boxOf } from '../editing/geometry'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { value } from '../words/values'
import type { Ref, Side, WorkingConflict } from './model'

const keyOf = ({ layer, id }: Ref) => `${layer} ${id}`

/** What others have saved meanwhile: both shapes on the map, a choice for each, settled at once. */
export function Conflicts({ conflicts, busy }: { conflicts: WorkingConflict[]; busy: boolean }) {
  const { t } = useTranslation('panel')
  const map = useMap()
  const [choices, setChoices] = useState<Record<string, Side>>({})
  const [looked, setLooked] = useState('')
  const shown = conflicts.find((each) => keyOf(each) === looked) ?? conflicts[0]
  const { mine = null, theirs = null } = shown ?? {}
  useEffect(() => map.showConflict(mine, theirs), [map, mine, theirs])
  const open = conflicts.filter((each) => !choices[keyOf(each)])

  function look(conflict: WorkingConflict) {
    setLooked(keyOf(conflict))
    const box = boxOf(conflict.land ?? conflict.theirs ?? conflict.mine)
    if (box) map.fit(box)
  }
  async function settle() {
    const given = await map.working.resolve(
      conflicts.map((each) => ({
        layer: each.layer,
        id: each.id,
        choice: choices[keyOf(each)] ?? 'theirs',
      })),
    )
    if (given) notifications.show({ message: t('conflict.givenUp', { count: given }) })
  }
  return (
    <Alert color="orange" title={t('conflict.title', { count: conflicts.length })} role="alert">
      <Text size="sm">{t('conflict.text')}</Text>
      <Stack gap="xs" mt="xs">
        {conflicts.map((conflict) => (
          <One
            key={keyOf(conflict)}
            conflict={conflict}
            shown={conflict === shown}
            choice={choices[keyOf(conflict)]}
            onLook={() => look(conflict)}
            onChoose={(side) => {
              setLooked(keyOf(conflict))
              setChoices({ ...choices, [keyOf(conflict)]: side })
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

function One({
  conflict,
  shown,
  choice,
  onLook,
  onChoose,
}: {
  conflict: WorkingConflict
  shown: boolean
  choice: Side | undefined
  onLook: () => void
  onChoose: (side: Side) => void
}) {
  const { t } = useTranslation('panel')
  const { current, land } = conflict
  const label = conflict.label || conflict.id
  const why = land ? t('conflict.land') : current ? t('conflict.both') : t('conflict.deleted')
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
      <Text size="xs" mt={2}>
        {why}
      </Text>
      <Attributes conflict={conflict} />
      <SegmentedControl
        mt={6}
        size="xs"
        fullWidth
        aria-label={t('conflict.choice', { label })}
        value={choice ?? ''}
        onChange={(side) => onChoose(side as Side)}
        data={[
          ...(current ? [{ value: 'mine', label: t('conflict.mine') }] : []),
          { value: 'theirs', label: t('conflict.theirs') },
        ]}
      />
    </Paper>
  )
}

/** Fields that are not the same as when one began, of either. */
function Attributes({
  conflict: { layer, had, follows = {}, current },
}: {
  conflict: WorkingConflict
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
    <Table fz="xs" mt={4} withTableBorder>
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
