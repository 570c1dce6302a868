import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { usePage } from '../page/state'

/** The token of the link in a mail, until a password was chosen with it. */
export const arrival = { reset: '' }

/** What a link in a mail, or the way back from a provider, says after the #: read once, and wiped off. */
export function useArrival() {
  const { t } = useTranslation()
  useEffect(() => {
    const said = new URLSearchParams(location.hash.slice(1))
    const reset = said.get('reset')
    const signIn = said.get('signin')
    if (!reset && !signIn) return
    history.replaceState(history.state, '', location.pathname + location.search)
    if (reset) {
      arrival.reset = reset
      usePage.setState({ dialog: 'reset' })
    } else {
      const why = signIn === 'unknown' || signIn === 'unreachable' ? signIn : 'refused'
      notifications.show({ color: 'red', autoClose: false, message: t(`session.${why}`) })
    }
  }, [t])
}
