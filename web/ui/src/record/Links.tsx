import { ActionIcon, Anchor, Group, List, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refusal } from '../api/client'
import type { Change, Child, Feature, FeatureRow, Field, Register } from '../api/model'
import { keys } from '../api/queries'
import type { FeatureRef } from '../map/api'
import { usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { ReferencePicker } from './ReferencePicker'
import classes from './record.module.css'
import { shown } from './shown'

interface Props {
  parent: FeatureRef
  child: Child
  layer: Register
  rows: FeatureRow[]
  feature: Feature | undefined
}

/** Records joined to this one by rows that are nothing else: choose one to join it, remove it again. */
export function Links({ parent, child, layer, rows, feature }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const now = usePage((state) => state.moment === null)
  const [busy, setBusy] = useState(false)
  const other = layer.fields.find((field) => field.reference && field.name !== child.field)
  const own = feature?.collectivity
  const mayWrite = now && (own ? layer.editableIn.includes(own) : layer.editableIn.length > 0)
  if (!other?.reference) return null

  async function send(change: Change) {
    setBusy(true)
    try {
      await api.transact([change])
      void queries.invalidateQueries({ queryKey: keys.lists(layer.id) })
      void queries.invalidateQueries({ queryKey: ['related'] })
    } catch (refusal) {
      const message = refusal instanceof Refusal ? refusal.message : t('record.failed.other')
      notifications.show({ id: 'links', color: 'red', message })
    } finally {
      setBusy(false)
    }
  }

  const join = (id: string | null) => {
    if (id === null || rows.some((row) => String(row.properties[other.name]) === id)) return
    const self = layer.fields.find(({ name }) => name === child.field)
    void send({
      op: 'create',
      layer: layer.id,
      collectivity: own,
      properties: { [child.field]: typed(self, parent.id), [other.name]: typed(other, id) },
    })
  }
  return (
    <>
      {mayWrite && (
        <div className={classes.form}>
          <ReferencePicker
            id={`join-${layer.id}`}
            label={t('children.join')}
            layer={other.reference.layer}
            value={null}
            disabled={busy}
            onChange={join}
          />
        </div>
      )}
      {rows.length === 0 && (
        <Text size="xs" c="dimmed" p="sm">
          {t('children.none')}
        </Text>
      )}
      <List listStyleType="none" px="sm" pb="sm">
        {rows.map((row) => (
          <List.Item
            key={row.id}
            classNames={{ itemWrapper: classes.wide, itemLabel: classes.wide }}
          >
            <Joined parent={parent} row={row} other={other}>
              {mayWrite && (
                <Remove
                  row={row}
                  disabled={busy}
                  onClick={() =>
                    void send({ op: 'delete', layer: layer.id, id: row.id, version: row.version })
                  }
                />
              )}
            </Joined>
          </List.Item>
        ))}
      </List>
    </>
  )
}

function Joined({
  parent,
  row,
  other,
  children,
}: {
  parent: FeatureRef
  row: FeatureRow
  other: Field
  children: React.ReactNode
}) {
  const language = useLanguage()
  const select = useSelect()
  const trail = usePage((state) => state.trail)
  const id = row.properties[other.name]
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="left"
        onClick={() =>
          other.reference &&
          select(
            { layer: other.reference.layer, id: String(id) },
            { trail: [...trail, parent], tab: 'form' },
          )
        }
      >
        {shown(row, other, language) || row.label || String(id)}
      </Anchor>
      {children}
    </Group>
  )
}

function Remove({
  row,
  disabled,
  onClick,
}: {
  row: FeatureRow
  disabled: boolean
  onClick: () => void
}) {
  const { t } = useTranslation()
  return (
    <ActionIcon
      variant="subtle"
      color="red"
      aria-label={t('children.part', { label: row.label })}
      disabled={disabled}
      onClick={onClick}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}

/** An identifier as its field holds it. */
const typed = (field: Field | undefined, id: string) =>
  field?.type === 'integer' ? Number(id) : id
