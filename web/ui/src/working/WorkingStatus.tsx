import { Button, Group, Loader, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Live } from '../drawing/Live'
import { lengthText, surfaceText } from '../editing/quantity'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { WorkingSession, WorkingState } from './api'
import { Others } from './Others'
import { boxOfRefusal, useRefusal } from './refusal'

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
  const map = useMap()
  const refusal = useRefusal(state)
  const { chosen, tool, pen, magnet, refused } = state
  const place = refused && boxOfRefusal(refused)
  const { area, length } = pen?.begun ? pen.measure : {}
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
      <Live pen={pen} magnet={magnet} language={language} />
      {magnet.crossing && (
        <Text size="xs" c="red" role="alert">
          {t(pen ? 'crossing' : 'across')}
        </Text>
      )}
      {place && (
        <Button size="compact-xs" variant="light" onClick={() => map.fit(place, { maxZoom: 20 })}>
          {t('place')}
        </Button>
      )}
      {area !== undefined && (
        <Text size="xs" fw={600}>
          {surfaceText(area, language)}
        </Text>
      )}
      {length !== undefined && (
        <Text size="xs" fw={600}>
          {lengthText(length, language)}
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
