import {
  IconHistory,
  IconHome,
  IconLassoPolygon,
  IconListDetails,
  IconMinus,
  IconPlus,
  IconRulerMeasure,
} from '@tabler/icons-react'
import { lazy, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useBasket } from '../basket/basket'
import { BookmarksButton } from '../bookmarks/BookmarksButton'
import { CompareButton } from '../compare/CompareButton'
import type { MapController } from '../map/api'
import { NotesButton } from '../notes/NotesButton'
import { useMeasures } from '../reading/measures'
import { useSession } from '../session/useSession'
import { useMoment } from '../time/useMoment'
import classes from './frame.module.css'
import { MapButton } from './MapButton'
import { useMap } from './MapContext'
import { Part } from './Part'
import { page, usePage } from './state'
import { useFirstMap } from './useFirstMap'
import { useTown } from './useTown'

const Backdrop = lazy(() => import('../basemaps/Backdrop'))
const BookmarksPanel = lazy(() => import('../bookmarks/BookmarksPanel'))
const Overlays = lazy(() => import('../external/Overlays'))
const BasketBar = lazy(() => import('../basket/BasketBar'))
const LegendPanel = lazy(() => import('../legend/LegendPanel'))
const MeasurePanel = lazy(() => import('../reading/MeasurePanel'))
const NarrowedSigns = lazy(() => import('../list/NarrowedSigns'))
const ComparePanel = lazy(() => import('../compare/ComparePanel'))
const Swipe = lazy(() => import('../compare/Swipe'))
const Notes = lazy(() => import('../notes/Notes'))
const Pin = lazy(() => import('../status/Pin'))
const SelectPanel = lazy(() => import('../selection/SelectPanel'))
const TimeBar = lazy(() => import('../time/TimeBar'))

/** The map itself, with the tools that lie on it. */
export function MapPane({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const map = useMap()
  const element = useRef<HTMLElement>(null)
  const town = useTown()
  const moment = useMoment()
  const filled = useBasket(({ items }) => items.length > 0)
  const measuring = useMeasures(({ open }) => open)
  const legend = usePage((state) => state.legend)
  const pin = usePage((state) => state.pin)
  const narrowed = usePage((state) => Object.keys(state.narrowed).length > 0)
  const tool = usePage((state) => state.tool)
  const notes = usePage((state) => state.notes)
  const compare = usePage((state) => state.compare)
  const { session } = useSession()
  const shown = useFirstMap()
  useEffect(() => (element.current ? map.attach(element.current) : undefined), [map])
  useEffect(() => (element.current ? keepStill(map, element.current) : undefined), [map])
  const zoom = (by: number) => {
    const view = map.view()
    map.setView(view.center, view.zoom + by)
  }
  return (
    <main className={classes.main}>
      <div className={classes.stage}>
        <section id="map" ref={element} className={classes.map} aria-label={t('map.label')} />
        <Part>{compare && <Swipe compare={compare} />}</Part>
      </div>
      <div className={classes.toolbar}>
        {children}
        <Part>{narrowed && <NarrowedSigns />}</Part>
        <Part>{pin && <Pin at={pin} />}</Part>
      </div>
      <div className={classes.zoom}>
        <MapButton label={t('map.zoomIn')} onClick={() => zoom(1)}>
          <IconPlus size={18} />
        </MapButton>
        <MapButton label={t('map.zoomOut')} onClick={() => zoom(-1)}>
          <IconMinus size={18} />
        </MapButton>
        {town && (
          <MapButton label={t('map.home')} onClick={() => map.fit(town)}>
            <IconHome size={18} />
          </MapButton>
        )}
        <MapButton
          label={t('map.legend')}
          pressed={legend}
          onClick={() => usePage.setState({ legend: !legend })}
        >
          <IconListDetails size={18} />
        </MapButton>
        <MapButton
          label={t('map.measure')}
          pressed={measuring}
          onClick={() => page.measure(!measuring)}
        >
          <IconRulerMeasure size={18} />
        </MapButton>
        <MapButton
          label={t('map.select')}
          pressed={tool === 'select'}
          onClick={() => page.toggle('select')}
        >
          <IconLassoPolygon size={18} />
        </MapButton>
        <BookmarksButton />
        <NotesButton />
        <CompareButton />
        {session?.user && moment === null && (
          <MapButton
            label={t('time.open')}
            onClick={() => usePage.setState({ moment: new Date().toISOString() })}
          >
            <IconHistory size={18} />
          </MapButton>
        )}
      </div>
      <Part>{shown && <Backdrop />}</Part>
      <Part>{shown && <Overlays />}</Part>
      <Part>{legend && <LegendPanel />}</Part>
      <Part>{measuring && <MeasurePanel />}</Part>
      <Part>{(tool === 'notes' || notes !== null) && <Notes />}</Part>
      <Part>{tool === 'compare' && <ComparePanel />}</Part>
      <Part>{tool === 'bookmarks' && <BookmarksPanel />}</Part>
      <Part>{tool === 'select' && <SelectPanel />}</Part>
      <Part>{filled && moment === null && <BasketBar />}</Part>
      <Part>{moment !== null && <TimeBar moment={moment} />}</Part>
    </main>
  )
}

/** The world's width in map units; it is one tile of 512 pixels at zoom 0. */
const WORLD = 2 * 20_037_508.342789244

/** When a panel opens or closes beside it, the map shows more or less but does not move under the pointer. */
function keepStill(map: MapController, element: HTMLElement): () => void {
  let before = element.getBoundingClientRect()
  const observer = new ResizeObserver(() => {
    const after = element.getBoundingClientRect()
    const { center, zoom } = map.view()
    if (before.width > 0 && after.width > 0) {
      const unit = WORLD / 2 ** zoom / 512
      const dx = (after.left + after.right - before.left - before.right) / 2
      const dy = (after.top + after.bottom - before.top - before.bottom) / 2
      if (dx !== 0 || dy !== 0) map.setView([center[0] + dx * unit, center[1] - dy * unit], zoom)
    }
    before = after
  })
  observer.observe(element)
  return () => observer.disconnect()
}
