import { ActionIcon, Button, Group, Text, Textarea, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { moment } from '../words/values'
import { notesApi, type Sheet, sheetKey } from './api'
import type { Content } from './editor'
import classes from './notes.module.css'
import { useAtHand } from './state'

const SIGNED = 'arpent.notes.author'

/** What people say to a sheet, or to one of its notes. */
export function Comments({
  word,
  sheet,
  content,
}: {
  word: string
  sheet: Sheet
  content: Content
}) {
  const { t } = useTranslation('notes')
  const language = useLanguage()
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: sheetKey(word) })
  const drop = useMutation({
    mutationFn: (comment: number) => notesApi.dropComment(sheet.id, comment),
    onSettled: again,
  })
  const about = (id: string | undefined) => content.notes.find((note) => note.id === id)
  if (!sheet.mayComment && sheet.comments.length === 0) return null
  return (
    <section className={classes.comments} aria-label={t('comments')}>
      <Text component="h3" size="xs" c="dimmed">
        {t('comments')}
      </Text>
      <ul className={classes.rows}>
        {sheet.comments.map((comment) => {
          const note = about(comment.note)
          return (
            <li key={comment.id} className={classes.comment}>
              <Group gap={4} wrap="nowrap" justify="space-between" align="flex-start">
                <Text size="xs" c="dimmed">
                  {comment.guest ? t('guest', { author: comment.author }) : comment.author},{' '}
                  {moment(comment.at, language)}
                  {note && ` · ${t('about', { note: note.text || t(`kind.${note.kind}`) })}`}
                </Text>
                {comment.mine && (
                  <ActionIcon
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={t('deleteComment', { author: comment.author })}
                    onClick={() => drop.mutate(comment.id)}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                )}
              </Group>
              <Text size="sm" className={classes.said}>
                {comment.text}
              </Text>
            </li>
          )
        })}
      </ul>
      {drop.error && (
        <Text size="xs" c="red" role="alert">
          {drop.error.message}
        </Text>
      )}
      {sheet.mayComment && <Say word={word} content={content} onSaid={again} />}
    </section>
  )
}

function Say({
  word,
  content,
  onSaid,
}: {
  word: string
  content: Content
  onSaid: () => Promise<void>
}) {
  const { t } = useTranslation('notes')
  const { session } = useSession()
  const selected = useAtHand((state) => state.selected)
  const note = content.notes.find(({ id }) => id === selected)
  const [text, setText] = useState('')
  const [author, setAuthor] = useState(() => localStorage.getItem(SIGNED) ?? '')
  const guest = !session?.user
  const say = useMutation({
    mutationFn: () =>
      notesApi.comment(word, { text, ...(note && { note: note.id }), ...(guest && { author }) }),
    onSuccess: () => {
      setText('')
      if (guest) localStorage.setItem(SIGNED, author)
      return onSaid()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        say.mutate()
      }}
    >
      {guest && (
        <TextInput
          size="xs"
          mb={4}
          required
          withAsterisk={false}
          maxLength={100}
          aria-label={t('author')}
          placeholder={t('author')}
          value={author}
          onChange={(event) => setAuthor(event.currentTarget.value)}
        />
      )}
      <Textarea
        size="xs"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
        aria-label={note ? t('sayAbout') : t('say')}
        placeholder={note ? t('sayAbout') : t('say')}
        value={text}
        error={say.error?.message}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        type="submit"
        mt={4}
        size="compact-xs"
        variant="default"
        disabled={!text.trim() || (guest && !author.trim())}
        loading={say.isPending}
      >
        {t('send')}
      </Button>
    </form>
  )
}
