/** All words of the page: a file for each namespace and language, `locales/{namespace}.{language}.json`. */
import type { Language } from '../map/api'

export type Words = { [key: string]: string | Words }

const files = import.meta.glob<Words>('../locales/*.json', { import: 'default' })

/** Loads the words of a namespace in a language: one file each, so that none comes before it is read. */
export function words(language: Language, namespace: string): Promise<Words> {
  const load = files[`../locales/${namespace}.${language}.json`]
  return load ? load() : Promise.reject(new Error(`no words of ${namespace} in ${language}`))
}
