import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'

/** Says why the server refused: `wrong` where the password was. */
export function useReason() {
  const { t } = useTranslation()
  return (refusal: unknown, wrong: string): string => {
    const { status, retryAfter, problem } = refusal instanceof Refusal ? refusal : new Refusal(500)
    switch (status) {
      case 0:
        return t('session.offline')
      case 401:
      case 403:
        return wrong
      case 429:
        return t('session.tooOften', { minutes: Math.max(1, Math.ceil((retryAfter ?? 60) / 60)) })
      case 422:
        return problem.errors?.[0]?.message ?? problem.detail ?? wrong
      default:
        return t('session.failed')
    }
  }
}
