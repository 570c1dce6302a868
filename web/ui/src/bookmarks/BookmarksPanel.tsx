import { Button, Checkbox, Group, Loader, NativeSelect, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ToolPanel } from '../page/ToolPanel'
import { useSession } from '../session/useSession'
import { BookmarkRow } from './BookmarkRow'
import classes from './bookmarks.module.css'
import { useBookmarks } from './useBookmarks'
import { useGoTo } from './useGoTo'

/** Views of the map that one comes back to. */
export default function BookmarksPanel() {
  const { t } = useTranslation('bookmarks')
  const { session } = useSession()
  const bookmarks = useBookmarks()
  const goTo = useGoTo()
  const codes = session?.user?.admin
    ? session.collectivities.map(({ code }) => code)
    : (session?.administers ?? [])
  const town = (code: string) =>
    session?.collectivities.find((each) => each.code === code)?.name ?? code
  return (
    <ToolPanel title={t('title')} close={t('close')}>
      {bookmarks.isPending && <Loader size="sm" aria-label={t('loading')} />}
      {bookmarks.error && (
        <Group>
          <Text size="sm" role="alert">
            {t('failed')}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => void bookmarks.refetch()}>
            {t('retry')}
          </Button>
        </Group>
      )}
      {!bookmarks.isPending && !bookmarks.error && bookmarks.owners.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(session?.user ? 'none' : 'signIn')}
        </Text>
      )}
      {bookmarks.owners.map(({ collectivity, bookmarks: own }) => (
        <section key={collectivity ?? ''} aria-label={collectivity ? town(collectivity) : t('own')}>
          {collectivity && (
            <Text component="h3" size="xs" c="dimmed" mt={4}>
              {t('of', { town: town(collectivity) })}
            </Text>
          )}
          <ul className={classes.rows}>
            {own.map((bookmark, i) => (
              <BookmarkRow
                key={bookmark.id}
                bookmark={bookmark}
                first={i === 0}
                last={i === own.length - 1}
                onGo={() => goTo(bookmark.view)}
                onRename={(name) => bookmarks.rename(bookmark.id, name)}
                onRenew={() => bookmarks.renew(bookmark.id)}
                onMove={(by) => bookmarks.move(bookmark, by)}
                onRemove={() => bookmarks.remove(bookmark)}
              />
            ))}
          </ul>
        </section>
      ))}
      {session?.user && <Add add={bookmarks.add} codes={codes} town={town} />}
    </ToolPanel>
  )
}

function Add({
  add,
  codes,
  town,
}: {
  add: ReturnType<typeof useBookmarks>['add']
  /** Collectivities for whose people the reader may keep a view. */
  codes: string[]
  town: (code: string) => string
}) {
  const { t } = useTranslation('bookmarks')
  const [name, setName] = useState('')
  const [forAll, setForAll] = useState(false)
  const [code, setCode] = useState(codes[0] ?? '')
  return (
    <form
      className={classes.add}
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate(
          { name: name.trim(), ...(forAll && { collectivity: code }) },
          { onSuccess: () => setName('') },
        )
      }}
    >
      <Group gap={6} wrap="nowrap" align="flex-start">
        <TextInput
          size="xs"
          flex={1}
          required
          maxLength={200}
          aria-label={t('name')}
          placeholder={t('name')}
          value={name}
          error={add.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" disabled={!name.trim()} loading={add.isPending}>
          {t('keep')}
        </Button>
      </Group>
      {codes.length > 0 && (
        <Checkbox
          size="xs"
          label={codes.length === 1 ? t('forAll', { town: town(code) }) : t('forAllOf')}
          checked={forAll}
          onChange={(event) => setForAll(event.currentTarget.checked)}
        />
      )}
      {codes.length > 1 && forAll && (
        <NativeSelect
          size="xs"
          aria-label={t('forAllOf')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          data={codes.map((each) => ({ value: each, label: town(each) }))}
        />
      )}
    </form>
  )
}
