import { Button, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { boxOf } from '../editing/geometry'
import { areaText, lengthText } from '../editing/quantity'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import type { WorkingFeature } from './model'
import { nameOfNew } from './records'
import classes from './working.module.css'

/** What the working set changes, before and after, and the steps that led there. */
export function Changes({ state: { working } }: { state: WorkingState }) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const map = useMap()
  const features = working?.features ?? []
  const steps = working?.steps ?? []
  const size = (area: number, length: number) =>
    area > 0 || length === 0 ? areaText(area, language) : lengthText(length, language)
  const { registers } = useLayers()
  const named = (feature: WorkingFeature) => {
    const { layer, id, label, origin, before } = feature
    if (before) return label || id
    const title = registers.find((each) => each.id === layer)?.title[language] ?? layer
    return origin?.layer === layer ? id : nameOfNew(feature, title)
  }
  return (
    <>
      <Title order={3} size="h6" mt="sm" mb={4}>
        {t('changes', { count: features.length })}
      </Title>
      <Stack gap={2} component="ul" className={classes.rows}>
        {features.map((feature) => {
          const { layer, id, label, origin, before, after } = feature
          return (
            <li key={`${layer} ${id}`}>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={t('zoomTo', { label: named(feature) })}
                onClick={() => {
                  const box = boxOf(after ?? before)
                  if (box) map.fit(box)
                }}
              >
                {named(feature)}
              </Button>{' '}
              <Text size="sm" span>
                {after ? size(feature.area, feature.length) : t('gone')}
              </Text>{' '}
              <Text size="xs" c="dimmed" span>
                {before
                  ? t('was', { size: size(feature.areaBefore, feature.lengthBefore) })
                  : origin
                    ? t('made', { origin: label || origin.id })
                    : t('new')}
              </Text>
            </li>
          )
        })}
      </Stack>
      {steps.length > 0 && (
        <Title order={3} size="h6" mt="sm" mb={4}>
          {t('steps')}
        </Title>
      )}
      <Stack gap={2} component="ol" my={0} pl="md">
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
    </>
  )
}
