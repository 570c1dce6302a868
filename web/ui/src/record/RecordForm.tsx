import { Alert, Button, MantineThemeProvider, Text } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import '@mantine/dates/styles.css'
import dayjs from 'dayjs'
import 'dayjs/locale/fr'
import Form from '@rjsf/mantine'
import type { ErrorSchema, RJSFSchema, UiSchema } from '@rjsf/utils'
import { useQuery } from '@tanstack/react-query'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation, Feature, Properties, Register } from '../api/model'
import { formQuery } from '../api/queries'
import type { Language } from '../map/api'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { changedFields, present } from './changes'
import { draftKey, drafts, useDrafts } from './drafts'
import { FormSections } from './FormSections'
import { asEvaluated, orderOf } from './live'
import { Personal } from './Personal'
import classes from './record.module.css'
import { useEvaluation } from './useEvaluation'
import { formValidator } from './validator'
import { type FormSurroundings, widgets } from './widgets'

dayjs.extend(customParseFormat) // days are typed as they are shown

interface Props {
  formId: string
  layer: Register
  /** Absent for a new record. */
  feature: Feature | undefined
  /** Of a new record that is not the one being made: under what its draft is kept. */
  draftOf?: string
  faults: Record<string, string[]> | undefined
  onSubmit: () => void
}

/** The form of a record as its JSON Schema says; what is typed is a draft until it is saved. */
export default function RecordForm({ formId, layer, feature, draftOf, faults, onSubmit }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data: form, error, refetch } = useQuery(formQuery(layer.id, language))
  const key = draftKey(layer.id, feature?.id ?? draftOf)
  const draft = useDrafts((state) => state.forms[key])
  const base = feature?.properties ?? NOTHING
  const names = useMemo(() => layer.fields.map(({ name }) => name), [layer])
  const writable = useMemo(() => namesToWrite(form?.schema), [form])
  const filled = useMemo(() => only(names, { ...base, ...draft?.changes }), [names, base, draft])
  const { evaluation, pending, stale } = useEvaluation(layer, feature?.id, filled)
  const schema = useMemo(
    () => asEvaluated({ ...withUnits(form?.schema ?? {}, layer), title: undefined }, evaluation),
    [form, layer, evaluation],
  )
  const uiSchema = useMemo(
    () =>
      ({
        ...withDates(form?.uiSchema ?? {}, layer, language),
        ...PLAIN,
        'ui:order': orderOf(form?.uiSchema['ui:order'] ?? [], schema),
      }) as UiSchema,
    [form, schema, layer, language],
  )
  // A new record has its first values until others are typed; they are computed again when it is saved.
  const first = feature ? NOTHING : (evaluation?.initial ?? NOTHING)
  const data = useMemo(
    () =>
      present(
        only(Object.keys(schema.properties ?? {}), {
          ...first,
          ...present(filled),
          ...evaluation?.values,
          ...kept(first, draft?.changes),
        }),
      ),
    [schema, first, filled, evaluation, draft],
  )
  const unsure = stale ? evaluation?.required : undefined
  const validator = useMemo(() => formValidator(t, unsure), [t, unsure])
  const extraErrors = useMemo(
    () => errorsOf(together(ruleFaults(evaluation), faults)),
    [evaluation, faults],
  )
  const trail = usePage((state) => state.trail)
  const surroundings: FormSurroundings = useMemo(
    () => ({
      data,
      labels: feature?.labels ?? NO_LABELS,
      stored: base,
      trail: feature ? [...trail, { layer: layer.id, id: feature.id }] : trail,
    }),
    [data, feature, base, trail, layer],
  )

  function typed(next: Properties) {
    const shownNow = writable.filter((name) => name in (schema.properties ?? {}))
    const changes = {
      ...hiddenChanges(draft?.changes, shownNow),
      ...changedFields({ ...first, ...base }, next, shownNow),
    }
    if (draft === undefined && Object.keys(changes).length === 0) return
    drafts.put(key, { version: draft?.version ?? feature?.version, changes })
  }

  if (error) {
    return (
      <Alert m="sm" color="red" title={t('record.noForm')}>
        <Button size="xs" variant="default" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </Alert>
    )
  }
  if (!form || pending) return <Text p="sm">{t('loading')}</Text>
  const asked = Object.keys(form.schema.properties ?? {})
  return (
    <MantineThemeProvider theme={COMPACT}>
      <DatesProvider settings={{ locale: language }}>
        <Personal
          layer={layer}
          seen={feature ? asked.filter((name) => name in feature.properties) : asked}
        />
        <Form
          id={formId}
          className={classes.form}
          schema={schema}
          uiSchema={uiSchema}
          validator={validator}
          formData={data}
          extraErrors={extraErrors}
          formContext={surroundings}
          widgets={widgets}
          templates={TEMPLATES}
          showErrorList={false}
          noHtml5Validate
          focusOnFirstError
          experimental_defaultFormStateBehavior={{
            emptyObjectFields: feature ? 'skipDefaults' : 'populateAllDefaults',
            constAsDefaults: 'never', // the first choice of a list is not chosen by itself
          }}
          onChange={({ formData }) => typed((formData ?? {}) as Properties)}
          onSubmit={onSubmit}
          onError={alreadyShown}
        >
          {NO_BUTTONS}
        </Form>
      </DatesProvider>
    </MantineThemeProvider>
  )
}

