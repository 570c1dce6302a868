import { useQuery } from '@tanstack/react-query'
import { crsQuery } from '../api/queries'
import { type System, WGS84 } from './crs'

const WORLD: System[] = [WGS84]

/** The systems in which the viewer's territory is described, its own first. */
export function useSystems(): System[] {
  const { data = WORLD } = useQuery(crsQuery)
  return data
}
