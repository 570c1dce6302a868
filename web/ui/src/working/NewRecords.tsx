import { Alert, Button, Checkbox, Group, Text } from '@mantine/core'
import { lazy, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { boxOf } from '../editing/geometry'
import { useMap } from '../page/MapContext'
import { Part } from '../page/Part'
import { draftKey, drafts } from '../record/drafts'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import type { RecordFault, WorkingFeature } from './model'
import { described, lackingBeside, lackingRecords, nameOfNew, newRecords, sameRef } from './records'

const RecordForm = lazy(() => import('../record/RecordForm'))

/** New records that lack what they must have: their forms, kept with the edits until all is saved. */
export function NewRecords({ state, registers }: { state: WorkingState; registers: Register[] }) {
  const { t } = useTranslation('panel')
  const { working, filling, unsaved } = state
  const drawn = newRecords(working)
  const lacking = lackingRecords(working)
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
              <New
                key={`${feature.layer} ${feature.id}`}
                feature={feature}
                others={lackingBeside(working, feature)}
                register={register}
                faults={unsaved}
                open={filling !== null && sameRef(filling, feature)}
              />
            )
          )
        })}
      </Alert>
    </section>
  )
}

function New({
  feature,
  others,
  register,
  faults,
  open,
}: {
  feature: WorkingFeature
  /** Of the same layer, that lack something too. */
  others: WorkingFeature[]
  register: Register
  /** Why nothing was saved: of all records. */
  faults: RecordFault[]
  open: boolean
}) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const { working: session } = useMap()
  const { missing = [] } = feature
  const name = nameOfNew(feature, register.title[language])
  const label = (name: string) =>
    register.fields.find((each) => each.name === name)?.label[language] ?? name
  return (
    <>
      <Group gap="xs" mt={6}>
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={open}
          aria-label={t('missing.fill', { name })}
          onClick={() => session.fill(open ? null : feature)}
        >
          {name}
        </Button>
        <Text size="xs">
          {missing.length > 0
            ? t('missing.fields', { fields: missing.map(label).join(', ') })
            : t('missing.complete')}
        </Text>
      </Group>
      {open && <Fill feature={feature} others={others} register={register} faults={faults} />}
    </>
  )
}

/** The form of a new record; what is kept of it is a step of the set. */
function Fill({ feature, others, register, faults }: Omit<Parameters<typeof New>[0], 'open'>) {
  const { t } = useTranslation('panel')
  const map = useMap()
  const { working: session } = map
  const form = useId()
  const place = useRef<HTMLDivElement>(null)
  const [alike, setAlike] = useState(false)
  const { layer, id } = feature
  const draftOf = `working ${id}`
  const byField = useMemo(() => {
    const all: Record<string, string[]> = {}
    for (const fault of faults) {
      if (!sameRef(fault, { layer, id })) continue
      all[fault.field] = [...(all[fault.field] ?? []), fault.message]
    }
    return all
  }, [faults, layer, id])
  const key = draftKey(layer, draftOf)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => {
    if (!drafts.of(key)) drafts.put(key, { changes: feature.properties ?? {} })
    place.current?.focus({ preventScroll: true })
    place.current?.scrollIntoView({ block: 'nearest' })
    const box = boxOf(feature.after)
    if (box) map.fit(box)
  }, [])

  async function keep() {
    const changes = drafts.of(key)?.changes ?? {}
    for (const operation of described(feature, changes, alike ? others : [])) {
      await session.do(operation)
      if (session.state.fault || session.state.refused) return
    }
    drafts.drop(key)
    session.fill(lackingRecords(session.state.working)[0] ?? null)
  }
  return (
    <div ref={place} tabIndex={-1}>
      <Part>
        <RecordForm
          formId={form}
          layer={register}
          feature={undefined}
          draftOf={draftOf}
          faults={byField}
          onSubmit={() => void keep()}
        />
        {others.length > 0 && (
          <Checkbox
            size="xs"
            mt={4}
            label={t('missing.alike', { count: others.length })}
            checked={alike}
            onChange={(event) => setAlike(event.currentTarget.checked)}
          />
        )}
        <Button size="xs" mt={4} type="submit" form={form}>
          {t('missing.keep')}
        </Button>
      </Part>
    </div>
  )
}
