import { ActionIcon, Button, Group, Loader, Text, Tooltip } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import { usePage } from '../page/state'
import { ToolPanel } from '../page/ToolPanel'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { moment } from '../words/values'
import { Comments } from './Comments'
import { ExportButton } from './ExportButton'
import { NoteList } from './NoteList'
import { NoteTools } from './NoteTools'
import { SavingStatus } from './SavingStatus'
import { ShareDialog } from './ShareDialog'
import { Failed } from './SheetList'
import { TitleField } from './TitleField'
import type { useSheet } from './useSheet'

const leave = () => usePage.setState({ notes: null })

/** An open sheet: what draws, what is drawn, what is said to it. */
export function SheetPanel({ word, open }: { word: string; open: ReturnType<typeof useSheet> }) {
  const { t } = useTranslation('notes')
  const language = useLanguage()
  const { session } = useSession()
  const [sharing, setSharing] = useState(false)
  const { sheet, error, content, editor, edited, refetch } = open
  if (error && !sheet) {
    const gone = error instanceof Refusal && [401, 403, 404].includes(error.status)
    return (
      <ToolPanel title={t('title')} close={t('close')}>
        {gone ? (
          <Text size="sm" role="alert">
            {t('gone')}
          </Text>
        ) : (
          <Failed onRetry={() => void refetch()} />
        )}
        <Button mt="xs" size="compact-xs" variant="default" onClick={leave}>
          {t('back')}
        </Button>
      </ToolPanel>
    )
  }
  if (!sheet || !content || (sheet.mine && !edited)) {
    return (
      <ToolPanel title={t('title')} close={t('close')}>
        <Loader size="sm" aria-label={t('loading')} />
      </ToolPanel>
    )
  }
  return (
    <ToolPanel title={t('title')} close={t('close')}>
      <Group gap={4} wrap="nowrap" align="center">
        {(session?.user || !sheet.expiresAt) && (
          <Tooltip label={t('back')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('back')} onClick={leave}>
              <IconArrowLeft size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        {editor ? (
          <TitleField title={content.title} editor={editor} />
        ) : (
          <Text component="h3" size="sm" fw={600} flex={1}>
            {content.title}
          </Text>
        )}
        <ExportButton content={content} />
      </Group>
      {!sheet.mine && (
        <Text size="xs" c="dimmed">
          {t('by', { owner: sheet.owner, at: moment(sheet.changedAt, language) })}
        </Text>
      )}
      {sheet.expiresAt && (
        <Text size="xs" c="dimmed">
          {t('linkUntil', { at: moment(sheet.expiresAt, language) })}
        </Text>
      )}
      {editor && edited && (
        <>
          <NoteTools editor={editor} edited={edited} onShare={() => setSharing(true)} />
          <SavingStatus editor={editor} saving={edited.saving} />
        </>
      )}
      <NoteList content={content} editor={editor} comments={sheet.comments} />
      <Comments word={word} sheet={sheet} content={content} />
      {sharing && <ShareDialog sheet={sheet} onClose={() => setSharing(false)} />}
    </ToolPanel>
  )
}
