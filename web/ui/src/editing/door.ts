/** The editing session as the page holds it from the start: its tools load when the first edit begins. */
import type { Figure } from '../drawing/figures'
import type {
  ChangeEvent,
  Coordinate,
  EditDraft,
  EditSession,
  EditState,
  EditTool,
  Feature,
  FeatureRef,
  Geometry,
  Hit,
  LayerInfo,
  Pieces,
  ShapeChange,
} from '../map/api'
import { Door } from '../map/door'
import type { EditHost } from './host'
import type { Editing } from './session'
import { IDLE } from './state'

export class EditDoor extends Door<EditState, Editing> implements EditSession {
  constructor(host: EditHost) {
    super(IDLE, { ...IDLE, unreachable: true }, async () => {
      const { Editing } = await import('./session')
      return new Editing(host)
    })
  }

  load(): void {
    this.session.do(() => undefined)
  }

  startDraw(layer: LayerInfo, figure?: Figure): void {
    this.session.do((session) => session.startDraw(layer, figure))
  }

  startModify(layer: LayerInfo, feature: Feature): void {
    this.session.do((session) => session.startModify(layer, feature))
  }

  restore(layer: LayerInfo, draft: EditDraft): void {
    this.session.do((session) => session.restore(layer, draft))
  }

  deleted(ref: FeatureRef): void {
    this.session.do((session) => session.deleted(ref))
  }

  cancel(): void {
    this.session.forget()
    this.session.value?.cancel()
  }

  change(change: ShapeChange): void {
    this.session.value?.change(change)
  }

  choose(hit: Hit): void {
    this.session.value?.choose(hit)
  }

  clicked(at: Coordinate): void {
    this.session.value?.clicked(at)
  }

  pieces(): Pieces {
    return this.session.value?.pieces() ?? { made: [], taken: [] }
  }

  setTool(tool: EditTool): void {
    this.session.value?.setTool(tool)
  }

  undo(): void {
    this.session.value?.undo()
  }

  redo(): void {
    this.session.value?.redo()
  }

  pending(): Geometry | null {
    return this.session.value?.pending() ?? null
  }

  draft(): EditDraft | null {
    return this.session.value?.draft() ?? null
  }

  replace(geometry: Geometry): void {
    this.session.value?.replace(geometry)
  }

  saved(feature: Feature): void {
    this.session.value?.saved(feature)
  }

  changed(change: ChangeEvent | null): void {
    this.session.value?.changed(change)
  }

  dispose(): void {
    this.session.forget()
    this.session.value?.dispose()
  }
}
