import {
  IconArrowsExchange,
  IconCirclePlus,
  IconEraser,
  IconGitMerge,
  IconPencilPlus,
  IconPlugConnected,
  IconVector,
  IconVectorSpline,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import type { NetworkTool, WorkingSession, WorkingState } from './api'
import { Healing } from './Healing'

const TOOLS: {
  name: NetworkTool
  letter: string
  Icon: typeof IconVector
  /** It is about the one edge that is chosen. */
  one?: true
  /** With edges chosen it is done at once, for them. */
  atOnce?: (session: WorkingSession, ids: string[]) => void
}[] = [
  { name: 'nodes', letter: 'v', Icon: IconVector },
  { name: 'draw-edge', letter: 'd', Icon: IconPencilPlus },
  { name: 'connect', letter: 'b', Icon: IconPlugConnected },
  { name: 'put-node', letter: 'n', Icon: IconCirclePlus },
  { name: 'merge-through', letter: 'm', Icon: IconGitMerge },
  {
    name: 'reverse',
    letter: 'i',
    Icon: IconArrowsExchange,
    atOnce: (session, ids) => void session.do({ kind: 'reverse', ids }),
  },
  { name: 'reroute', letter: 'r', Icon: IconVectorSpline, one: true },
  { name: 'delete', letter: 'x', Icon: IconEraser, atOnce: (session) => session.remove() },
]

/** The tools of a network: edges that meet at nodes go on meeting there. */
export function NetworkTools({ session, state }: { session: WorkingSession; state: WorkingState }) {
  const { t } = useTranslation('network')
  const { tool, chosen, question } = state
  return (
    <>
      {TOOLS.map(({ name, letter, Icon, one, atOnce }) => (
        <Tool
          key={name}
          label={t(`tool.${name}`)}
          letter={letter}
          pressed={tool === name}
          disabled={one && chosen.length !== 1}
          onClick={() => {
            if (atOnce && chosen.length > 0) atOnce(session, chosen)
            else session.use(tool === name ? 'choose' : name)
          }}
        >
          <Icon size={18} />
        </Tool>
      ))}
      {question && (
        <Healing question={question} onAnswer={(operation) => session.answer(operation)} />
      )}
    </>
  )
}
