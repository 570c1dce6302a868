import { Button, Group, Loader, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { areaText, lengthText } from '../editing/quantity'
import { useLanguage } from '../words/i18n'
import type { WorkingSession, WorkingState } from './api'
import { Others } from './Others'
import { useRefusal } from './refusal'

/** What to do next, or why it could not be done; measures, and who else is at work. */
export function WorkingStatus({
  session,
  state,
}: {
  session: WorkingSession
  state: WorkingState
}) {
  const { t } = useTranslation('working')
  const language = useLanguage()
  const refusal = useRefusal(state)
  const { chosen, tool, measure } = state
  return (
    <Group gap="sm" mt={4} mih={20}>
      {refusal ? (
        <Text size="xs" c="red" fw={600} role="alert">
          {refusal}
        </Text>
      ) : (
        <Text size="xs">{t(`hint.${tool}`)}</Text>
      )}
      {state.fault && (state.fault.status === 0 || state.fault.status >= 500) && (
        <Button size="compact-xs" variant="light" onClick={() => session.retry()}>
          {t('retry')}
        </Button>
      )}
      {measure.area !== undefined && (
        <Text size="xs" fw={600}>
          {areaText(measure.area, language)}
        </Text>
      )}
      {measure.length !== undefined && (
        <Text size="xs" fw={600}>
          {lengthText(measure.length, language)}
        </Text>
      )}
      {chosen.length > 0 && (
        <Text size="xs" fw={600}>
          {t('chosen', { count: chosen.length })}
        </Text>
      )}
      <Others state={state} />
      {state.partial && (
        <Text size="xs" c="orange.9" fw={600} role="status">
          {t('partial')}
        </Text>
      )}
      {state.busy && <Loader size={12} aria-label={t('working')} />}
    </Group>
  )
}
