import { ActionIcon, ColorInput, NativeSelect, TextInput, Tooltip } from '@mantine/core'
import { Widgets } from '@rjsf/mantine'
import { getTemplate, type RegistryWidgetsType, type WidgetProps } from '@rjsf/utils'
import { IconExternalLink } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { Properties } from '../api/model'
import type { FeatureRef } from '../map/api'
import { useSelect } from '../page/useSelect'
import { ReferencePicker } from './ReferencePicker'

/** What widgets know of the form around them. */
export interface FormSurroundings {
  /** As filled in at the moment. */
  data: Properties
  /** Titles of the records that references are to, as the server read them. */
  labels: Record<string, string>
  /** The same references, unchanged. */
  stored: Properties
  /** The way to the record of this form, itself included; empty for a new one. */
  trail: FeatureRef[]
}

interface ReferenceTo {
  layer: string
  where?: Record<string, string>
}

/** Chooses the record that the field refers to. */
function ReferenceWidget(props: WidgetProps) {
  const { id, name, label, schema, value, required, readonly, disabled, rawErrors, onChange } =
    props
  const select = useSelect()
  const to = (schema as { 'x-reference'?: ReferenceTo })['x-reference']
  const { data, labels, stored, trail } = props.registry.formContext as FormSurroundings
  if (!to) return null
  const where = Object.fromEntries(
    Object.entries(to.where ?? {}).flatMap(([theirs, ours]) => {
      const wanted = data[ours]
      return wanted === null || wanted === undefined ? [] : [[theirs, String(wanted)]]
    }),
  )
  const whole = [schema.type].flat().includes('integer')
  const current = value === null || value === undefined ? null : String(value)
  return (
    <ReferencePicker
      id={id}
      label={label}
      description={schema.description}
      error={rawErrors?.join('\n') || undefined}
      required={required}
      disabled={readonly || disabled}
      layer={to.layer}
      where={where}
      value={current}
      known={current !== null && current === String(stored[name]) ? labels[name] : undefined}
      onChange={(chosen) => onChange(chosen === null ? undefined : whole ? Number(chosen) : chosen)}
      onOpen={() =>
        current !== null && select({ layer: to.layer, id: current }, { trail, tab: 'form' })
      }
    />
  )
}

const ADDRESS = /^https?:\/\//i

/** An address of the web, with the way to it. */
function UrlWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const { id, label, schema, value, required, readonly, disabled, rawErrors, options } = props
  const text = String(value ?? '')
  return (
    <TextInput
      id={id}
      type="url"
      label={label}
      description={schema.description}
      error={rawErrors?.join('\n') || undefined}
      required={required}
      disabled={readonly || disabled}
      value={text}
      onChange={(event) => props.onChange(event.currentTarget.value || options.emptyValue)}
      rightSectionPointerEvents="all"
      rightSection={
        ADDRESS.test(text) && (
          <Tooltip label={t('record.visit')}>
            <ActionIcon
              component="a"
              href={text}
              target="_blank"
              rel="noopener noreferrer"
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`${t('record.visit')} (${label})`}
            >
              <IconExternalLink size={14} />
            </ActionIcon>
          </Tooltip>
        )
      }
    />
  )
}

/** A telephone number, for which a telephone shows its digits. */
function TelWidget(props: WidgetProps) {
  const Input = getTemplate('BaseInputTemplate', props.registry, props.options)
  return <Input {...props} type="tel" />
}

/** A colour, typed or picked. */
function ColorWidget(props: WidgetProps) {
  const { id, label, schema, value, required, readonly, disabled, rawErrors, options } = props
  return (
    <ColorInput
      id={id}
      label={label}
      description={schema.description}
      error={rawErrors?.join('\n') || undefined}
      required={required}
      disabled={readonly || disabled}
      withEyeDropper={false}
      value={String(value ?? '')}
      onChange={(chosen) => props.onChange(chosen || options.emptyValue)}
    />
  )
}

/** Up to how many choices are all shown at once; more are searched. */
const FEW = 20

/** A few choices: the browser's own list, which is light and which a telephone shows in its manner. */
function SelectWidget(props: WidgetProps) {
  const { id, label, schema, value, required, readonly, disabled, rawErrors, options } = props
  const choices = options.enumOptions ?? []
  if (choices.length > FEW || props.multiple) return <Searched {...props} />
  const none = choices.find((choice) => choice.value === null)
  const words = choices.filter((choice) => choice !== none)
  const at = words.findIndex((choice) => choice.value === value)
  return (
    <NativeSelect
      id={id}
      label={label}
      description={schema.description}
      error={rawErrors?.join('\n') || undefined}
      required={required}
      disabled={readonly || disabled}
      value={at < 0 ? '' : String(at)}
      onChange={(event) => {
        const chosen = event.currentTarget.value
        props.onChange(chosen === '' ? options.emptyValue : words[Number(chosen)]?.value)
      }}
      data={[
        ...(none || at < 0 ? [{ value: '', label: none?.label ?? '' }] : []),
        ...words.map((choice, i) => ({ value: String(i), label: choice.label })),
      ]}
    />
  )
}

const Searched = Widgets.SelectWidget as ComponentType<WidgetProps>

export const widgets: RegistryWidgetsType = {
  SelectWidget,
  color: ColorWidget,
  reference: ReferenceWidget,
  url: UrlWidget,
  tel: TelWidget,
}
