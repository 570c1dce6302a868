/** The measures at hand: kept until they are cleared, also while the panel is closed. */
import { create } from 'zustand'
import type { Measure, MeasureKind } from './api'

interface Measures {
  open: boolean
  kind: MeasureKind | null
  measures: Measure[]
}

export const useMeasures = create<Measures>()(() => ({ open: false, kind: null, measures: [] }))

export const measures = {
  use: (kind: MeasureKind | null) => useMeasures.setState({ kind }),
  add: (measure: Omit<Measure, 'id'>) =>
    useMeasures.setState(({ measures }) => ({
      measures: [...measures, { ...measure, id: (measures.at(-1)?.id ?? 0) + 1 }],
    })),
  remove: (id: number) =>
    useMeasures.setState(({ measures }) => ({ measures: measures.filter((m) => m.id !== id) })),
  clear: () => useMeasures.setState({ measures: [] }),
}
