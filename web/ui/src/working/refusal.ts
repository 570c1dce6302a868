import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { boxOf } from '../editing/geometry'
import { areaText, lengthText } from '../editing/quantity'
import type { Extent } from '../map/api'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import type { Refused, Working } from './model'
import { isLost } from './waiting'

/** Why the last gesture came to nothing, in words; null when it did not. */
export function useRefusal({ refused, fault, working, waiting }: WorkingState): string | null {
  const { t } = useTranslation('working')
  const language = useLanguage()
  if (fault) {
    if (isLost(fault.status))
      return waiting.length > 0 ? t('waiting', { count: waiting.length }) : t('offline')
    return `${t('failed')} ${fault.detail}`.trim()
  }
  return refused && refusalText(t, refused, language, working?.model)
}

export function refusalText(
  t: TFunction,
  refused: Refused,
  language: string,
  model?: Working['model'],
): string {
  const { kind, area = 0, width = 0 } = refused
  const own = model === 'network' ? [`refusedOfNetwork.${kind}`] : []
  return t([...own, `refused.${kind}`, 'refused.other'], {
    area: areaText(area, language),
    width: lengthText(width, language),
  })
}

/** Map units around the place of a refusal that is looked at. */
const AROUND = 15

/** Where a gesture came to nothing; null: nowhere. */
export function boxOfRefusal({ at, shape }: Refused): Extent | null {
  const [minx, miny, maxx, maxy] = boxOf(shape) ?? (at && [...at, ...at]) ?? []
  if (minx === undefined || miny === undefined || maxx === undefined || maxy === undefined)
    return null
  return [minx - AROUND, miny - AROUND, maxx + AROUND, maxy + AROUND]
}
