import { ActionIcon, Tooltip } from '@mantine/core'
import { IconKeyboard } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { usePage } from '../page/state'
import { isOneOf, KEYS } from './table'

const open = () => usePage.setState({ dialog: 'shortcuts' })

/** Shows the keys of the page; so does its key, but where one writes. */
export function ShortcutsButton() {
  const { t } = useTranslation()
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isOneOf(KEYS.page.help, event)) return
      const { target } = event
      if (target instanceof Element && target.closest('input, textarea, select, [role="dialog"]'))
        return
      event.preventDefault()
      open()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return (
    <Tooltip label={`${t('status.shortcuts')} (${KEYS.page.help[0]})`}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        visibleFrom="sm"
        aria-label={t('status.shortcuts')}
        aria-keyshortcuts={KEYS.page.help[0]}
        aria-haspopup="dialog"
        onClick={open}
      >
        <IconKeyboard size={18} />
      </ActionIcon>
    </Tooltip>
  )
}
