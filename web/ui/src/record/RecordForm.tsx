import { Alert, Button, MantineThemeProvider, Text } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import '@mantine/dates/styles.css'
import 'dayjs/locale/fr'
import Form from '@rjsf/mantine'
import type { ErrorSchema, RJSFSchema, UiSchema } from '@rjsf/utils'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Feature, LayerInfo, Properties } from '../api/model'
import { formQuery } from '../api/queries'
import { useLanguage } from '../words/i18n'
import { changedFields, present } from './changes'
import { draftKey, drafts, useDrafts } from './drafts'
import classes from './record.module.css'
import { formValidator } from './validator'

interface Props {
  formId: string
  layer: LayerInfo
  /** Absent for a new record. */
  feature: Feature | undefined
  faults: Record<string, string[]> | undefined
  onSubmit: () => void
}

/** The form of a record as its JSON Schema says; what is typed is a draft until it is saved. */
export default function RecordForm({ formId, layer, feature, faults, onSubmit }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data: form, error, refetch } = useQuery(formQuery(layer.id, language))
  const key = draftKey(layer.id, feature?.id)
  const draft = useDrafts((state) => state.forms[key])
  const base = feature?.properties ?? NOTHING
  const names = useMemo(() => Object.keys(form?.schema.properties ?? {}), [form])
  const writable = useMemo(() => namesToWrite(form?.schema), [form])
  const uiSchema = useMemo(() => ({ ...form?.uiSchema, ...PLAIN }) as UiSchema, [form])
  const schema = useMemo(() => ({ ...form?.schema, title: undefined }) as RJSFSchema, [form])
  const data = useMemo(
    () => present(only(names, { ...base, ...draft?.changes })),
    [names, base, draft],
  )
  const validator = useMemo(() => formValidator(t), [t])
  const extraErrors = useMemo(() => errorsOf(faults), [faults])

  function typed(next: Properties) {
    const changes = changedFields(base, next, writable)
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
  if (!form) return <Text p="sm">{t('loading')}</Text>
  return (
    <MantineThemeProvider theme={COMPACT}>
      <DatesProvider settings={{ locale: language }}>
        <Form
          id={formId}
          className={classes.form}
          schema={schema}
          uiSchema={uiSchema}
          validator={validator}
          formData={data}
          extraErrors={extraErrors}
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

/** Many fields on a small screen: small inputs. */
const small = { defaultProps: { size: 'xs' } }
const COMPACT = {
  components: {
    TextInput: small,
    NumberInput: small,
    Select: small,
    Textarea: small,
    DateInput: small,
    DateTimePicker: small,
  },
}

/** Faults stand at their fields; without this rjsf also writes them to the console. */
const alreadyShown = () => undefined

const NOTHING: Properties = {}

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
