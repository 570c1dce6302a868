import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLayer } from '../layers/useLayers'
import { RecordPanel } from '../record/RecordPanel'
import type { Save } from '../record/useSave'
import type { Subject } from '../record/useSubject'
import classes from './frame.module.css'
import { type PageState, usePage } from './state'

const ListPanel = lazy(() => import('../list/ListPanel'))

interface Props {
  subject: Subject | null
  save: Save
  narrow: boolean
}

/** The list above, the record below; on a narrow screen one at a time. */
export function SidePanel({ subject, save, narrow }: Props) {
  const { t } = useTranslation()
  const list = usePage((state) => state.list)
  const front = usePage((state) => state.front)
  const layer = useLayer(list?.layer)
  const both = Boolean(subject && list && layer)
  if (!subject && !(list && layer)) return null
  const showRecord = subject && (!both || !narrow || front === 'record')
  const showList = list && layer && (!both || !narrow || front === 'list')
  return (
    <aside className={classes.side} aria-label={t('panel')}>
      {both && narrow && (
        <SegmentedControl
          m={6}
          size="xs"
          aria-label={t('panel')}
          value={front}
          onChange={(value) => usePage.setState({ front: value as PageState['front'] })}
          data={[
            { value: 'record', label: t('record.name') },
            { value: 'list', label: t('list.name') },
          ]}
        />
      )}
      {showList && (
        <Suspense>
          <div className={classes.list}>
            <ListPanel layer={layer} list={list} />
          </div>
        </Suspense>
      )}
      {showRecord && (
        <div className={classes.record}>
          <RecordPanel subject={subject} save={save} />
        </div>
      )}
    </aside>
  )
}
