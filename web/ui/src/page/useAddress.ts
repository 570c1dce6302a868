import i18n from 'i18next'
import { useEffect, useRef } from 'react'
import { useExternal } from '../external/useExternal'
import { recall } from '../layers/recall'
import { useLayers } from '../layers/useLayers'
import { currentLanguage } from '../words/i18n'
import { drawnView } from './drawnView'
import { useMap } from './MapContext'
import { usePage } from './state'
import { read, write } from './url'

/** Keeps the address in step with what is shown, and what is shown with Back and Forward. */
export function useAddress() {
  const map = useMap()
  const { layers, drawn, isPending } = useLayers()
  const { context: external, isPending: awaited } = useExternal()
  const known = useRef({ layers, drawn, external })
  known.current = { layers, drawn, external }
  const ready = layers.length > 0 && !isPending && !awaited
  const written = useRef(location.search.slice(1))
  const again = useRef(() => {})

  useEffect(() => {
    if (!ready) return
    let timer: number | undefined
    const put = () => {
      const { layers, drawn, external } = known.current
      const view = drawnView(map, layers, drawn, external)
      recall.keep(view.layers, view.arrangement)
      const next = write({
        ...view,
        box: null,
        language: currentLanguage(),
      })
      if (next === written.current) return
      const step = isStep(written.current, next)
      written.current = next
      history[step ? 'pushState' : 'replaceState'](null, '', `?${next}`)
    }
    const soon = () => {
      clearTimeout(timer)
      timer = window.setTimeout(put, 200)
    }
    again.current = soon
    const stops = [map.on('view', soon), usePage.subscribe(soon)]
    i18n.on('languageChanged', soon)
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
      i18n.off('languageChanged', soon)
    }
  }, [map, ready])

  // Whoever signs in sees what is kept for him.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen is the reason to say it again
  useEffect(() => again.current(), [layers, drawn])

  useEffect(() => {
    const back = () => {
      written.current = location.search.slice(1)
      const {
        view,
        box: _box,
        selected,
        trail,
        blank,
        language: _,
        ...address
      } = read(location.search)
      const held = map.edit.state.dirty ? {} : { selected, trail, blank, hits: [] }
      const { groups } = usePage.getState().arrangement
      usePage.setState({
        ...address,
        arrangement: { ...address.arrangement, groups },
        ...held,
      })
      if (view) map.setView(view.center, view.zoom)
    }
    window.addEventListener('popstate', back)
    return () => window.removeEventListener('popstate', back)
  }, [map])
}

/** Another record, a new one or another list is a step to come back from; moving the map is not. */
function isStep(before: string, after: string): boolean {
  const subject = (search: string) => {
    const { selected, blank, list } = read(search)
    return JSON.stringify([selected, blank, list?.layer])
  }
  return before !== '' && subject(before) !== subject(after)
}
