import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { readAsAt } from '../api/client'
import { usePage } from '../page/state'

/** Reads everything anew when the page goes to another moment. */
export function useMoment() {
  const moment = usePage((state) => state.moment)
  const queries = useQueryClient()
  const read = useRef(moment)
  useEffect(() => {
    if (read.current === moment) return
    read.current = moment
    readAsAt(moment)
    void queries.resetQueries({ queryKey: ['feature'] })
    void queries.resetQueries({ queryKey: ['features'] })
  }, [moment, queries])
  return moment
}