const TEMPLATES = { ObjectFieldTemplate: FormSections }

/** Many fields on a small screen: small inputs. */
const small = { defaultProps: { size: 'xs' } }
const COMPACT = {
  components: {
    TextInput: small,
    NumberInput: small,
    Select: small,
    NativeSelect: small,
    Textarea: small,
    DateInput: small,
    DateTimePicker: small,
    Checkbox: small,
    Radio: small,
    RadioGroup: small,
    ColorInput: small,
  },
}

/** Faults stand at their fields; without this rjsf also writes them to the console. */
const alreadyShown = () => undefined

const NOTHING: Properties = {}
const NO_LABELS = {}

/** How a day is typed and read. */
const DAYS: Record<Language, string> = { fr: 'DD/MM/YYYY', en: 'D MMM YYYY' }

function withDates(ui: Record<string, unknown>, { fields }: Register, language: Language) {
  const dates = fields.flatMap(({ name, type }) => {
    const own = ui[name] as UiSchema | undefined
    if (type !== 'date' || !own) return []
    return [
      [name, { ...own, 'ui:options': { ...own['ui:options'], displayFormat: DAYS[language] } }],
    ]
  })
  return { ...ui, ...Object.fromEntries(dates) }
}

/** A unit stands beside the name of its field. */
function withUnits(schema: RJSFSchema, { fields }: Register): RJSFSchema {
  const units = fields.flatMap(({ name, unit }) => {
    const own = schema.properties?.[name]
    return unit && typeof own === 'object'
      ? [[name, { ...own, title: `${own.title} (${unit})` }]]
      : []
  })
  return { ...schema, properties: { ...schema.properties, ...Object.fromEntries(units) } }
}

/** What was typed before its field was hidden is kept, should the field come back. */
const hiddenChanges = (changes: Properties = {}, shown: string[]): Properties =>
  Object.fromEntries(Object.entries(changes).filter(([name]) => !shown.includes(name)))

/** Of the fields with a first value, those that something was typed over; a cleared one is null. */
const kept = (first: Properties, changes: Properties = {}): Properties =>
  Object.fromEntries(Object.entries(changes).filter(([name]) => name in first))

/** Rules that are broken at the moment, by field. */
function ruleFaults(evaluation: Evaluation | undefined): Record<string, string[]> {
  const faults: Record<string, string[]> = {}
  for (const { location, message } of evaluation?.faults ?? []) {
    if (location) faults[location] = [...(faults[location] ?? []), message]
  }
  return faults
}

/** Faults of two sources, none said twice. */
function together(
  some: Record<string, string[]>,
  others: Record<string, string[]> = {},
): Record<string, string[]> {
  const names = [...Object.keys(some), ...Object.keys(others)]
  return Object.fromEntries(
    names.map((name) => [name, [...new Set([...(some[name] ?? []), ...(others[name] ?? [])])]]),
  )
}

/** In place of the form's own submit button. */
const NO_BUTTONS = <span hidden />

/** The panel has its own buttons and its own title. */
const PLAIN = {
  'ui:submitButtonOptions': { norender: true },
  'ui:title': '',
  'ui:options': { gridVerticalSpacing: 4 },
}

const only = (names: string[], properties: Properties): Properties =>
  Object.fromEntries(names.map((name) => [name, properties[name]]))

function namesToWrite(schema: Record<string, unknown> | undefined): string[] {
  const fields = (schema?.properties ?? {}) as Record<string, { readOnly?: boolean }>
  return Object.keys(fields).filter((name) => !fields[name]?.readOnly)
}

const errorsOf = (faults: Record<string, string[]> = {}): ErrorSchema =>
  Object.fromEntries(
    Object.entries(faults).map(([name, __errors]) => [name, { __errors } as ErrorSchema]),
  )
