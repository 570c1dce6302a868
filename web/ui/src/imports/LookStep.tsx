import {
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Table,
  Text,
} from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import classes from './imports.module.css'
import type { Importing } from './useImport'

const ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-1', 'utf-16'] as const
const SEPARATORS = [';', ',', '\t', '|'] as const
const FROM = ['', 'file', 'columns', 'text'] as const

interface Props {
  layer: Register
  work: Importing
  onNext: () => void
}

/** What is in the file, how it is read, and where its places are. */
export function LookStep({ layer, work, onNext }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { found, plan } = work
  if (!found || !plan) return null
  const table = found.tables.find(({ name }) => name === plan.table) ?? found.tables[0]
  const { reading } = plan
  return (
    <Stack gap="sm">
      {found.remembered && (
        <Alert color="blue" p="xs">
          {t('import.remembered')}
        </Alert>
      )}
      <Group gap="sm" align="flex-end">
        {found.tables.length > 1 && (
          <NativeSelect
            size="xs"
            label={t('import.table')}
            value={plan.table}
            data={found.tables.map(({ name }) => name)}
            onChange={(event) => work.look(reading, event.currentTarget.value)}
          />
        )}
        {found.format === 'csv' && (
          <>
            <NativeSelect
              size="xs"
              label={t('import.separator')}
              value={reading.separator}
              data={SEPARATORS.map((value) => ({
                value,
                label: value === '\t' ? t('import.tab') : value,
              }))}
              onChange={(event) =>
                work.look({ ...reading, separator: event.currentTarget.value }, plan.table)
              }
            />
            <NativeSelect
              size="xs"
              label={t('import.encoding')}
              value={reading.encoding}
              data={[...ENCODINGS]}
              onChange={(event) => {
                const encoding = ENCODINGS.find((each) => each === event.currentTarget.value)
                if (encoding) work.look({ ...reading, encoding }, plan.table)
              }}
            />
            <Checkbox
              size="xs"
              label={t('import.header')}
              checked={!reading.noHeader}
              onChange={(event) =>
                work.look({ ...reading, noHeader: !event.currentTarget.checked }, plan.table)
              }
            />
          </>
        )}
        <Checkbox
          size="xs"
          label={t('import.comma')}
          checked={plan.decimalComma}
          onChange={(event) => work.change({ decimalComma: event.currentTarget.checked })}
        />
      </Group>
      {work.lookFault && <Alert color="red">{work.lookFault.message}</Alert>}
      <Text size="xs" c="dimmed" role="status">
        {table && table.rows >= 0
          ? t('import.rows', { count: table.rows, number: count(table.rows, language) })
          : t('import.firstRows')}
      </Text>
      <Table.ScrollContainer
        minWidth={0}
        mah={260}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('import.firstRows') } }}
      >
        <Table fz="xs" verticalSpacing={2} striped withColumnBorders>
          <Table.Thead>
            <Table.Tr>
              {table?.columns.map((column) => (
                <Table.Th key={column}>{column}</Table.Th>
              ))}
              {found.shapes.length > 0 && <Table.Th>{t('import.shape')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.rows.slice(0, 20).map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity
              <Table.Tr key={at}>
                {table?.columns.map((column, i) => (
                  <Table.Td key={column} className={classes.cell}>
                    {row?.[i]}
                  </Table.Td>
                ))}
                {found.shapes.length > 0 && (
                  <Table.Td className={classes.cell}>{found.shapes[at]}</Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {layer.geometry && (
        <Shape work={work} columns={table?.columns ?? []} hasShape={Boolean(table?.shape)} />
      )}
      <Group justify="flex-end">
        <Button onClick={onNext} loading={work.looking}>
          {t('import.next')}
        </Button>
      </Group>
    </Stack>
  )
}

/** Where the places of records come from. */
function Shape({
  work,
  columns,
  hasShape,
}: {
  work: Importing
  columns: string[]
  hasShape: boolean
}) {
  const { t } = useTranslation()
  const shape = work.plan?.shape ?? { from: '' }
  const change = (to: Partial<typeof shape>) => work.change({ shape: { ...shape, ...to } })
  const column = (name: 'x' | 'y' | 'text') => (
    <NativeSelect
      size="xs"
      label={t(`import.from.${name}`)}
      value={shape[name] ?? ''}
      data={['', ...columns]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        size="xs"
        label={t('import.shapeFrom')}
        value={shape.from}
        data={FROM.filter((value) => value !== 'file' || hasShape).map((value) => ({
          value,
          label: t(`import.from.${value || 'none'}`),
        }))}
        onChange={(event) => {
          const from = FROM.find((each) => each === event.currentTarget.value)
          if (from !== undefined) change({ from })
        }}
      />
      {shape.from === 'columns' && (
        <>
          {column('x')}
          {column('y')}
        </>
      )}
      {shape.from === 'text' && column('text')}
      {shape.from !== '' && (
        <>
          <NumberInput
            size="xs"
            w={110}
            hideControls
            label={t('import.srid')}
            value={shape.srid || ''}
            onChange={(value) => change({ srid: Number(value) || undefined })}
          />
          <Checkbox
            size="xs"
            label={t('import.placed')}
            checked={shape.required ?? false}
            onChange={(event) => change({ required: event.currentTarget.checked })}
          />
        </>
      )}
    </Group>
  )
}
