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
import { BARS } from '../shortcuts/table'
import type { NetworkTool, WorkingSession, WorkingState } from './api'
import { Healing } from './Healing'

const TOOLS: {
  name: NetworkTool
  Icon: typeof IconVector
  /** It is about the one edge that is chosen. */
  one?: true
  /** With edges chosen it is done at once, for them. */
  atOnce?: (session: WorkingSession, ids: string[]) => void
}[] = [
  { name: 'nodes', Icon: IconVector },
  { name: 'draw-edge', Icon: IconPencilPlus },
  { name: 'connect', Icon: IconPlugConnected },
  { name: 'put-node', Icon: IconCirclePlus },
  { name: 'merge-through', Icon: IconGitMerge },
  {
    name: 'reverse',
    Icon: IconArrowsExchange,
    atOnce: (session, ids) => void session.do({ kind: 'reverse', ids }),
  },
  { name: 'reroute', Icon: IconVectorSpline, one: true },
  { name: 'delete', Icon: IconEraser, atOnce: (session) => session.remove() },
]

/** The tools of a network: edges that meet at nodes go on meeting there. */
export function NetworkTools({ session, state }: { session: WorkingSession; state: WorkingState }) {
  const { t } = useTranslation('network')
  const { tool, chosen, question } = state
  return (
    <>
      {TOOLS.map(({ name, Icon, one, atOnce }) => (
        <Tool
          key={name}
          label={t(`tool.${name}`)}
          letter={BARS.network.letters[`tool.${name}`]}
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
