import { Combobox, Kbd, Loader, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Found } from '../api/model'
import { crsQuery, searchQuery } from '../api/queries'
import { useFoundViews } from '../bookmarks/useFoundViews'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { usePage, usePreferences } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useTown } from '../page/useTown'
import { KEYS } from '../shortcuts/table'
import { looksLikePlace } from '../status/crs'
import type { Place } from '../status/places'
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
  const { places, looking } = usePlaces(text)
  const kept = useFoundViews(text.trim())
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const results = text.trim() ? found : NONE
  useHotkeys(
    KEYS.page.search.map((key) => [key.replace('Control', 'mod'), () => input.current?.focus()]),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first answer is proposed whenever the answers change
  useEffect(() => void combobox.selectFirstOption(), [results, kept.views.length, places])

  function choose(key: string) {
    const view = kept.views.find(({ id }) => viewKey(id) === key)
    const hit = results.find((each) => keyOf(each) === key)
    const place = places.find((each) => codeOf(each) === key)
    if (view) kept.goTo(view.view)
    else if (hit) select({ layer: hit.layer, id: hit.id }, { fit: hit.bbox })
    else if (place) goTo(place)
    combobox.closeDropdown()
    input.current?.blur()
  }

  function goTo({ at }: Place) {
    map.setView(at, Math.max(map.view().zoom, 17))
    usePage.setState({ pin: at })
  }

  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 6 })
  const groups = [...Map.groupBy(results, ({ layer }) => layer)]
  const nothing = places.length === 0 && kept.views.length === 0 && results.length === 0
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
                {KEYS.page.search[0]}
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
          {places.length > 0 && (
            <Combobox.Group label={t('search.coordinates')}>
              {places.map((place) => (
                <Combobox.Option key={codeOf(place)} value={codeOf(place)}>
                  {place.given.map((each) => number.format(each)).join(' ; ')}{' '}
                  <span className={classes.detail}>
                    {place.system.name} ({place.system.code})
                  </span>
                </Combobox.Option>
              ))}
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
                : isFetching || looking || settled !== text.trim()
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
const NOWHERE: Place[] = []

/** The places that a text may mean; what tells them apart loads when there are any. */
function usePlaces(text: string): { places: Place[]; looking: boolean } {
  const client = useQueryClient()
  const town = useTown()
  const crs = usePreferences((state) => state.crs)
  const wanted = looksLikePlace(text)
  const { data, isFetching } = useQuery({
    queryKey: ['places', text, crs, town],
    queryFn: async () => {
      const [{ placesOf }, systems] = await Promise.all([
        import('../status/places'),
        client.ensureQueryData(crsQuery),
      ])
      return placesOf(text, systems, town, crs)
    },
    enabled: wanted,
  })
  return { places: (wanted && data) || NOWHERE, looking: wanted && isFetching }
}

const codeOf = ({ system, given }: Place) => `${system.code} ${given.join()}`

const viewKey = (id: number) => `view/${id}`
const keyOf = ({ layer, id }: Found) => `${layer}/${id}`
