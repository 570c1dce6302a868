/** Which base map lies under the layers, as the state and an address say it. */

export interface BaseChoice {
  /** A base map, or own: the town's layers alone. */
  id: string
  opacity: number
}

export const OWN = 'own'

export const baseWord = ({ id, opacity }: BaseChoice): string =>
  opacity === 1 || id === OWN ? id : `${id}:${Math.round(opacity * 100)}`

export function baseOf(word: string | null): BaseChoice | null {
  const [id = '', percent = '100'] = word?.split(':') ?? []
  const opacity = Number(percent) / 100
  return id ? { id, opacity: opacity >= 0 && opacity <= 1 ? opacity : 1 } : null
}
