import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Properties, Register } from '../api/model'
import { useLanguage } from '../words/i18n'

/** How long the form waits for the next key before it asks. */
const PAUSE = 200

/**
 * What the server's expressions say of what is filled in; undefined while nothing is known yet. The
 * last answer stands until the next is there, so that nothing flickers; it is then stale.
 */
export function useEvaluation(layer: Register, id: string | undefined, filled: Properties) {
  const language = useLanguage()
  const now = JSON.stringify(filled)
  const [asked] = useDebouncedValue(now, PAUSE)
  const { data, isError, isPlaceholderData } = useQuery({
    queryKey: ['evaluation', layer.id, id, language, asked],
    queryFn: ({ signal }) => api.evaluate(layer.id, id, JSON.parse(asked), signal),
    enabled: layer.live,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  return {
    evaluation: data,
    pending: layer.live && data === undefined && !isError,
    stale: now !== asked || isPlaceholderData,
  }
}
