import '@mantine/notifications/styles.css'
import { MantineThemeProvider, Notification } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'

/** Passing messages, at the bottom of the page. */
export default function Messages() {
  const { t } = useTranslation()
  const closing = { closeButtonProps: { 'aria-label': t('close') } }
  return (
    <MantineThemeProvider
      inherit
      theme={{ components: { Notification: Notification.extend({ defaultProps: closing }) } }}
    >
      <Notifications position="bottom-center" />
    </MantineThemeProvider>
  )
}
