import { Alert, Button, SegmentedControl } from '@mantine/core'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { useLayers } from '../layers/useLayers'
import { useList } from '../list/useList'
import type { Save } from '../record/useSave'
import type { Subject } from '../record/useSubject'
import { useWorking } from '../working/useWorking'
import classes from './frame.module.css'
import { useMap } from './MapContext'
import { Part } from './Part'
import { type PageState, page, usePage } from './state'
import { useSelect } from './useSelect'

const RecordPanel = lazy(() => import('../record/RecordPanel'))
const Stack = lazy(() => import('../reading/Stack'))
const ListPanel = lazy(() => import('../list/ListPanel'))
const WorkingPanel = lazy(() => import('../working/WorkingPanel'))

interface Props {
  subject: Subject | null
  save: Save
  narrow: boolean
}

/** A link to what the viewer may not see. */
function NotForYou() {
  const { t } = useTranslation()
  const select = useSelect()
  const close = () => {
    page.closeList()
    select(null)
  }
  return (
    <Alert
      m="sm"
      color="yellow"
      title={t('record.gone.title')}
      withCloseButton
      closeButtonLabel={t('close')}
      onClose={close}
    >
      {t('record.gone.text')}
      <Button mt="xs" size="xs" onClick={() => usePage.setState({ dialog: 'signIn' })}>
        {t('session.signIn')}
      </Button>
    </Alert>
  )
}

/** The list above, the record below; on a narrow screen one at a time. */
export function SidePanel({ subject, save, narrow }: Props) {
  const { t } = useTranslation()
  const list = useList()
  const front = usePage((state) => state.front)
  const selected = usePage((state) => state.selected)
  const stacked = usePage((state) => state.hits.length > 1)
  const { registers, isPending } = useLayers()
  const working = useWorking(useMap().working)
  const layer = registers.find(({ id }) => id === list?.layer)
  const both = Boolean(subject && list && layer)
  if (working.layer !== null && working.panel) {
    return (
      <aside className={classes.side} aria-label={t('panel')}>
        <Part>
          <WorkingPanel registers={registers} />
        </Part>
      </aside>
    )
  }
  if (!subject && !selected && !list) return null
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
      {!isPending && !subject && !layer && <NotForYou />}
      {showList && (
        <Part>
          <div className={classes.list}>
            <ListPanel layer={layer} list={list} />
          </div>
        </Part>
      )}
      {showRecord && (
        <div className={classes.record}>
          <Part>{stacked && <Stack />}</Part>
          <Part>
            <RecordPanel subject={subject} save={save} />
          </Part>
        </div>
      )}
    </aside>
  )
}
