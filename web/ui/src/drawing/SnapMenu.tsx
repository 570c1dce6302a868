import { Checkbox, Popover, Slider, Stack, Switch, Text } from '@mantine/core'
import { IconMagnet, IconMagnetOff } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import { useLetter } from '../editing/useLetter'
import { BARS } from '../shortcuts/table'
import { toggled, useDrawingSettings } from './settings'
import { KINDS } from './snap'

const set = useDrawingSettings.setState

/** Whether, to what, on which layers and from how far the pointer is drawn. */
export function SnapMenu({ layers }: { layers: { id: string; title: string }[] }) {
  const { t } = useTranslation('drawing')
  const title = useId()
  const [opened, setOpened] = useState(false)
  const { snapping, kinds, guides, tolerance, without } = useDrawingSettings()
  useLetter(BARS.aids.letters['snap.title'], () => set({ snapping: !snapping }))
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Tool label={t('snap.title')} expanded={opened} onClick={() => setOpened(!opened)}>
          {snapping ? <IconMagnet size={18} /> : <IconMagnetOff size={18} />}
        </Tool>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('snap.title')} mah="70vh" style={{ overflow: 'auto' }}>
        <Stack gap="sm">
          <Switch
            label={t('snap.on')}
            checked={snapping}
            onChange={() => set({ snapping: !snapping })}
          />
          <Checkbox.Group
            label={t('snap.kinds')}
            value={kinds}
            onChange={(value) => set({ kinds: KINDS.filter((kind) => value.includes(kind)) })}
          >
            <Stack gap={4} mt={4}>
              {KINDS.map((kind) => (
                <Checkbox key={kind} size="xs" value={kind} label={t(`snap.${kind}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Checkbox
            size="xs"
            label={t('snap.guides')}
            checked={guides}
            onChange={() => set({ guides: !guides })}
          />
          {layers.length > 0 && (
            <Checkbox.Group
              label={t('snap.layers')}
              value={layers.map(({ id }) => id).filter((id) => !without.includes(id))}
            >
              <Stack gap={4} mt={4}>
                {layers.map(({ id, title }) => (
                  <Checkbox
                    key={id}
                    size="xs"
                    value={id}
                    label={title}
                    onChange={() => set({ without: toggled(without, id) })}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          <div>
            <Text size="sm" id={title}>
              {t('snap.tolerance')}
            </Text>
            <Slider
              thumbProps={{ 'aria-labelledby': title }}
              min={4}
              max={40}
              value={tolerance}
              onChange={(value) => set({ tolerance: value })}
            />
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
