import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './record.module.css'

/** What is read and not filled in: without a field to go to, the keyboard scrolls it all the same. */
export function Reading({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={t('record.reading')}>
      {children}
    </section>
  )
}
