import { ActionIcon, Textarea, UnstyledButton } from '@mantine/core'
import { IconMessage, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { areaText, lengthText } from '../editing/quantity'
import { focusMap } from '../map/focus'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { Comment } from './api'
import type { Content, SheetEditor } from './editor'
import { boxOf, type Note, quantities } from './model'
import classes from './notes.module.css'
import { atHand, useAtHand } from './state'
import { change, remove } from './useNotesOnMap'

/** The notes of a sheet, as words. */
export function NoteList({
  content,
  editor,
  comments,
}: {
  content: Content
  editor: SheetEditor | null
  comments: Comment[]
}) {
  const { t } = useTranslation('notes')
  const map = useMap()
  const selected = useAtHand((state) => state.selected)
  function choose(note: Note) {
    atHand.select(note.id === selected ? null : note.id)
    const [minx, miny, maxx, maxy] = boxOf([note]) ?? [0, 0, 0, 0]
    const { extent, zoom } = map.view()
    const seen = minx < extent[2] && maxx > extent[0] && miny < extent[3] && maxy > extent[1]
    if (!seen) map.fit([minx, miny, maxx, maxy], { maxZoom: Math.max(zoom, 17) })
  }
  if (content.notes.length === 0) return null
  return (
    <ol className={classes.rows} aria-label={t('list')}>
      {content.notes.map((note) => {
        const said = comments.filter((comment) => comment.note === note.id).length
        return (
          <li key={note.id} data-selected={note.id === selected}>
            <div className={classes.row}>
              <UnstyledButton
                className={classes.note}
                aria-pressed={note.id === selected}
                onClick={() => choose(note)}
              >
                <span className={classes.dot} style={{ backgroundColor: note.colour }} />
                <Words note={note} />
                {said > 0 && (
                  <span className={classes.said}>
                    <IconMessage size={14} aria-label={t('comments')} /> {said}
                  </span>
                )}
              </UnstyledButton>
              {editor && (
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  aria-label={t('deleteNote', { note: note.text || t(`kind.${note.kind}`) })}
                  onClick={() => remove(editor, note.id)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </div>
            {editor && note.id === selected && <TextField note={note} editor={editor} />}
          </li>
        )
      })}
    </ol>
  )
}

/** What a note says, and its figures. */
function Words({ note }: { note: Note }) {
  const { t } = useTranslation('notes')
  const language = useLanguage()
  const { length, area } = note.figures ? quantities(note) : {}
  const figures = [
    area !== undefined && areaText(area, language),
    length !== undefined && lengthText(length, language),
  ].filter(Boolean)
  return (
    <span className={classes.words}>
      {note.text || t(`kind.${note.kind}`)}
      {figures.length > 0 && <span className={classes.figures}>{figures.join(' · ')}</span>}
    </span>
  )
}

/** A note that was just drawn is written to at once. */
function TextField({ note, editor }: { note: Note; editor: SheetEditor }) {
  const { t } = useTranslation('notes')
  const field = useRef<HTMLTextAreaElement>(null)
  const blank = useRef(note.text === '')
  useEffect(() => {
    if (blank.current) field.current?.focus()
  }, [])
  return (
    <Textarea
      ref={field}
      size="xs"
      mb={4}
      autosize
      minRows={1}
      maxRows={6}
      maxLength={2000}
      aria-label={t('text')}
      placeholder={t('text')}
      value={note.text}
      onChange={(event) => change(editor, note.id, { text: event.currentTarget.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        atHand.select(null)
        focusMap()
      }}
    />
  )
}
