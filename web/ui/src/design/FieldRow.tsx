import {
  ActionIcon,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { FieldDraft, FieldKind } from './draft'

const KINDS: FieldKind[] = ['text', 'choice', 'integer', 'number', 'boolean', 'date', 'datetime']

/** One field of a layer that is being designed. */
export function FieldRow({
  field,
  number,
  onChange,
  onRemove,
}: {
  field: FieldDraft
  number: number
  onChange: (field: FieldDraft) => void
  onRemove?: (() => void) | undefined
}) {
  const { t } = useTranslation()
  const change = (some: Partial<FieldDraft>) => onChange({ ...field, ...some })
  return (
    <Fieldset legend={t('design.fieldNumber', { number })} p="xs">
      <Group align="end" gap="xs">
        <TextInput
          flex="2 1 180px"
          label={t('design.fieldName')}
          value={field.label}
          onChange={(event) => change({ label: event.currentTarget.value })}
        />
        <NativeSelect
          flex="1 1 130px"
          label={t('design.fieldKind')}
          value={field.kind}
          onChange={(event) => change({ kind: event.currentTarget.value as FieldKind })}
          data={KINDS.map((value) => ({ value, label: t(`design.kinds.${value}`) }))}
        />
        <Checkbox
          mb={8}
          label={t('design.required')}
          checked={field.required}
          onChange={(event) => change({ required: event.currentTarget.checked })}
        />
        {onRemove && (
          <Tooltip label={t('design.removeField', { number })}>
            <ActionIcon
              mb={4}
              variant="default"
              aria-label={t('design.removeField', { number })}
              onClick={onRemove}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {field.kind === 'choice' && (
        <Textarea
          mt="xs"
          label={t('design.choices')}
          description={t('design.choicesHelp')}
          autosize
          minRows={2}
          value={field.choices}
          onChange={(event) => change({ choices: event.currentTarget.value })}
        />
      )}
    </Fieldset>
  )
}
