import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconDots } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { keys } from '../api/queries'
import { page, usePage, usePreferences } from '../page/state'
import { useSession } from '../session/useSession'
import { asProposed, type KeptArrangement, toKeep } from './arrangement'
import { withGroup } from './groups'
import { useLayers } from './useLayers'

/** What concerns the whole tree: groups, counts, and keeping how the layers lie. */
export function TreeMenu() {
  const { t } = useTranslation('tree')
  const { session } = useSession()
  const queries = useQueryClient()
  const { drawn, tree, groups, visible, changed, arrangements } = useLayers()
  const counts = usePreferences((state) => state.counts)
  const nameOf = (code: string) =>
    session?.collectivities.find((each) => each.code === code)?.name ?? code

  async function put(told: string, ...puts: [KeptArrangement | null, string?][]) {
    try {
      for (const [arrangement, code] of puts) await api.arrange(arrangement, code)
      await queries.invalidateQueries({ queryKey: keys.arrangements })
      page.arrange(() => asProposed)
      notifications.show({ color: 'green', message: told })
    } catch (error) {
      notifications.show({ color: 'red', message: (error as Error).message })
    }
  }
  /** For all is for oneself too: an arrangement of one's own would hide it. */
  function putForAll(arrangement: KeptArrangement | null, code: string, told: string) {
    const own: [null][] = arrangements?.own ? [[null]] : []
    void put(told, [arrangement, code], ...own)
  }
  function addGroup() {
    const id = `own-${Date.now().toString(36)}`
    page.arrange((arrangement) => ({ ...arrangement, groups: withGroup(groups, tree, '', id) }))
  }
  const now = () => toKeep(drawn, { ...usePage.getState().arrangement, visible }, groups)
  const administers = session?.user ? session.administers : []
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('menu')}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={addGroup}>{t('newGroup')}</Menu.Item>
        {session?.user && (
          <Menu.Item onClick={() => usePage.setState({ dialog: 'tiles' })}>
            {t('takeAlong')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>{t('counts')}</Menu.Label>
        {(['none', 'view', 'whole'] as const).map((which) => (
          <Menu.Item
            key={which}
            aria-current={counts === which}
            rightSection={counts === which && <IconCheck size={14} aria-hidden />}
            onClick={() => usePreferences.setState({ counts: which })}
          >
            {t(`countsOf.${which}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('arrangement')}</Menu.Label>
        {session?.user && (
          <Menu.Item disabled={!changed} onClick={() => void put(t('keptOwn'), [now()])}>
            {t('keepOwn')}
          </Menu.Item>
        )}
        {administers.map((code) => (
          <Menu.Item
            key={code}
            disabled={!changed && !arrangements?.own}
            onClick={() => putForAll(now(), code, t('keptAll', { collectivity: nameOf(code) }))}
          >
            {t('keepAll', { collectivity: nameOf(code) })}
          </Menu.Item>
        ))}
        <Menu.Item disabled={!changed} onClick={() => page.arrange(() => asProposed)}>
          {t('undo')}
        </Menu.Item>
        {arrangements?.own && (
          <Menu.Item onClick={() => void put(t('forgottenOwn'), [null])}>
            {t('forgetOwn')}
          </Menu.Item>
        )}
        {arrangements?.shared &&
          administers.map((code) => (
            <Menu.Item
              key={code}
              onClick={() =>
                putForAll(null, code, t('forgottenAll', { collectivity: nameOf(code) }))
              }
            >
              {t('forgetAll', { collectivity: nameOf(code) })}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
