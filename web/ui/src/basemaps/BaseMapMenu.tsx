import { Popover, Radio, Slider, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconMap2 } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import classes from './basemaps.module.css'
import { type BaseChoice, OWN } from './choice'
import { useBaseMap } from './useBaseMap'

/** Chooses what lies under the layers. */
export default function BaseMapMenu() {
  const { t } = useTranslation('basemaps')
  const language = useLanguage()
  const { maps, map, opacity } = useBaseMap()
  const [open, setOpen] = useState(false)
  if (maps.length === 0) return null
  const choose = (base: BaseChoice) => usePage.setState({ base })
  const name = map?.title[language] ?? t('ownShort')
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" width={300} trapFocus shadow="md">
      <Popover.Target>
        <UnstyledButton
          className={classes.button}
          aria-label={t('chosen', { map: name })}
          onClick={() => setOpen(!open)}
        >
          <IconMap2 size={16} aria-hidden /> <span>{name}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('title')}>
        <Stack gap="sm">
          <Radio.Group
            label={t('title')}
            value={map?.id ?? OWN}
            onChange={(id) => choose({ id, opacity })}
          >
            <Stack gap={6} mt={6}>
              <Radio
                size="sm"
                value={OWN}
                label={t('own')}
                data-autofocus={map === null || undefined}
              />
              {maps.map(({ id, title, licence }) => (
                <Radio
                  size="sm"
                  key={id}
                  data-autofocus={map?.id === id || undefined}
                  value={id}
                  label={title[language]}
                  description={licence?.[language]}
                />
              ))}
            </Stack>
          </Radio.Group>
          {map && (
            <div>
              <Text size="sm" component="span">
                {t('opacity')}
              </Text>
              <Slider
                size="sm"
                min={10}
                step={5}
                value={Math.round(opacity * 100)}
                onChange={(percent) => choose({ id: map.id, opacity: percent / 100 })}
                label={(percent) => `${percent} %`}
                thumbLabel={t('opacityOf', { map: map.title[language] })}
              />
            </div>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
