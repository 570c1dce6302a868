import { Alert, Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { useLayers } from '../layers/useLayers'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { CriterionRow } from './CriterionRow'
import {
  type Criterion,
  criteriaOf,
  type Filter,
  filterOf,
  noCriteria,
  operatorsOf,
} from './filter'
import { fieldOf, type SubjectGroup, subjectsOf } from './subjects'

/** Sets what the rows of a list must meet; they follow as it is typed. */
export default function FilterPanel({ layer, filter }: { layer: Register; filter: Filter | null }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { registers } = useLayers()
  const groups = useMemo(
    () => subjectsOf(layer, registers, language, t('filter.any')),
    [layer, registers, language, t],
  )
  const readable = criteriaOf(filter)
  if (readable === null) {
    return (
      <Alert mx={12} my={4} p="xs" color="blue">
        <Group justify="space-between">
          {t('filter.beyond')}
          <Button size="compact-xs" onClick={() => page.changeList({ filter: null })}>
            {t('filter.clear')}
          </Button>
        </Group>
      </Alert>
    )
  }
  return <Criteria key={layer.id} filter={filter} groups={groups} />
}

function Criteria({ filter, groups }: { filter: Filter | null; groups: SubjectGroup[] }) {
  const { t } = useTranslation()
  const [criteria, setCriteria] = useState(() => withOne(criteriaOf(filter) ?? noCriteria, groups))
  const mine = useRef(JSON.stringify(filter))
  const made = JSON.stringify(filterOf(criteria, (key) => fieldOf(groups, key)))
  const [settled] = useDebouncedValue(made, 300)
  useEffect(() => {
    if (settled === mine.current) return
    mine.current = settled
    page.changeList({ filter: JSON.parse(settled) as Filter | null, chosen: [] })
  }, [settled])
  // Another filter came from elsewhere: a saved search, a widget, a link.
  const given = JSON.stringify(filter)
  useEffect(() => {
    if (given === mine.current) return
    mine.current = given
    setCriteria(withOne(criteriaOf(JSON.parse(given) as Filter | null) ?? noCriteria, groups))
  }, [given, groups])

  const { joint, all } = criteria
  const put = (at: number, criterion: Criterion) =>
    setCriteria({ joint, all: all.map((each, i) => (i === at ? criterion : each)) })
  return (
    <Stack gap={6} px={12} py={4}>
      {all.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t('filter.joint')}
          value={joint}
          data={[
            { value: 'and', label: t('filter.and') },
            { value: 'or', label: t('filter.or') },
          ]}
          onChange={(value) => setCriteria({ all, joint: value === 'or' ? 'or' : 'and' })}
        />
      )}
      {all.map((criterion, i) => (
        <CriterionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: criteria have no other identity
          key={i}
          number={i + 1}
          criterion={criterion}
          groups={groups}
          onChange={(changed) => put(i, changed)}
          onRemove={() => setCriteria({ joint, all: all.filter((_, at) => at !== i) })}
        />
      ))}
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => setCriteria({ joint, all: [...all, firstOf(groups)] })}
        >
          {t('filter.add')}
        </Button>
        {all.length > 0 && (
          <Button size="compact-xs" variant="subtle" onClick={() => setCriteria(noCriteria)}>
            {t('filter.clear')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function firstOf(groups: SubjectGroup[]): Criterion {
  const subject = groups[0]?.subjects[0]
  const [operator = 'contains'] = operatorsOf(subject?.field)
  return { subject: subject?.key ?? '', operator, values: [] }
}

/** The panel opens with a criterion to fill in. */
const withOne = (criteria: typeof noCriteria, groups: SubjectGroup[]) =>
  criteria.all.length > 0 ? criteria : { ...criteria, all: [firstOf(groups)] }
