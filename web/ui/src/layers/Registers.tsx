import { Text, UnstyledButton } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import classes from './layers.module.css'

/** What has no place on the map: records of their own, and tables to choose from. */
export function Registers({ registers }: { registers: Register[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const own = registers.filter(({ kind, geometry }) => kind === 'main' && geometry === null)
  const references = registers.filter(({ kind }) => kind === 'reference')
  return [
    { title: t('layers.registers'), all: own },
    { title: t('layers.references'), all: references },
  ].map(
    ({ title, all }) =>
      all.length > 0 && (
        <div key={title}>
          <Text component="h4" className={classes.registers}>
            {title}
          </Text>
          <ul className={classes.rows}>
            {all.map((register) => (
              <li key={register.id}>
                <UnstyledButton
                  className={classes.register}
                  onClick={() => page.openList(register.id)}
                >
                  <IconTable size={16} aria-hidden /> {register.title[language]}
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </div>
      ),
  )
}
