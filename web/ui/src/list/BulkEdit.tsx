import { Alert, Button, Group, Modal, MultiSelect, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import Form from '@rjsf/mantine'
import type { RJSFSchema } from '@rjsf/utils'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type BulkOutcome, type Selection } from '../api/client'
import type { Properties, Register } from '../api/model'
import { formQuery } from '../api/queries'
import { page } from '../page/state'
import { formValidator } from '../record/validator'
import { type FormSurroundings, widgets } from '../record/widgets'
import { useLanguage } from '../words/i18n'
import { count, value } from '../words/values'
import { UndoButton } from './UndoButton'

interface Props {
  layer: Register
  selection: Selection
  /** How many records, as people read it. */
  number: string
  onClose: () => void
}

/** Gives some fields of many records the same values: chosen, looked at, then done. */
export function BulkEdit({ layer, selection, number, onClose }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data: form } = useQuery(formQuery(layer.id, language))
  const [names, setNames] = useState<string[]>([])
  const [data, setData] = useState<Properties>({})
  const set = Object.fromEntries(names.map((name) => [name, data[name] ?? null]))
  const edit = useMutation({
    mutationFn: (dryRun: boolean) => api.editAll(layer.id, selection, { set }, dryRun),
    onSuccess: (done) => {
      if (!done.written) return
      onClose()
      page.changeList({ chosen: [] })
      notifications.show({
        color: 'green',
        autoClose: 15_000,
        title: t('bulk.done', { count: done.updated, number: count(done.updated, language) }),
        message: <UndoButton cause={done.cause} />,
      })
    },
  })
  const changed = () => edit.reset()
  const choices = layer.fields.filter(
    ({ name, readOnly, computed }) => !readOnly && !computed && name in propertiesOf(form?.schema),
  )
  const schema = useMemo(() => partOf(form?.schema ?? {}, names), [form, names])
  const validator = useMemo(() => formValidator(t), [t])
  const surroundings: FormSurroundings = { data, labels: {}, stored: {}, trail: [] }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('bulk.title', { number, layer: layer.title[language] })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <MultiSelect
        searchable
        data-autofocus
        label={t('bulk.fields')}
        value={names}
        data={choices.map(({ name, label }) => ({ value: name, label: label[language] }))}
        onChange={(chosen) => {
          setNames(chosen)
          changed()
        }}
      />
      {names.length > 0 && form && (
        <Form
          schema={schema}
          uiSchema={{
            ...form.uiSchema,
            'ui:order': ['*'],
            'ui:submitButtonOptions': { norender: true },
          }}
          formData={data}
          validator={validator}
          widgets={widgets}
          formContext={surroundings}
          showErrorList={false}
          liveValidate={false}
          noHtml5Validate
          onChange={({ formData }) => {
            setData(formData as Properties)
            changed()
          }}
        />
      )}
      {edit.error && (
        <Alert mt="sm" color="red">
          {edit.error.message}
        </Alert>
      )}
      {edit.data && <Preview layer={layer} outcome={edit.data} set={set} />}
      <Group justify="flex-end" mt="md">
        <Button
          variant="default"
          disabled={names.length === 0}
          loading={edit.isPending}
          onClick={() => edit.mutate(true)}
        >
          {t('bulk.preview')}
        </Button>
        <Button
          disabled={!edit.data || edit.data.rejected > 0 || edit.data.updated === 0}
          loading={edit.isPending}
          onClick={() => edit.mutate(false)}
        >
          {t('bulk.apply')}
        </Button>
      </Group>
    </Modal>
  )
}

const propertiesOf = (schema: Record<string, unknown> | undefined) =>
  (schema?.properties ?? {}) as Record<string, RJSFSchema>

/** The form with some of its fields alone. */
function partOf(schema: Record<string, unknown>, names: string[]): RJSFSchema {
  const properties = propertiesOf(schema)
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? {}])),
  }
}

function Preview({
  layer,
  outcome,
  set,
}: {
  layer: Register
  outcome: BulkOutcome
  set: Properties
}) {
  const { t } = useTranslation()
  const language = useLanguage()
  const fields = layer.fields.filter(({ name }) => name in set)
  const number = (n: number) => count(n, language)
  return (
    <>
      <Text mt="sm" size="sm" role="status">
        {t('bulk.would', {
          updated: number(outcome.updated),
          unchanged: number(outcome.unchanged),
        })}
      </Text>
      {outcome.rejected > 0 && (
        <Alert mt="xs" color="red" title={t('bulk.rejected', { number: number(outcome.rejected) })}>
          {outcome.rejects.slice(0, 10).map(({ id, label, message }) => (
            <Text key={id} size="xs">
              {label} : {message}
            </Text>
          ))}
        </Alert>
      )}
      <Table.ScrollContainer minWidth={0} mah={260} mt="xs">
        <Table fz="xs" verticalSpacing={2}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('bulk.record')}</Table.Th>
              {fields.map((field) => (
                <Table.Th key={field.name}>{field.label[language]}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.samples.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>{row.label}</Table.Td>
                {fields.map((field) => {
                  const old =
                    row.labels?.[field.name] ?? value(row.properties[field.name], field, language)
                  const now = field.reference ? '…' : value(set[field.name], field, language)
                  return (
                    <Table.Td key={field.name}>
                      {old || t('bulk.nothing')} → <strong>{now || t('bulk.nothing')}</strong>
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}
