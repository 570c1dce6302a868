import type { ReactNode } from 'react'
import { Tool } from '../editing/Tool'
import type { WorkingSession, WorkingTool } from './api'

/** Makes the buttons of the tools that one takes and puts away. */
export const choices =
  <T extends WorkingTool>(session: WorkingSession, taken: WorkingTool) =>
  (name: T, label: string, letter: string, icon: ReactNode, possible = true) => (
    <Tool
      label={label}
      letter={letter}
      pressed={taken === name}
      disabled={!possible}
      onClick={() => session.use(taken === name ? 'choose' : name)}
    >
      {icon}
    </Tool>
  )
