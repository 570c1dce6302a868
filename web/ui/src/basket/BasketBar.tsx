import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Menu,
  Paper,
  Popover,
  Stack,
  Text,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBasket, IconChevronDown, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refusal } from '../api/client'
import type { LayerInfo } from '../api/model'
import { useEditState } from '../editing/useEditState'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { basket, useBasket } from './basket'
import classes from './basket.module.css'

/** What is in the basket, and what can be made of it. */
export default function BasketBar() {
  const { t } = useTranslation()
  const language = useLanguage()
  const { layer, items, link } = useBasket()
  const { layers } = useLayers()
  const title = layers.find(({ id }) => id === layer)?.title[language] ?? layer
  return (
    <Paper
      component="section"
      className={classes.bar}
      withBorder
      shadow="sm"
      aria-label={t('basket.title')}
    >
      <Group gap="xs">
        <IconBasket size={18} aria-hidden />
        <Popover withArrow position="top-start">
          <Popover.Target>
            <Button size="compact-sm" variant="subtle" rightSection={<IconChevronDown size={14} />}>
              {t('basket.count', { count: items.length, layer: title })}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Stack gap={4} mah={260} style={{ overflow: 'auto' }}>
              {items.map(({ id, label }) => (
                <Group key={id} justify="space-between" wrap="nowrap">
                  <Text size="sm">{label}</Text>
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    aria-label={t('basket.remove', { label })}
                    onClick={() => basket.toggle({ layer, id }, label)}
                  >
                    <IconX size={14} />
                  </ActionIcon>
                </Group>
              ))}
            </Stack>
          </Popover.Dropdown>
        </Popover>
        <Use />
        <Checkbox
          size="xs"
          label={t('basket.link')}
          checked={link}
          onChange={(event) => useBasket.setState({ link: event.currentTarget.checked })}
        />
        <Button size="compact-sm" variant="subtle" onClick={basket.clear}>
          {t('basket.clear')}
        </Button>
      </Group>
    </Paper>
  )
}

/** Gives the joined shape to the record that is edited, or to a new one. */
function Use() {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const edit = useEditState(map.edit)
  const { layer, items } = useBasket()
  const { layers } = useLayers()
  const [busy, setBusy] = useState(false)
  const source = layers.find(({ id }) => id === layer)
  const targets = layers.filter(
    (each) => each.id !== layer && each.editableIn.length > 0 && source && fits(source, each),
  )
  const editing = targets.find(({ id }) => id === edit.layer)

  async function give(target: LayerInfo) {
    setBusy(true)
    try {
      const how = target.geometry.type.endsWith('Point') ? 'place' : 'union'
      const ids = items.map(({ id }) => id)
      const geometry = await api.gather(layer, { ids, how })
      const { layer: at, featureId } = map.edit.state
      const same = at === target.id
      const original = same ? (map.edit.draft()?.original ?? null) : null
      const id = same ? featureId : undefined
      if (!same) page.select(null)
      if (same && map.edit.pending()) map.edit.replace(geometry)
      else map.edit.restore(target, { layer: target.id, featureId: id, original, geometry })
      useBasket.setState({ given: { layer: target.id, ...(id !== undefined && { id }) } })
    } catch (refusal) {
      const message = refusal instanceof Refusal ? refusal.problem.detail : undefined
      notifications.show({ color: 'red', message: message ?? t('session.failed') })
    } finally {
      setBusy(false)
    }
  }

  if (editing) {
    return (
      <Button size="compact-sm" loading={busy} onClick={() => void give(editing)}>
        {t('basket.give')}
      </Button>
    )
  }
  if (edit.mode !== 'idle' || targets.length === 0) return null
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button size="compact-sm" loading={busy} rightSection={<IconChevronDown size={14} />}>
          {t('basket.make')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
        {targets.map((target) => (
          <Menu.Item key={target.id} onClick={() => void give(target)}>
            {target.title[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** A union of areas is an area, of lines a line; a point can be put on anything. */
function fits(source: LayerInfo, target: LayerInfo): boolean {
  const kind = (type: string) => type.replace('Multi', '')
  const to = kind(target.geometry.type)
  return to === 'Point' || to === 'Geometry' || to === kind(source.geometry.type)
}
