import { ActionIcon, Group, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../api/model'
import { ReferencePicker } from '../record/ReferencePicker'
import { useLanguage } from '../words/i18n'
import { type Criterion, operatorsOf, valuesOf } from './filter'
import classes from './list.module.css'
import { fieldOf, type SubjectGroup } from './subjects'

interface Props {
  /** Names the row among the others. */
  number: number
  criterion: Criterion
  groups: SubjectGroup[]
  onChange: (criterion: Criterion) => void
  onRemove: () => void
}

/** What is looked at, how, and what it must be. */
export function CriterionRow({ number, criterion, groups, onChange, onRemove }: Props) {
  const { t } = useTranslation()
  const field = fieldOf(groups, criterion.subject)
  const operators = operatorsOf(field)
  return (
    <fieldset className={classes.criterion} aria-label={t('filter.criterion', { number })}>
      <Group gap={4} wrap="nowrap">
        <Select
          size="xs"
          flex={1}
          searchable
          allowDeselect={false}
          aria-label={t('filter.field')}
          value={criterion.subject}
          data={groups.map(({ title, subjects }) => ({
            group: title,
            items: subjects.map(({ key, label }) => ({ value: key, label })),
          }))}
          onChange={(subject) => {
            if (subject === null) return
            const [operator = 'contains'] = operatorsOf(fieldOf(groups, subject))
            onChange({ subject, operator, values: [] })
          }}
        />
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('filter.remove', { number })}
          onClick={onRemove}
        >
          <IconX size={14} />
        </ActionIcon>
      </Group>
      <Group gap={4} wrap="nowrap" align="flex-start" pr={26}>
        <Select
          size="xs"
          w={150}
          allowDeselect={false}
          aria-label={t('filter.operator')}
          value={criterion.operator}
          data={operators.map((value) => ({ value, label: t(`filter.operators.${value}`) }))}
          onChange={(operator) => {
            const chosen = operators.find((each) => each === operator)
            if (chosen) onChange({ ...criterion, operator: chosen })
          }}
        />
        {field && <Values field={field} criterion={criterion} onChange={onChange} />}
      </Group>
    </fieldset>
  )
}

function Values({
  field,
  criterion,
  onChange,
}: Pick<Props, 'criterion' | 'onChange'> & { field: Field }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { operator, values } = criterion
  const wanted = valuesOf(operator)
  if (wanted === 0) return null
  if (operator === 'is') {
    return (
      <ReferencePicker
        id={`filter-${field.name}`}
        label=""
        layer={field.reference?.layer ?? ''}
        value={values[0] ?? null}
        onChange={(id) => onChange({ ...criterion, values: id === null ? [] : [id] })}
      />
    )
  }
  if (operator === 'in' || operator === 'notIn') {
    return (
      <MultiSelect
        size="xs"
        flex={1}
        searchable
        aria-label={t('filter.value')}
        value={values}
        data={(field.enum ?? []).map(({ value, label }) => ({ value, label: label[language] }))}
        onChange={(chosen) => onChange({ ...criterion, values: chosen })}
      />
    )
  }
  const put = (at: number, value: string) =>
    onChange({
      ...criterion,
      values: Array.from({ length: wanted }, (_, i) => (i === at ? value : (values[i] ?? ''))),
    })
  return Array.from({ length: wanted }, (_, at) => {
    const label = wanted === 1 ? t('filter.value') : at === 0 ? t('filter.from') : t('filter.to')
    return field.type === 'integer' || field.type === 'number' ? (
      <NumberInput
        key={label}
        size="xs"
        flex={1}
        hideControls
        decimalSeparator={language === 'fr' ? ',' : '.'}
        thousandSeparator={language === 'fr' ? ' ' : ','}
        aria-label={label}
        value={values[at] ?? ''}
        onChange={(value) => put(at, String(value))}
      />
    ) : (
      <TextInput
        key={label}
        size="xs"
        flex={1}
        type={field.type === 'date' || field.type === 'datetime' ? 'date' : 'text'}
        aria-label={label}
        value={values[at] ?? ''}
        onChange={(event) => put(at, event.currentTarget.value)}
      />
    )
  })
}
