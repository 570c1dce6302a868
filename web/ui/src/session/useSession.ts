import { useQuery, useQueryClient } from '@tanstack/react-query'
import { belongTo } from '../api/belongings'
import { api } from '../api/client'
import type { Session } from '../api/model'
import { keys, sessionQuery } from '../api/queries'
import { useMap } from '../page/MapContext'

/** Who looks at the page, and the ways in and out. */
export function useSession() {
  const queries = useQueryClient()
  const map = useMap()
  const { data: session } = useQuery(sessionQuery)

  /** Another viewer sees other layers, other features, other rights. */
  function became(next: Session) {
    belongTo(next.user?.login)
    queries.setQueryData(keys.session, next)
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    map.refreshAll()
  }

  return {
    session,
    signIn: async (login: string, password: string) => became(await api.signIn(login, password)),
    signOut: async () => {
      await api.signOut()
      map.edit.cancel()
      map.working.stop()
      became(await api.session())
    },
  }
}
