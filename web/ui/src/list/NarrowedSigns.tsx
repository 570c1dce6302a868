import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLayers } from '../layers/useLayers'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import classes from './list.module.css'
import NarrowedSign from './NarrowedSign'
import { narrows } from './state'

/** On the map: the layers that are narrowed and whose list is not open to tell of it. */
export default function NarrowedSigns() {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const { layers, context } = useLayers()
  const narrowed = usePage((state) => state.narrowed)
  const list = usePage((state) => state.list?.layer)
  const shown = layers.filter(
    ({ id }) =>
      id !== list &&
      narrowed[id] &&
      narrows(narrowed[id]) &&
      context.some((drawn) => drawn.id === id && drawn.visible),
  )
  if (shown.length === 0) return null
  return (
    <Group component="section" gap={4} mt={4} aria-label={t('narrowed')}>
      {shown.map(({ id, title }) => (
        <Group key={id} gap={2} wrap="nowrap" className={classes.sign}>
          <span>{title[language]}</span>
          <NarrowedSign layer={id} title={title[language]} />
        </Group>
      ))}
    </Group>
  )
}
