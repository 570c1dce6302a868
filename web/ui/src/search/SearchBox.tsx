import { Combobox, Kbd, Loader, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Found } from '../api/model'
import { searchQuery } from '../api/queries'
import { useFoundViews } from '../bookmarks/useFoundViews'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { useSelect } from '../page/useSelect'
import { names, type Place, parse } from '../status/crs'
import { useLanguage } from '../words/i18n'
import classes from './search.module.css'

/** Features, parcel numbers, addresses, places and coordinates, all in one box. */
export function SearchBox() {
  const { t } = useTranslation()
  const language = useLanguage()
  const map = useMap()
  const select = useSelect()
  const { registers } = useLayers()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text.trim(), 180)
  const { data: found = [], isFetching, error } = useQuery(searchQuery(settled))
  const place = parse(text)
  const kept = useFoundViews(text.trim())
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const results = text.trim() ? found : NONE
  useHotkeys([
    ['/', () => input.current?.focus()],
    ['mod+K', () => input.current?.focus()],
  ])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first answer is proposed whenever the answers change
  useEffect(() => void combobox.selectFirstOption(), [results, kept.views.length, place?.crs])

  function choose(key: string) {
    const view = kept.views.find(({ id }) => viewKey(id) === key)
    const hit = results.find((each) => keyOf(each) === key)
    if (view) kept.goTo(view.view)
    else if (hit) select({ layer: hit.layer, id: hit.id }, { fit: hit.bbox })
    else if (place) void goTo(place)
    combobox.closeDropdown()
    input.current?.blur()
  }

  async function goTo({ given, crs }: Place) {
    const { toMap } = await import('../status/projection')
    map.setView(toMap(given, crs), Math.max(map.view().zoom, 17))
  }

  const groups = [...Map.groupBy(results, ({ layer }) => layer)]
  const nothing = !place && kept.views.length === 0 && results.length === 0
  return (
    <Combobox store={combobox} onOptionSubmit={choose} classNames={{ dropdown: classes.dropdown }}>
      <Combobox.Target>
        <TextInput
          ref={input}
          className={classes.box}
          type="search"
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={
            isFetching ? (
              <Loader size={14} aria-label={t('loading')} />
            ) : (
              <Kbd size="xs" visibleFrom="sm">
                /
              </Kbd>
            )
          }
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            combobox.openDropdown()
          }}
          onFocus={() => {
            input.current?.select()
            combobox.openDropdown()
          }}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Escape') combobox.closeDropdown()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text.trim() === ''}>
        <Combobox.Options className={classes.options}>
          {place && (
            <Combobox.Group label={t('search.coordinates')}>
              <Combobox.Option value="place">
                {place.given.join(' ; ')} <span className={classes.detail}>{names[place.crs]}</span>
              </Combobox.Option>
            </Combobox.Group>
          )}
          {kept.views.length > 0 && (
            <Combobox.Group label={t('map.bookmarks')}>
              {kept.views.map(({ id, name }) => (
                <Combobox.Option key={id} value={viewKey(id)}>
                  {name}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {groups.map(([id, hits]) => (
            <Combobox.Group
              key={id}
              label={registers.find((layer) => layer.id === id)?.title[language] ?? id}
            >
              {hits.map((hit) => (
                <Combobox.Option key={keyOf(hit)} value={keyOf(hit)}>
                  {hit.label} {hit.detail && <span className={classes.detail}>{hit.detail}</span>}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {nothing && (
            <Combobox.Empty>
              {error
                ? t('search.failed')
                : isFetching || settled !== text.trim()
                  ? t('search.searching')
                  : t('search.nothing')}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

const NONE: Found[] = []

const viewKey = (id: number) => `view/${id}`
const keyOf = ({ layer, id }: Found) => `${layer}/${id}`
