/** All words of the page: a file for each namespace and language, `locales/{namespace}.{language}.json`. */
import type { Language } from '../map/api'

export type Words = { [key: string]: string | Words }

const files = import.meta.glob<Words>('../locales/*.json', { eager: true, import: 'default' })

export const resources = { fr: of('fr'), en: of('en') }
export const namespaces = Object.keys(resources.fr)

function of(language: Language): Record<string, Words> {
  const ending = `.${language}.json`
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.endsWith(ending))
      .map(([path, words]) => [path.slice('../locales/'.length, -ending.length), words]),
  )
}
