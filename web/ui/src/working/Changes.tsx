import { Button, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { boxOf } from '../editing/geometry'
import { areaText, lengthText } from '../editing/quantity'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import type { Ref, WorkingFeature } from './model'
import { nameOfNew, sameRef } from './records'
import { useValues, Values } from './Values'
import classes from './working.module.css'

const NOTHING = { layer: '', revision: 0 }

/** What the working set changes, before and after, and the steps that led there. */
export function Changes({ state: { working } }: { state: WorkingState }) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const map = useMap()
  const features = working?.features ?? []
  const values = useValues(working ?? NOTHING)
  const steps = working?.steps ?? []
  const size = (area: number, length: number) => {
    if (area > 0) return areaText(area, language)
    return length > 0 ? lengthText(length, language) : '' // points have neither
  }
  const { registers } = useLayers()
  const named = (feature: WorkingFeature) => {
    const { layer, id, label, origin, before } = feature
    if (before) return label || id
    const title = registers.find((each) => each.id === layer)?.title[language] ?? layer
    return origin?.layer === layer ? id : nameOfNew(feature, title)
  }
  const whence = ({ anew, before, areaBefore, lengthBefore, origin, label }: WorkingFeature) => {
    if (!before) return origin ? t('made', { origin: label || origin.id }) : t('new')
    const was = size(areaBefore, lengthBefore)
    return [anew && t('anew'), was && t('was', { size: was })].filter(Boolean).join(' · ')
  }
  const nameOf = (ref: Ref) => {
    const known = features.find((each) => sameRef(each, ref))
    return known ? named(known) : ref.id
  }
  return (
    <>
      <Title order={3} size="h6" mt="sm" mb={4}>
        {t('changes', { count: features.length })}
      </Title>
      <Stack gap={2} component="ul" className={classes.rows}>
        {features.map((feature) => {
          const { layer, id, before, after } = feature
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
                {whence(feature)}
              </Text>
              <Values
                values={values.filter((each) => sameRef(each, feature))}
                register={registers.find((each) => each.id === layer)}
                nameOf={nameOf}
              />
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
