import { usePage } from '../page/state'
import SheetList from './SheetList'
import { SheetPanel } from './SheetPanel'
import { useNotesOnMap } from './useNotesOnMap'
import { useEditor, useSheet } from './useSheet'

/** Notes on the map, and the panel in which they are written. */
export default function Notes() {
  const word = usePage((state) => state.notes)
  const open = usePage(({ tool }) => tool === 'notes')
  if (word !== null) return <OpenSheet key={word} word={word} panel={open} />
  return open && <SheetList />
}

/** A sheet stays on the map while its panel is closed. */
function OpenSheet({ word, panel }: { word: string; panel: boolean }) {
  const open = useSheet(word)
  useEditor(open.sheet)
  useNotesOnMap(open.content, open.editor)
  return panel && <SheetPanel word={word} open={open} />
}
