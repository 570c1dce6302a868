import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconApi,
  IconKey,
  IconLink,
  IconLogin2,
  IconLogout,
  IconStackPush,
  IconUser,
  IconUsers,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePage } from '../page/state'
import { useSession } from './useSession'

export function UserMenu({ compact }: { compact: boolean }) {
  const { t } = useTranslation()
  const { session, signOut } = useSession()
  const user = session?.user
  if (!session) return null
  if (!user) {
    return (
      <Button
        size="xs"
        aria-label={t('session.signIn')}
        leftSection={compact ? undefined : <IconLogin2 size={18} aria-hidden />}
        onClick={() => usePage.setState({ dialog: 'signIn' })}
      >
        {compact ? <IconLogin2 size={18} aria-hidden /> : t('session.signIn')}
      </Button>
    )
  }
  const leave = () =>
    signOut().catch(() => notifications.show({ color: 'red', message: t('session.failed') }))
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          aria-label={t('session.user', { name: user.name || user.login })}
          leftSection={compact ? undefined : <IconUser size={18} aria-hidden />}
        >
          {compact ? <IconUser size={18} aria-hidden /> : user.name || user.login}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.login}</Menu.Label>
        <Menu.Item
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => usePage.setState({ dialog: 'password' })}
        >
          {t('session.changePassword')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconApi size={16} aria-hidden />}
          onClick={() => usePage.setState({ dialog: 'tokens' })}
        >
          {t('tokens.own')}
        </Menu.Item>
        {session.provider && (
          <Menu.Item
            component="a"
            href="/api/session/oidc"
            leftSection={<IconLink size={16} aria-hidden />}
          >
            {t('session.link', { provider: session.provider })}
          </Menu.Item>
        )}
        {(user.admin || session.administers.length > 0) && (
          <Menu.Item
            leftSection={<IconUsers size={16} aria-hidden />}
            onClick={() => usePage.setState({ dialog: 'admin' })}
          >
            {t('admin.title')}
          </Menu.Item>
        )}
        {user.admin && (
          <Menu.Item
            leftSection={<IconStackPush size={16} aria-hidden />}
            onClick={() => usePage.setState({ dialog: 'design' })}
          >
            {t('design.title')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t('session.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
