/** What keys ask of an edit. */
import type { EditState, EditTool } from '../map/api'
import type { EditKey } from './keys'
import type { Gestures } from './tools'

interface Commanded {
  readonly state: EditState
  undo(): void
  redo(): void
  setTool(tool: EditTool): void
  cancel(): void
}

/** Does what a key asks; false when it means nothing now and belongs to others. */
export function perform(command: EditKey, edit: Commanded, gestures: Gestures): boolean {
  const { pen, modify } = gestures
  switch (command) {
    case 'undo':
      edit.undo()
      return true
    case 'redo':
      edit.redo()
      return true
    case 'finish':
      if (!pen?.state.begun) return false
      pen.finish()
      return true
    case 'remove':
      return modify?.removePoint() ?? false
    case 'escape':
      return leave(edit, gestures)
  }
}

function leave(edit: Commanded, { pen, magnet }: Gestures): boolean {
  const { tool, dirty } = edit.state
  if (magnet?.state.picking) magnet.pick(false)
  else if (pen?.abort()) return true
  else if (tool === 'take') edit.setTool('draw')
  else if (tool !== 'draw' && tool !== 'vertices') edit.setTool('vertices')
  else if (!dirty) edit.cancel()
  else return false
  return true
}
