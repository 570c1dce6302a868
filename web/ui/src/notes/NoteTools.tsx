import { Group, Text } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMove,
  IconArrowUpRight,
  IconLetterT,
  IconLine,
  IconPolygon,
  IconScribble,
  IconShare,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { SnapMenu } from '../drawing/SnapMenu'
import { Tool } from '../editing/Tool'
import { useLayers } from '../layers/useLayers'
import { useLanguage } from '../words/i18n'
import type { EditorState, SheetEditor } from './editor'
import { LookFields } from './LookFields'
import { KINDS } from './model'
import { atHand, useAtHand } from './state'
import { change } from './useNotesOnMap'

const ICONS = {
  text: IconLetterT,
  line: IconLine,
  arrow: IconArrowUpRight,
  freehand: IconScribble,
  polygon: IconPolygon,
}

/** What draws on one's sheet, and in which look. */
export function NoteTools({
  editor,
  edited,
  onShare,
}: {
  editor: SheetEditor
  edited: EditorState
  onShare: () => void
}) {
  const { t } = useTranslation('notes')
  const language = useLanguage()
  const { layers, context } = useLayers()
  const { tool, selected, whole, look } = useAtHand()
  const note = edited.content.notes.find(({ id }) => id === selected)
  const titles = new Map(layers.map(({ id, title }) => [id, title[language]]))
  const visible = context
    .filter((layer) => layer.visible)
    .map(({ id }) => ({ id, title: titles.get(id) ?? id }))
  return (
    <>
      <Group role="toolbar" aria-label={t('tools')} gap={3} mt={6}>
        {KINDS.map((kind) => {
          const Icon = ICONS[kind]
          return (
            <Tool
              key={kind}
              label={t(`kind.${kind}`)}
              pressed={tool === kind}
              onClick={() => atHand.draw(tool === kind ? null : kind)}
            >
              <Icon size={18} />
            </Tool>
          )
        })}
        <SnapMenu layers={visible} />
        <Tool
          label={t('move')}
          pressed={whole}
          disabled={!note}
          onClick={() => useAtHand.setState({ whole: !whole })}
        >
          <IconArrowsMove size={18} />
        </Tool>
        <Tool label={t('undo')} disabled={!edited.canUndo} onClick={() => editor.undo()}>
          <IconArrowBackUp size={18} />
        </Tool>
        <Tool label={t('redo')} disabled={!edited.canRedo} onClick={() => editor.redo()}>
          <IconArrowForwardUp size={18} />
        </Tool>
        <Tool label={t('share')} onClick={onShare}>
          <IconShare size={18} />
        </Tool>
      </Group>
      <LookFields
        look={note ?? look}
        onChange={(values) => {
          if (note) change(editor, note.id, values)
          useAtHand.setState({ look: { ...look, ...values } })
        }}
      />
      <Text size="xs" mt={4} role="status">
        {t(tool ? `hint.${tool}` : note ? (whole ? 'hint.move' : 'hint.change') : 'hint.none')}
      </Text>
    </>
  )
}
