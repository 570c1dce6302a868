import { Button, Group, Menu, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronDown } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { LayerInfo } from '../api/model'
import { keys } from '../api/queries'
import type { LayerStyle } from '../map/api'
import { page, usePage } from '../page/state'
import { useSession } from '../session/useSession'

/** Keeps the style for oneself or, by right, for all; or goes back to another. */
export function SaveStyle({ layer, changed }: { layer: LayerInfo; changed: boolean }) {
  const { t } = useTranslation('styling')
  const { session } = useSession()
  const queries = useQueryClient()
  const [saving, setSaving] = useState(false)
  const nameOf = (code: string) =>
    session?.collectivities.find((each) => each.code === code)?.name ?? code

  async function put(told: string, ...puts: [LayerStyle | null, string?][]) {
    setSaving(true)
    try {
      for (const [style, collectivity] of puts) await api.saveStyle(layer.id, style, collectivity)
      await queries.invalidateQueries({ queryKey: keys.layers })
      page.style(layer.id, null)
      notifications.show({ color: 'green', message: told })
    } catch (error) {
      notifications.show({ color: 'red', message: (error as Error).message })
    } finally {
      setSaving(false)
    }
  }
  /** For all is for oneself too: a style of one's own would hide it. */
  function putForAll(style: LayerStyle | null, code: string, told: string) {
    const own: [null][] = layer.styleOf === 'own' ? [[null]] : []
    void put(told, [style, code], ...own)
  }

  if (!session?.user) {
    return (
      <Group gap={8}>
        <Text size="xs" flex={1}>
          {t('anonymous')}
        </Text>
        <Button size="xs" onClick={() => usePage.setState({ dialog: 'signIn' })}>
          {t('signIn')}
        </Button>
      </Group>
    )
  }
  const ofAll = layer.styleOf === 'collectivity' && layer.stylableIn.length > 0
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="xs"
        loading={saving}
        disabled={!changed}
        onClick={() => void put(t('savedOwn'), [layer.style])}
      >
        {t('saveOwn')}
      </Button>
      <Menu position="top-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            disabled={saving}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {t('more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {layer.stylableIn.map((code) => (
            <Menu.Item
              key={code}
              disabled={!changed && layer.styleOf !== 'own'}
              onClick={() =>
                putForAll(layer.style, code, t('savedAll', { collectivity: nameOf(code) }))
              }
            >
              {t('saveAll', { collectivity: nameOf(code) })}
            </Menu.Item>
          ))}
          <Menu.Item disabled={!changed} onClick={() => page.style(layer.id, null)}>
            {t('undo')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => page.style(layer.id, layer.fileStyle)}>
            {t('tryFile')}
          </Menu.Item>
          <Menu.Item
            disabled={layer.styleOf !== 'own'}
            onClick={() => void put(t('forgottenOwn'), [null])}
          >
            {t('forgetOwn')}
          </Menu.Item>
          {ofAll &&
            layer.stylableIn.map((code) => (
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
    </Group>
  )
}
