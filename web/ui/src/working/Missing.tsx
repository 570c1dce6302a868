import { Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../api/model'
import { number } from '../drawing/numbers'
import { useLayers } from '../layers/useLayers'
import { useLanguage } from '../words/i18n'
import type { WorkingSession } from './api'
import type { WorkingFeature } from './model'

/** Asks what new features must have before they can be saved, one after the other or all alike. */
export function Missing({
  session,
  lacking,
  onClose,
}: {
  session: WorkingSession
  /** New features with fields that are missing; at least one. */
  lacking: WorkingFeature[]
  onClose: () => void
}) {
  const { t } = useTranslation('working')
  const language = useLanguage()
  const { registers } = useLayers()
  const [values, setValues] = useState<Record<string, string>>({})
  const [alike, setAlike] = useState(true)
  const [first] = lacking
  if (!first) return null
  const same = lacking.filter(({ layer }) => layer === first.layer)
  const fields = (registers.find(({ id }) => id === first.layer)?.fields ?? []).filter(({ name }) =>
    first.missing?.includes(name),
  )
  const properties = Object.fromEntries(
    fields.map((field) => [field.name, given(field, values[field.name] ?? '')]),
  )
  const whole = Object.values(properties).every((value) => value !== null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!whole) return
    const ids = (alike ? same : [first]).map(({ id }) => id)
    await session.do({ kind: 'describe', layer: first.layer, ids, properties })
    setValues({})
    if (ids.length === lacking.length) onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('missing.title')}
      closeButtonProps={{ 'aria-label': t('missing.later') }}
      centered
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm">{t('missing.text', { count: lacking.length })}</Text>
          {fields.map((field) =>
            field.enum ? (
              <Select
                key={field.name}
                label={field.label[language]}
                required
                value={values[field.name] ?? null}
                onChange={(value) => setValues({ ...values, [field.name]: value ?? '' })}
                data={field.enum.map(({ value, label }) => ({ value, label: label[language] }))}
              />
            ) : (
              <TextInput
                key={field.name}
                label={field.label[language]}
                required
                type={field.type === 'date' ? 'date' : 'text'}
                value={values[field.name] ?? ''}
                onChange={(event) =>
                  setValues({ ...values, [field.name]: event.currentTarget.value })
                }
              />
            ),
          )}
          {same.length > 1 && (
            <Checkbox
              label={t('missing.alike', { count: same.length })}
              checked={alike}
              onChange={(event) => setAlike(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('missing.later')}
            </Button>
            <Button type="submit" disabled={!whole}>
              {t('missing.go')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** What was typed as the field keeps it; null when it is none. */
function given({ type }: Field, text: string): unknown {
  const typed = text.trim()
  if (typed === '') return null
  if (type === 'integer' || type === 'number') return number(typed)
  if (type === 'boolean') return /^(1|true|oui|yes)$/i.test(typed)
  return typed
}
