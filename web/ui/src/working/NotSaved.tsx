import { Alert, Button, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { boxOf } from '../editing/geometry'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import { nameOfNew, newRecords, sameRef } from './records'
import classes from './working.module.css'

/** Why nothing was saved: each record at fault, with its place and its form where it has one here. */
export function NotSaved({
  state: { working, unsaved },
  registers,
}: {
  state: WorkingState
  registers: Register[]
}) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const map = useMap()
  if (unsaved.length === 0) return null
  return (
    <Alert mt="xs" color="red" role="alert" title={t('notSaved.title')}>
      <Text size="sm">{t('notSaved.text', { count: unsaved.length })}</Text>
      <Stack gap={4} component="ul" className={classes.rows}>
        {unsaved.map((fault) => {
          const register = registers.find(({ id }) => id === fault.layer)
          const feature = working?.features.find((each) => sameRef(each, fault))
          const name =
            feature?.before === null && feature.origin?.layer !== fault.layer
              ? nameOfNew(fault, register?.title[language] ?? fault.layer)
              : feature?.label || fault.id
          const field = register?.fields.find((each) => each.name === fault.field)
          return (
            <li key={`${fault.layer} ${fault.id} ${fault.field} ${fault.message}`}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t('zoomTo', { label: name })}
                onClick={() => {
                  if (newRecords(working).some((each) => sameRef(each, fault)))
                    map.working.fill(fault)
                  const box = boxOf(feature?.after ?? feature?.before ?? null)
                  if (box) map.fit(box)
                }}
              >
                {name}
              </Button>{' '}
              <Text size="xs" span>
                {[field?.label[language], fault.message].filter(Boolean).join(' : ')}
              </Text>
            </li>
          )
        })}
      </Stack>
    </Alert>
  )
}
