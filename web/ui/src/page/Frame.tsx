import { useMediaQuery } from '@mantine/hooks'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TreeLoading } from '../layers/TreeLoading'
import { useLayers } from '../layers/useLayers'
import { useSave } from '../record/useSave'
import { useShapeDraft } from '../record/useShapeDraft'
import { useSubject } from '../record/useSubject'
import { useArrival } from '../session/useArrival'
import { useSession } from '../session/useSession'
import { StatusBar } from '../status/StatusBar'
import { useInView } from '../working/useInView'
import { useWorking } from '../working/useWorking'
import classes from './frame.module.css'
import { Header } from './Header'
import { useMap } from './MapContext'
import { MapPane } from './MapPane'
import { Part } from './Part'
import { SidePanel } from './SidePanel'
import { usePage } from './state'
import { useAddress } from './useAddress'
import { useChanges } from './useChanges'
import { useFirstMap } from './useFirstMap'
import { useMapSync } from './useMapSync'

const Messages = lazy(() => import('./Messages'))
const EditToolbar = lazy(() =>
  import('../editing/Toolbar').then(({ EditToolbar }) => ({ default: EditToolbar })),
)
const WorkingBar = lazy(() => import('../working/WorkingBar'))
const Unsaved = lazy(() => import('../working/Unsaved'))
const StylePanel = lazy(() => import('../styling/StylePanel'))
const LayerTree = lazy(() => import('../layers/LayerTree'))
const LayersDrawer = lazy(() => import('../layers/LayersDrawer'))
const SignInDialog = lazy(() => import('../session/SignInDialog'))
const PasswordDialog = lazy(() => import('../session/PasswordDialog'))
const ForgotDialog = lazy(() => import('../session/ForgotDialog'))
const ResetDialog = lazy(() => import('../session/ResetDialog'))
const TokensDialog = lazy(() => import('../admin/TokensDialog'))
const AdminDialog = lazy(() => import('../admin/AdminDialog'))
const DesignDialog = lazy(() => import('../design/DesignDialog'))
const ImportDialog = lazy(() => import('../imports/ImportDialog'))
const DashboardDialog = lazy(() => import('../dashboard/DashboardDialog'))
const TilesDialog = lazy(() => import('../exports/TilesDialog'))
const ShortcutsDialog = lazy(() => import('../shortcuts/ShortcutsDialog'))
const DeleteDialog = lazy(() => import('../record/DeleteDialog'))

/** The page around the map: header above, layers left, what is selected right, status below. */
export function Frame({ startsAt }: { startsAt: boolean }) {
  const { t } = useTranslation()
  const map = useMap()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const layersOpen = usePage((state) => state.layersOpen)
  const styling = usePage((state) => state.styling)
  const { layers, context } = useLayers()
  const now = usePage((state) => state.moment === null)
  const selected = usePage((state) => state.selected)
  const styled = layers.find(({ id }) => id === styling)
  const { layer: working, working: set } = useWorking(map.working)
  useInView(set?.layers)
  const atWork = layers.find(({ id }) => id === working)
  const { session } = useSession()
  const subject = useSubject()
  const save = useSave(subject)
  const [deleting, setDeleting] = useState(false)
  useMapSync(startsAt)
  useAddress()
  useShapeDraft()
  const inStep = useChanges()
  const mapShown = useFirstMap()

  const topmostFirst = context
    .toReversed()
    .sort((a, b) => Number(b.visible) - Number(a.visible)) // what is hidden comes last
    .flatMap(({ id }) => layers.find((layer) => layer.id === id) ?? [])
  const shown = new Set(context.filter(({ visible }) => visible).map(({ id }) => id))
  const hideLayers = () => usePage.setState({ layersOpen: false })
  const editable =
    subject?.feature?.editable && layers.some(({ id }) => id === subject.layer.id)
      ? subject.feature
      : null
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#map">
        {t('skipToMap')}
      </a>
      <Part>{mapShown && <Messages />}</Part>
      <Header narrow={narrow} />
      {narrow ? (
        <Part>{layersOpen && <LayersDrawer onClose={hideLayers} />}</Part>
      ) : (
        layersOpen &&
        !styled && (
          <nav className={classes.layers} aria-label={t('layers.title')}>
            <Part fallback={<TreeLoading />}>{mapShown ? <LayerTree /> : <TreeLoading />}</Part>
          </nav>
        )
      )}
      <MapPane>
        <Part>
          {atWork && (
            <WorkingBar layer={atWork} layers={topmostFirst.filter(({ id }) => shown.has(id))} />
          )}
          {now && !atWork && layers.some(({ editableIn }) => editableIn.length > 0) && (
            <EditToolbar
              edit={map.edit}
              layers={topmostFirst}
              selected={editable}
              saving={save.saving}
              onSave={() => void save.save(subject?.layer.editableIn[0])}
              onDelete={() => setDeleting(true)}
              onWorking={(layer) =>
                void map.working.start(layer, selected?.layer === layer.id ? [selected.id] : [])
              }
            />
          )}
          {now && !atWork && session?.user && <Unsaved layers={layers} />}
        </Part>
      </MapPane>
      <SidePanel subject={subject} save={save} narrow={narrow} />
      <Part>{styled && <StylePanel key={styled.id} layer={styled} />}</Part>
      <StatusBar inStep={inStep} />
      <Dialogs />
      <Part>
        {deleting && subject && editable && (
          <DeleteDialog
            layer={subject.layer}
            feature={editable}
            save={save}
            onClose={() => setDeleting(false)}
          />
        )}
      </Part>
    </div>
  )
}

function Dialogs() {
  useArrival()
  const dialog = usePage((state) => state.dialog)
  const importing = usePage((state) => state.importing)
  const { registers } = useLayers()
  const target = registers.find(({ id }) => id === importing)
  const close = () => usePage.setState({ dialog: null })
  return (
    <Part>
      {dialog === 'signIn' && <SignInDialog onClose={close} />}
      {dialog === 'password' && <PasswordDialog onClose={close} />}
      {dialog === 'forgot' && <ForgotDialog onClose={close} />}
      {dialog === 'reset' && <ResetDialog onClose={close} />}
      {dialog === 'tokens' && <TokensDialog onClose={close} />}
      {dialog === 'admin' && <AdminDialog onClose={close} />}
      {target && (
        <ImportDialog
          key={target.id}
          layer={target}
          onClose={() => usePage.setState({ importing: null })}
        />
      )}
      {dialog === 'dashboard' && <DashboardDialog onClose={close} />}
      {dialog === 'design' && <DesignDialog onClose={close} />}
      {dialog === 'tiles' && <TilesDialog onClose={close} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={close} />}
    </Part>
  )
}
