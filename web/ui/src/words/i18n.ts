/** The page's languages; switching needs no reload. */
import i18n, { type BackendModule } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Language } from '../map/api'
import { words } from './resources'

const REMEMBERED = 'arpent.language'

const languageOf = (tag: string | null | undefined): Language | null =>
  tag?.startsWith('fr') ? 'fr' : tag?.startsWith('en') ? 'en' : null

/** Words load with the part of the page that says them; a file that fails is asked for again. */
const files: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    words(language as Language, namespace).then(
      (found) => done(null, found),
      (error) => done(error, true),
    )
  },
}

/** The language of the address, else the one chosen last, else the browser's; its first words are there then. */
export async function startLanguage(address: Language | null): Promise<void> {
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18n
    .use(files)
    .use(initReactI18next)
    .init({
      lng:
        address ??
        languageOf(localStorage.getItem(REMEMBERED)) ??
        languageOf(navigator.language) ??
        'fr',
      // Both languages are complete: the other one need not be at hand.
      fallbackLng: false,
      load: 'languageOnly',
      ns: ['page'],
      defaultNS: 'page',
      interpolation: { escapeValue: false },
    })
}

/** Answers false, and stays in the language that is, when the words cannot be had. */
export async function chooseLanguage(language: Language): Promise<boolean> {
  if (!i18n.hasResourceBundle(language, 'page')) await i18n.reloadResources([language], ['page'])
  if (!i18n.hasResourceBundle(language, 'page')) return false
  localStorage.setItem(REMEMBERED, language)
  await i18n.changeLanguage(language)
  return true
}

export const currentLanguage = (): Language => languageOf(i18n.language) ?? 'fr'

export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return languageOf(i18n.language) ?? 'fr'
}
