import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { mapsQuery } from '../basemaps/api'
import { drawn } from '../layers/arrangement'
import { usePage } from '../page/state'
import type { ExternalLayer } from './api'

const NONE: ExternalLayer[] = []

/** They are shown to who asks for them. */
export const notProposed = ({ id }: ExternalLayer) => ({ id, visible: false })

/** The layers of others that the viewer may see, and how they are drawn, bottom first. */
export function useExternal() {
  const { data, isPending } = useQuery(mapsQuery)
  const external = data?.external ?? NONE
  const arrangement = usePage((state) => state.arrangement)
  const context = useMemo(
    () => drawn(external.map(notProposed), arrangement),
    [external, arrangement],
  )
  return { external, context, isPending }
}
