/** The page's languages; switching needs no reload. */
import i18n from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Language } from '../map/api'
import { namespaces, resources } from './resources'

const REMEMBERED = 'arpent.language'

const languageOf = (tag: string | null | undefined): Language | null =>
  tag?.startsWith('fr') ? 'fr' : tag?.startsWith('en') ? 'en' : null

/** The language of the address, else the one chosen last, else the browser's. */
export function startLanguage(address: Language | null): void {
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  void i18n.use(initReactI18next).init({
    lng:
      address ??
      languageOf(localStorage.getItem(REMEMBERED)) ??
      languageOf(navigator.language) ??
      'fr',
    fallbackLng: 'fr',
    ns: namespaces,
    defaultNS: 'page',
    resources,
    interpolation: { escapeValue: false },
  })
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(REMEMBERED, language)
  void i18n.changeLanguage(language)
}

export const currentLanguage = (): Language => languageOf(i18n.language) ?? 'fr'

export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return languageOf(i18n.language) ?? 'fr'
}
