import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Modal,
  Popover,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconBookmark, IconTrash, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListView } from '../api/client'
import type { Register } from '../api/model'
import { page } from '../page/state'
import { useSession } from '../session/useSession'
import type { Filter } from './filter'
import type { ListState } from './state'
import { useViews } from './useViews'

/** Searches saved under a name: taken up again, saved, shared, forgotten. */
export function ViewsMenu({ layer, list }: { layer: Register; list: ListState }) {
  const { t } = useTranslation()
  const { signedIn, views, drop } = useViews(layer.id)
  const [saving, setSaving] = useState(false)
  if (!signedIn) return null
  const take = ({ definition: { text, filter, sort, expired, columns } }: ListView) =>
    page.changeList({
      text: text ?? '',
      filter: (filter as Filter | undefined) ?? null,
      sort: sort ?? '',
      expired: expired ?? false,
      columns: columns ?? null,
      chosen: [],
    })
  return (
    <>
      <Popover withArrow shadow="md" position="bottom-end" width={280} trapFocus withRoles={false}>
        <Popover.Target>
          <Tooltip label={t('views.title')}>
            <ActionIcon variant="subtle" aria-label={t('views.title')} aria-haspopup="dialog">
              <IconBookmark size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={t('views.title')} p="xs">
          {views.length === 0 && (
            <Text size="xs" c="dimmed" mb="xs">
              {t('views.none')}
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.id} gap={2} wrap="nowrap">
              <Button
                size="compact-sm"
                variant="subtle"
                justify="flex-start"
                flex={1}
                leftSection={
                  view.collectivity && <IconUsers size={14} aria-label={t('views.isShared')} />
                }
                onClick={() => take(view)}
              >
                {view.name}
              </Button>
              {view.mine && (
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  aria-label={t('views.drop', { name: view.name })}
                  onClick={() => drop.mutate(view.id ?? 0)}
                >
                  <IconTrash size={14} />
                </ActionIcon>
              )}
            </Group>
          ))}
          <Button
            mt={4}
            size="compact-sm"
            variant="light"
            fullWidth
            onClick={() => setSaving(true)}
          >
            {t('views.save')}
          </Button>
        </Popover.Dropdown>
      </Popover>
      {saving && <SaveView layer={layer} list={list} onClose={() => setSaving(false)} />}
    </>
  )
}

function SaveView({
  layer,
  list: { text, filter, sort, expired, columns },
  onClose,
}: {
  layer: Register
  list: ListState
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { session } = useSession()
  const { views, columns: chosen, save } = useViews(layer.id)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const mine = Object.keys(session?.profiles ?? {})
  const codes = mine.length > 0 ? mine : (session?.collectivities ?? []).map(({ code }) => code)
  const before = views.find((view) => view.mine && view.name === name.trim())
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('views.save')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(
            {
              id: before?.id,
              name,
              collectivity: shared ? codes[0] : undefined,
              definition: {
                text: text || undefined,
                filter: filter ?? undefined,
                sort: sort || undefined,
                expired: expired || undefined,
                columns: columns ?? (chosen?.length ? chosen : undefined),
              },
            },
            { onSuccess: onClose },
          )
        }}
      >
        <TextInput
          data-autofocus
          required
          maxLength={100}
          label={t('views.name')}
          value={name}
          error={save.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {codes.length === 1 && (
          <Checkbox
            mt="sm"
            label={t('views.shared')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        )}
        {before && (
          <Text size="xs" mt="xs">
            {t('views.replaces')}
          </Text>
        )}
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={save.isPending}>
            {t('views.saveIt')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
