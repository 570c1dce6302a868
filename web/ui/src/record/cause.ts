/** Why a change was made, when it was no edit by hand. */
import type { TFunction } from 'i18next'
import type { HistoryEntry } from '../api/model'
import type { Language } from '../map/api'
import { moment } from '../words/values'

/** "undo 345" in words; a cause that no words are known for stays as it is. */
export function causeOf(
  cause: string | undefined,
  entries: HistoryEntry[],
  t: TFunction,
  language: Language,
): string {
  const [, kind, number] = /^(undo|restore|import) (\d+)$/.exec(cause ?? '') ?? []
  if (!kind) return cause ?? ''
  const of = entries.find(({ id }) => id === Number(number))
  const at = of ? moment(of.at, language) : `n° ${number}`
  switch (kind) {
    case 'undo':
      return t('history.cause.undo', { at })
    case 'restore':
      return t('history.cause.restore', { at })
    default:
      return t('history.cause.import', { number })
  }
}
