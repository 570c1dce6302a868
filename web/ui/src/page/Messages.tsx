import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

/** Passing messages, at the bottom of the page. */
export default function Messages() {
  return <Notifications position="bottom-center" />
}
