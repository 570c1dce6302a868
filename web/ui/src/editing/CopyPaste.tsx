import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconClipboardText, IconCopy } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { featureQuery } from '../api/queries'
import { useBasket } from '../basket/basket'
import { useLayers } from '../layers/useLayers'
import type { EditSession, LayerInfo } from '../map/api'
import { useMap } from '../page/MapContext'
import { usePage } from '../page/state'
import { useTown } from '../page/useTown'
import { draftKey, drafts } from '../record/drafts'
import { isOneOf, KEYS } from '../shortcuts/table'
import { useLanguage } from '../words/i18n'
import { copy, pasted, useClipboard } from './clipboard'
import { farFrom } from './far'
import { boxOf } from './geometry'
import { lengthText } from './quantity'
import { Tool } from './Tool'
import { useKey } from './useLetter'

/** Copies the selected feature, or those of the basket, and pastes into the layer of the toolbar. */
export function CopyPaste({ edit, target }: { edit: EditSession; target: LayerInfo }) {
  const { t } = useTranslation('shape')
  const language = useLanguage()
  const map = useMap()
  const queries = useQueryClient()
  const town = useTown()
  const { layers } = useLayers()
  const selected = usePage((state) => state.selected)
  const basket = useBasket()
  const items = useClipboard((state) => state.items)
  const wanted =
    basket.items.length > 0
      ? basket.items.map(({ id }) => ({ layer: basket.layer, id }))
      : selected
        ? [selected]
        : []
  function say(color: string, message: ReactNode) {
    notifications.hide('clipboard') // one that is still there would keep the next away
    notifications.show({ id: 'clipboard', color, message })
  }

  async function copyWanted() {
    try {
      const features = await Promise.all(wanted.map((ref) => queries.fetchQuery(featureQuery(ref))))
      const count = copy(features)
      if (count > 0) say('green', t('copied', { count }))
      else say('yellow', t('nothingCopied'))
    } catch {
      say('red', t('fault.offline'))
    }
  }

  function paste() {
    const to = layers.find(({ id }) => id === target.id)
    if (!to || items.length === 0) return
    const found = items.map((item) =>
      pasted(
        item,
        to,
        layers.find(({ id }) => id === item.layer),
      ),
    )
    const [first, ...rest] = found.filter((each) => each !== null)
    if (!first) {
      say('red', t('pasteUnfit', { layer: target.title[language] }))
      return
    }
    const far = [first, ...rest].find(({ geometry }) => farFrom(town, geometry) !== null)
    if (far) {
      const distance = lengthText(farFrom(town, far.geometry) ?? 0, language)
      const box = boxOf(far.geometry)
      say(
        'red',
        <Group gap="xs">
          {t('pasteFar', { distance })}
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => box && map.fit(box, { maxZoom: 19 })}
          >
            {t('pasteWhere')}
          </Button>
        </Group>,
      )
      return
    }
    drafts.put(draftKey(to.id, undefined), { changes: first.properties })
    edit.restore(target, {
      layer: to.id,
      original: null,
      geometry: first.geometry,
      pieces: { made: rest, taken: [] },
    })
    const box = boxOf(first.geometry)
    const { extent } = map.view()
    const seen =
      box && box[0] < extent[2] && box[2] > extent[0] && box[1] < extent[3] && box[3] > extent[1]
    if (box && !seen) map.fit(box, { maxZoom: 19 })
    const left = found.length - rest.length - 1
    if (left > 0) say('yellow', t('pasteLeft', { count: left }))
  }

  useKey(
    wanted.length > 0 ? (event) => isOneOf(KEYS.copy.copy, event) : null,
    () => void copyWanted(),
  )
  useKey(items.length > 0 ? (event) => isOneOf(KEYS.copy.paste, event) : null, paste)
  return (
    <>
      <Tool
        label={t('copy')}
        shortcut={KEYS.copy.copy[0]}
        disabled={wanted.length === 0}
        onClick={() => void copyWanted()}
      >
        <IconCopy size={18} />
      </Tool>
      <Tool
        label={t('paste')}
        shortcut={KEYS.copy.paste[0]}
        disabled={items.length === 0}
        onClick={paste}
      >
        <IconClipboardText size={18} />
      </Tool>
    </>
  )
}
