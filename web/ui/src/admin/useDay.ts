import { useLanguage } from '../words/i18n'

/** Writes a moment in the reader's manner. */
export function useDay() {
  const language = useLanguage()
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  return (iso: string) => format.format(new Date(iso))
}
