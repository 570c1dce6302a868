import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useMap } from '../page/MapContext'
import { read } from '../page/url'
import { show } from './view'

/** Shows a kept view, unless a shape not yet saved would be left by it. */
export function useGoTo() {
  const { t } = useTranslation()
  const map = useMap()
  return (view: string) => {
    const atWork = map.edit.state.dirty || map.working.state.layer !== null
    if (atWork && read(view).moment !== null) {
      notifications.show({ id: 'editing', color: 'yellow', message: t('record.finishShapeFirst') })
      return
    }
    show(map, view)
  }
}
