import { useMutation, useQuery } from '@tanstack/react-query'
import { answer, http } from '../api/client'
import { keys } from '../api/queries'
import type { components } from '../api/schema'

export type Job = components['schemas']['Job']

export const atWork = (job: Job | undefined) => job?.state === 'waiting' || job?.state === 'running'

/** The stream of changes tells when a job moves; where it is cut off one looks now and then (ms). */
const GLANCE = 2000

/** Long work as it goes on, from what the server said when it was ordered. */
export function useJob(ordered: Job | undefined) {
  const id = ordered?.id
  const { data } = useQuery({
    queryKey: keys.job(id ?? 0),
    queryFn: () => answer<Job>(http.GET('/api/jobs/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== undefined,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !atWork(state.data) ? false : GLANCE),
  })
  const stopping = useMutation({ mutationFn: cancel })
  return {
    job: id === undefined ? undefined : (data ?? ordered),
    stop: () => id !== undefined && stopping.mutate(id),
  }
}

export const cancel = (id: number) =>
  answer<Job>(http.POST('/api/jobs/{id}/cancel', { params: { path: { id } } }))
