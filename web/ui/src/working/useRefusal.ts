import { useTranslation } from 'react-i18next'
import { areaText, lengthText } from '../editing/quantity'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'

/** Why the last gesture came to nothing, in words; null when it did not. */
export function useRefusal({ refused, fault }: WorkingState): string | null {
  const { t, i18n } = useTranslation('working')
  const language = useLanguage()
  if (fault) {
    if (fault.status === 0) return t('offline')
    return `${t('failed')} ${fault.detail}`.trim()
  }
  if (!refused) return null
  const key = `refused.${refused.kind}`
  return t(i18n.exists(key, { ns: 'working' }) ? key : 'refused.other', {
    area: areaText(refused.area ?? 0, language),
    width: lengthText(refused.width ?? 0, language),
  })
}
