import { Anchor, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../record/files'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import type { Outcome } from './useExport'

/** What is in the file, and what the format could not hold. */
export default function Written({ outcome, again }: { outcome: Outcome; again: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { records, renamed, cut = 0, noShape = 0 } = outcome
  const columns = Object.entries(renamed ?? {}).map(([long, short]) => `${long} → ${short}`)
  return (
    <Stack gap={2}>
      <Text size="xs" role="status">
        {t('export.done', { count: records, number: count(records, language) })}{' '}
        <Anchor component="button" type="button" size="xs" onClick={again}>
          {t('export.again', { size: fileSize(outcome.size, language) })}
        </Anchor>
      </Text>
      {columns.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('export.renamed', { columns: columns.join(', ') })}
        </Text>
      )}
      {cut > 0 && (
        <Text size="xs" c="dimmed">
          {t('export.cut', { count: cut, number: count(cut, language) })}
        </Text>
      )}
      {noShape > 0 && (
        <Text size="xs" c="dimmed">
          {t('export.noShape', { count: noShape, number: count(noShape, language) })}
        </Text>
      )}
    </Stack>
  )
}
