import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMap } from '../page/MapContext'
import type { WorkingState } from './api'

/** Who else edits the layer, and whether they are at what one has chosen; a click shows where. */
export function Others({ state: { others, chosen } }: { state: WorkingState }) {
  const { t } = useTranslation('working')
  const map = useMap()
  const locking = others.find((other) =>
    [...other.features, ...other.chosen].some((id) => chosen.includes(id)),
  )
  return (
    <>
      {locking && (
        <Text size="xs" c="grape" fw={600} role="alert">
          {t('locked', { who: locking.who })}
        </Text>
      )}
      {others.length > 0 && (
        <Group gap={0}>
          <Text size="xs" c="grape" fw={600}>
            {t('with')}
          </Text>
          {others.map(({ who, bbox, view }, i) => (
            <Button
              // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same name
              key={i}
              size="compact-xs"
              variant="subtle"
              color="grape"
              aria-label={t('where', { who })}
              onClick={() => {
                const box = bbox ?? view
                if (box) map.fit(box)
              }}
            >
              {who}
            </Button>
          ))}
        </Group>
      )}
    </>
  )
}
