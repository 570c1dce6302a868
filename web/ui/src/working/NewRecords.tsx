import { Alert, Button, Group, Text } from '@mantine/core'
import { lazy, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { boxOf } from '../editing/geometry'
import { useMap } from '../page/MapContext'
import { Part } from '../page/Part'
import { draftKey, drafts } from '../record/drafts'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import type { WorkingFeature } from './model'

const RecordForm = lazy(() => import('../record/RecordForm'))

/** New records that lack what they must have: their forms, kept with the edits until all is saved. */
export function NewRecords({ state, registers }: { state: WorkingState; registers: Register[] }) {
  const { t } = useTranslation('panel')
  const drawn = (state.working?.features ?? []).filter(
    ({ before, after, origin, missing = [] }) =>
      before === null && after !== null && (origin === undefined || missing.length > 0),
  )
  const lacking = drawn.filter(({ missing = [] }) => missing.length > 0)
  if (drawn.length === 0) return null
  return (
    <section aria-label={t('missing.title', { count: drawn.length })}>
      <Alert
        mt="xs"
        color={lacking.length > 0 ? 'yellow' : 'green'}
        title={t('missing.title', { count: drawn.length })}
      >
        <Text size="sm">
          {lacking.length > 0 ? t('missing.text', { count: lacking.length }) : t('missing.all')}
        </Text>
        {drawn.map((feature) => {
          const register = registers.find(({ id }) => id === feature.layer)
          return (
            register && (
              <New key={`${feature.layer} ${feature.id}`} feature={feature} register={register} />
            )
          )
        })}
      </Alert>
    </section>
  )
}

function New({ feature, register }: { feature: WorkingFeature; register: Register }) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const map = useMap()
  const form = useId()
  const [open, setOpen] = useState(false)
  const { layer, id, missing = [], properties = {} } = feature
  const key = draftKey(layer, `working ${id}`)
  const label = (name: string) =>
    register.fields.find((each) => each.name === name)?.label[language] ?? name

  function begin() {
    if (!open && !drafts.of(key)) drafts.put(key, { changes: properties })
    setOpen(!open)
    const box = boxOf(feature.after)
    if (box) map.fit(box)
  }
  async function keep() {
    const changes = drafts.of(key)?.changes ?? {}
    await map.working.do({ kind: 'describe', layer, ids: [id], properties: changes })
    if (map.working.state.fault || map.working.state.refused) return
    drafts.drop(key)
    setOpen(false)
  }
  return (
    <>
      <Group gap="xs" mt={6}>
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={open}
          aria-label={t('missing.fill', { id })}
          onClick={begin}
        >
          {id}
        </Button>
        <Text size="xs">
          {missing.length > 0
            ? t('missing.fields', { fields: missing.map(label).join(', ') })
            : t('missing.complete')}
        </Text>
      </Group>
      {open && (
        <Part>
          <RecordForm
            formId={form}
            layer={register}
            feature={undefined}
            draftOf={`working ${id}`}
            faults={undefined}
            onSubmit={() => void keep()}
          />
          <Button size="xs" mt={4} type="submit" form={form}>
            {t('missing.keep')}
          </Button>
        </Part>
      )}
    </>
  )
}
