import { Alert, Button, Group, List, NativeSelect, Text } from '@mantine/core'
import { IconAlertTriangle, IconPolygon, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { sessionQuery } from '../api/queries'
import { useEditState } from '../editing/useEditState'
import { onMap } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { Part } from '../page/Part'
import { usePage } from '../page/state'
import { draftKey, drafts, useDrafts } from './drafts'
import { ReadOnlyRecord } from './ReadOnlyRecord'
import classes from './record.module.css'
import { FORM } from './useRecordKeys'
import type { Save } from './useSave'
import type { Subject } from './useSubject'

const RecordForm = lazy(() => import('./RecordForm'))
const DeleteDialog = lazy(() => import('./DeleteDialog'))

/** The record to read, or to edit with what to do about it. */
export function RecordBody({ subject, save }: { subject: Subject; save: Save }) {
  const { layer, id, feature } = subject
  if (feature && !feature.editable) return <ReadOnlyRecord layer={layer} feature={feature} />
  return <EditableRecord key={draftKey(layer.id, id)} subject={subject} save={save} />
}

function EditableRecord({ subject, save }: { subject: Subject; save: Save }) {
  const { t } = useTranslation()
  const map = useMap()
  const edit = useEditState(map.edit)
  const { layer, id, feature, blank } = subject
  const draft = useDrafts((state) => state.forms[draftKey(layer.id, id)])
  const owner = usePage((state) => state.blank?.collectivity)
  const [collectivity, setCollectivity] = useState(owner ?? layer.editableIn[0])
  useFirstValues(subject)
  const [deleting, setDeleting] = useState(false)
  const typed = draft !== undefined && Object.keys(draft.changes).length > 0
  const dirty = typed || edit.dirty
  const outdated = Boolean(
    dirty && draft?.version && feature && draft.version !== feature.version && !save.saving,
  )
  useWarnOnLeave(dirty)
  return (
    <>
      <div className={classes.scroll}>
        {outdated && (
          <Alert
            m="sm"
            color="yellow"
            icon={<IconAlertTriangle aria-hidden />}
            title={t('record.outdated.title')}
          >
            <Text size="sm">{t('record.outdated.text')}</Text>
            <Button mt="xs" size="xs" variant="default" onClick={save.discard}>
              {t('record.outdated.reload')}
            </Button>
          </Alert>
        )}
        {save.faults && (
          <FaultList faults={save.faults.others} some={Object.keys(save.faults.fields).length} />
        )}
        {blank && onMap(layer) && <DrawIt onDraw={() => map.edit.startDraw(layer)} />}
        {!id && edit.mode === 'draw' && (
          <Alert m="sm" title={t('record.drawFirst')}>
            {t('record.drawFirstText')}
          </Alert>
        )}
        {!id && <Owner layer={layer} value={collectivity} onChange={setCollectivity} />}
        <Part fallback={<Text p="sm">{t('loading')}</Text>}>
          <RecordForm
            formId={FORM}
            layer={layer}
            feature={feature}
            faults={save.faults?.fields}
            onSubmit={() => void save.save(collectivity)}
          />
        </Part>
      </div>
      <footer className={classes.actions}>
        {feature && (
          <Button
            size="xs"
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            {t('record.delete.button')}
          </Button>
        )}
        <Group gap="xs" ml="auto">
          {typed && (
            <Button size="xs" variant="default" onClick={save.discard} disabled={save.saving}>
              {t('record.discard')}
            </Button>
          )}
          <Button
            size="xs"
            type="submit"
            form={FORM}
            loading={save.saving}
            disabled={id ? !dirty : !blank && !edit.complete}
          >
            {t('record.save')}
          </Button>
        </Group>
      </footer>
      <Part>
        {deleting && feature && (
          <DeleteDialog
            layer={layer}
            feature={feature}
            save={save}
            onClose={() => setDeleting(false)}
          />
        )}
      </Part>
    </>
  )
}

/** A new record of a layer with shapes may have one from the start. */
function DrawIt({ onDraw }: { onDraw: () => void }) {
  const { t } = useTranslation()
  return (
    <Button
      m="sm"
      mb={0}
      size="xs"
      variant="default"
      leftSection={<IconPolygon size={16} aria-hidden />}
      onClick={onDraw}
    >
      {t('record.drawIt')}
    </Button>
  )
}

/** A record that begins in its form knows to which it belongs. */
function useFirstValues({ layer, blank }: Subject) {
  const values = usePage((state) => state.blank?.values)
  useEffect(() => {
    const key = draftKey(layer.id, undefined)
    if (!blank || !values || drafts.of(key)) return
    const changes = Object.entries(values).map(([name, text]) => {
      const whole = layer.fields.find((field) => field.name === name)?.type === 'integer'
      return [name, whole ? Number(text) : text]
    })
    drafts.put(key, { changes: Object.fromEntries(changes) })
  }, [layer, blank, values])
}

function FaultList({ faults, some }: { faults: string[]; some: number }) {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer of the server is shown, the same one twice too
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [faults])
  return (
    <Alert ref={place} m="sm" color="red" role="alert" title={t('record.notSaved')}>
      {some > 0 && <Text size="sm">{t('record.seeFields', { count: some })}</Text>}
      {faults.length > 0 && (
        <List size="sm">
          {faults.map((fault) => (
            <List.Item key={fault}>{fault}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}

/** Which collectivity a new record is of, where there is a choice. */
function Owner({
  layer,
  value,
  onChange,
}: {
  layer: Register
  value: string | undefined
  onChange: (code: string) => void
}) {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery)
  if (layer.editableIn.length < 2) return null
  const name = (code: string) =>
    session?.collectivities.find((each) => each.code === code)?.name ?? code
  return (
    <NativeSelect
      m="sm"
      label={t('record.collectivity')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={layer.editableIn.map((code) => ({ value: code, label: name(code) }))}
    />
  )
}

/** The draft survives a reload of this tab, not its closing. */
function useWarnOnLeave(dirty: boolean) {
  useEffect(() => {
    if (!dirty) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [dirty])
}
