import { ActionIcon, Menu, TextInput, UnstyledButton } from '@mantine/core'
import { IconDotsVertical, IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { altStep, MoveItems } from '../page/MoveItems'
import type { Bookmark } from './api'
import classes from './bookmarks.module.css'

interface Props {
  bookmark: Bookmark
  first: boolean
  last: boolean
  onGo: () => void
  onRename: (name: string) => void
  onRenew: () => void
  onMove: (by: number) => void
  onRemove: () => void
}

export function BookmarkRow(props: Props) {
  const { bookmark, onGo, onRename, onMove } = props
  const { t } = useTranslation('bookmarks')
  const [renaming, setRenaming] = useState(false)
  if (renaming) {
    return (
      <li>
        <Rename
          name={bookmark.name}
          onDone={(name) => {
            setRenaming(false)
            if (name && name !== bookmark.name) onRename(name)
          }}
        />
      </li>
    )
  }
  return (
    <li className={classes.row}>
      <UnstyledButton
        className={classes.name}
        title={t('go', { name: bookmark.name })}
        onClick={onGo}
        onKeyDown={(event) => {
          const by = altStep(event)
          if (!by || !bookmark.editable) return
          event.preventDefault()
          onMove(by)
        }}
      >
        {bookmark.name}
      </UnstyledButton>
      {bookmark.editable && <RowMenu {...props} onStartRename={() => setRenaming(true)} />}
    </li>
  )
}

function RowMenu(props: Props & { onStartRename: () => void }) {
  const { bookmark, first, last, onRenew, onMove, onRemove, onStartRename } = props
  const { t } = useTranslation('bookmarks')
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false} returnFocus>
      <Menu.Target>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('actionsOf', { name: bookmark.name })}
        >
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onStartRename}>
          {t('rename')}
        </Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={onRenew}>
          {t('renew')}
        </Menu.Item>
        <MoveItems
          up={t('up')}
          down={t('down')}
          onUp={first ? undefined : () => onMove(-1)}
          onDown={last ? undefined : () => onMove(1)}
        />
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onRemove}>
          {t('delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Null: as it was. */
function Rename({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  const { t } = useTranslation('bookmarks')
  const [text, setText] = useState(name)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onDone(text.trim())
      }}
    >
      <TextInput
        size="xs"
        autoFocus
        maxLength={200}
        aria-label={t('name')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => onDone(text.trim())}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          onDone(null)
        }}
      />
    </form>
  )
}
