import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { page } from '../page/state'
import { designOf, emptyLayer, type LayerDraft, newField } from './draft'
import { FieldRow } from './FieldRow'
import { useSubmit } from './useSubmit'
import { Wrong } from './Wrong'

const SHAPES = ['', 'Point', 'MultiLineString', 'MultiPolygon'] as const

/** Designs a layer: its title, its shape and its fields. */
export function NewLayer({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<LayerDraft>(emptyLayer)
  const { submit, busy, wrong } = useSubmit()
  const design = designOf(draft)
  const change = (some: Partial<LayerDraft>) => setDraft({ ...draft, ...some })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!design) return
    void submit(
      () => api.createDesign(design),
      () => {
        notifications.show({ color: 'green', message: t('design.made', { title: draft.title }) })
        page.openList(design.id)
        onDone()
      },
    )
  }
  return (
    <form onSubmit={send}>
      <Stack>
        <TextInput
          label={t('design.name')}
          description={design ? t('design.id', { id: design.id }) : t('design.nameHelp')}
          required
          data-autofocus
          value={draft.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('design.shape')}
          value={draft.geometry}
          onChange={(event) =>
            change({ geometry: event.currentTarget.value as LayerDraft['geometry'] })
          }
          data={SHAPES.map((value) => ({ value, label: t(`design.shapes.${value || 'none'}`) }))}
        />
        <Group>
          <Checkbox
            label={t('design.public')}
            checked={draft.public}
            onChange={(event) => change({ public: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('design.shared')}
            checked={draft.shared}
            onChange={(event) => change({ shared: event.currentTarget.checked })}
          />
        </Group>
        <Text component="h3" fw={600} size="sm">
          {t('design.fields')}
        </Text>
        {draft.fields.map((field, i) => (
          <FieldRow
            key={field.key}
            field={field}
            number={i + 1}
            onChange={(after) =>
              change({ fields: draft.fields.map((each) => (each === field ? after : each)) })
            }
            onRemove={
              draft.fields.length > 1
                ? () => change({ fields: draft.fields.filter((each) => each !== field) })
                : undefined
            }
          />
        ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() =>
              change({
                fields: [
                  ...draft.fields,
                  newField(Math.max(...draft.fields.map(({ key }) => key)) + 1),
                ],
              })
            }
          >
            {t('design.addField')}
          </Button>
        </Group>
        <Wrong lines={wrong} />
        <Button type="submit" loading={busy} disabled={!design}>
          {t('design.create')}
        </Button>
      </Stack>
    </form>
  )
}
