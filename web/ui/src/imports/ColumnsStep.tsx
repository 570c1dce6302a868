import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NativeSelect,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Field, Register } from '../api/model'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import type { Plan } from './api'
import type { Importing } from './useImport'

const EXISTING = ['update', 'skip', 'reject'] as const
const MISSING = ['create', 'skip', 'reject'] as const
/** A choice that is no column: one value for all. */
const FIXED = '\u0000'

interface Props {
  layer: Register
  work: Importing
  onNext: () => void
}

/** Which column fills which field, and how records are known again. */
export function ColumnsStep({ layer, work, onNext }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { session } = useSession()
  const { found, plan } = work
  if (!found || !plan) return null
  const columns = found.tables.find(({ name }) => name === plan.table)?.columns ?? []
  const key = plan.key ?? []
  const fields = layer.fields.filter(
    ({ name, readOnly, computed }) => !computed && (!readOnly || plan.columns[name]),
  )
  const named = new Set(fields.map(({ name }) => name))
  const others = Object.keys(plan.columns).filter((name) => !named.has(name))
  const { shape } = plan
  const used = new Set([...Object.values(plan.columns), shape.x, shape.y, shape.text])
  const unused = columns.filter((column) => !used.has(column))
  const filled = Object.keys({ ...plan.columns, ...plan.constants })
  const labelOf = (name: string) =>
    layer.fields.find((field) => field.name === name)?.label[language] ?? name
  const collectivities = (session?.collectivities ?? []).filter(({ code }) =>
    layer.editableIn.includes(code),
  )
  return (
    <Stack gap="sm">
      <Table.ScrollContainer
        minWidth={0}
        mah={340}
        scrollAreaProps={{
          viewportProps: { tabIndex: 0, 'aria-label': t('import.steps.columns') },
        }}
      >
        <Table fz="xs" verticalSpacing={3}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('import.field')}</Table.Th>
              <Table.Th>{t('import.column')}</Table.Th>
              <Table.Th>{t('import.example')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...fields, ...others.map(stranger)].map((field) => (
              <FieldRow
                key={field.name}
                field={field}
                plan={plan}
                columns={columns}
                rows={found.rows}
                onChange={work.change}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {unused.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('import.unused', { columns: unused.join(', ') })}
        </Text>
      )}
      <Group gap="sm" align="flex-end">
        <MultiSelect
          size="xs"
          flex={1}
          miw={200}
          label={t('import.key')}
          description={t('import.keyHelp')}
          value={key}
          data={filled.map((name) => ({ value: name, label: labelOf(name) }))}
          onChange={(names) => work.change({ key: names })}
        />
        {key.length > 0 && (
          <>
            <NativeSelect
              size="xs"
              label={t('import.existing')}
              value={plan.existing || 'update'}
              data={EXISTING.map((value) => ({ value, label: t(`import.does.${value}`) }))}
              onChange={(event) =>
                work.change({ existing: EXISTING.find((v) => v === event.currentTarget.value) })
              }
            />
            <NativeSelect
              size="xs"
              label={t('import.missing')}
              value={plan.missing || 'create'}
              data={MISSING.map((value) => ({ value, label: t(`import.does.${value}`) }))}
              onChange={(event) =>
                work.change({ missing: MISSING.find((v) => v === event.currentTarget.value) })
              }
            />
          </>
        )}
        {collectivities.length > 1 && (
          <NativeSelect
            size="xs"
            label={t('import.owner')}
            value={plan.collectivity ?? ''}
            data={['', ...collectivities.map(({ code, name }) => ({ value: code, label: name }))]}
            onChange={(event) => work.change({ collectivity: event.currentTarget.value })}
          />
        )}
      </Group>
      <Group gap="lg">
        {key.length > 0 && (
          <Checkbox
            size="xs"
            label={t('import.emptyKeeps')}
            checked={plan.emptyKeeps ?? false}
            onChange={(event) => work.change({ emptyKeeps: event.currentTarget.checked })}
          />
        )}
        <Checkbox
          size="xs"
          label={t('import.whole')}
          checked={plan.whole ?? false}
          onChange={(event) => work.change({ whole: event.currentTarget.checked })}
        />
      </Group>
      {work.orderFault && <Alert color="red">{work.orderFault.message}</Alert>}
      <Group justify="flex-end">
        <Button loading={work.busy} onClick={() => work.order(true, { onSuccess: onNext })}>
          {t('import.try')}
        </Button>
      </Group>
    </Stack>
  )
}

/** A key that is no field of the form, such as the identifier of an export. */
const stranger = (name: string): Field => ({
  name,
  type: 'text',
  label: { fr: name, en: name },
  required: false,
  readOnly: false,
})

function FieldRow({
  field,
  plan,
  columns,
  rows,
  onChange,
}: {
  field: Field
  plan: Plan
  columns: string[]
  rows: (string[] | null)[]
  onChange: (change: Partial<Plan>) => void
}) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { name } = field
  const label = field.label[language]
  const column = plan.columns[name]
  const constant = plan.constants?.[name]
  const at = column === undefined ? -1 : columns.indexOf(column)
  const examples = rows.map((row) => row?.[at]).filter(Boolean)
  const choose = (chosen: string) => {
    const { [name]: _, ...others } = plan.columns
    const { [name]: __, ...constants } = plan.constants ?? {}
    onChange({
      columns: chosen && chosen !== FIXED ? { ...others, [name]: chosen } : others,
      constants: chosen === FIXED ? { ...constants, [name]: '' } : constants,
    })
  }
  const creates = plan.create?.includes(name) ?? false
  return (
    <Table.Tr>
      <Table.Td>
        {label}
        {field.required && <span aria-hidden> *</span>}
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <NativeSelect
            size="xs"
            aria-label={t('import.columnOf', { field: label })}
            value={constant === undefined ? (column ?? '') : FIXED}
            data={[
              { value: '', label: t('import.nothing') },
              { value: FIXED, label: t('import.fixed') },
              ...columns,
            ]}
            onChange={(event) => choose(event.currentTarget.value)}
          />
          {constant !== undefined && (
            <TextInput
              size="xs"
              aria-label={t('import.valueOf', { field: label })}
              value={constant}
              onChange={(event) =>
                onChange({ constants: { ...plan.constants, [name]: event.currentTarget.value } })
              }
            />
          )}
        </Group>
        {field.reference && column && (
          <Checkbox
            mt={4}
            size="xs"
            label={t('import.create')}
            checked={creates}
            onChange={(event) =>
              onChange({
                create: event.currentTarget.checked
                  ? [...(plan.create ?? []), name]
                  : (plan.create ?? []).filter((each) => each !== name),
              })
            }
          />
        )}
      </Table.Td>
      <Table.Td>{examples.slice(0, 3).join(' · ')}</Table.Td>
    </Table.Tr>
  )
}
