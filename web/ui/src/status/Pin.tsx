import { ActionIcon, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconMapPin, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Coordinate } from '../map/api'
import { useMap } from '../page/MapContext'
import { usePage, usePreferences } from '../page/state'
import { useLanguage } from '../words/i18n'
import { written } from './projection'
import classes from './status.module.css'
import { useSystems } from './useSystems'

/** The place one went to by coordinates: where it is, the way back to it, and its end. */
export default function Pin({ at }: { at: Coordinate }) {
  const { t } = useTranslation('places')
  const language = useLanguage()
  const map = useMap()
  const systems = useSystems()
  const crs = usePreferences((state) => state.crs)
  const words = written(at, crs, systems, language)
  return (
    <Group
      component="section"
      gap={2}
      mt={4}
      wrap="nowrap"
      className={classes.pin}
      aria-label={t('pin')}
    >
      <Tooltip label={t('pinBack')}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="red"
          aria-label={t('pinBack')}
          onClick={() => map.setView(at, Math.max(map.view().zoom, 17))}
        >
          <IconMapPin size={16} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.numbers}>{words}</span>
      <CopyButton value={words}>
        {({ copied, copy }) => (
          <ActionIcon
            size="sm"
            variant="subtle"
            aria-label={copied ? t('copied') : t('pinCopy')}
            onClick={copy}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        )}
      </CopyButton>
      <ActionIcon
        size="sm"
        variant="subtle"
        aria-label={t('pinRemove')}
        onClick={() => usePage.setState({ pin: null })}
      >
        <IconX size={14} />
      </ActionIcon>
    </Group>
  )
}
