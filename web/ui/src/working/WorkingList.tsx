import { Button, Popover, ScrollArea, Stack, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { boxOf } from '../editing/geometry'
import { areaText } from '../editing/quantity'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'

/** What the working set changes, before and after, and the steps that led there. */
export function WorkingList({ state: { working } }: { state: WorkingState }) {
  const { t } = useTranslation('working')
  const language = useLanguage()
  const map = useMap()
  const features = working?.features ?? []
  const steps = working?.steps ?? []
  return (
    <Popover withArrow position="bottom-end">
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" rightSection={<IconChevronDown size={14} />}>
          {features.length > 0 ? t('count', { count: features.length }) : t('none')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah={300} viewportProps={{ tabIndex: 0 }}>
          <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {features.map(({ layer, id, label, origin, before, after, area, areaBefore }) => (
              <li key={`${layer} ${id}`}>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={t('zoomTo', { label: origin === undefined ? label || id : id })}
                  onClick={() => {
                    const box = boxOf(after ?? before)
                    if (box) map.fit(box)
                  }}
                >
                  {origin === undefined ? label || id : id}
                </Button>{' '}
                <Text size="sm" span>
                  {after ? areaText(area, language) : t('gone')}
                </Text>{' '}
                <Text size="xs" c="dimmed" span>
                  {origin === undefined
                    ? t('was', { area: areaText(areaBefore, language) })
                    : t('made', { origin: label || origin.id })}
                </Text>
              </li>
            ))}
          </Stack>
          <Stack gap={2} component="ol" mt="xs" mb={0} pl="md">
            {steps.map(({ kind, features: touched }, i) => (
              <Text
                component="li"
                size="xs"
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
                key={i}
                td={i >= (working?.done ?? 0) ? 'line-through' : undefined}
              >
                {t(`step.${kind}`)} ({touched.length})
              </Text>
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  )
}
