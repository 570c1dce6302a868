import { useEffect } from 'react'
import { withVisible } from '../layers/arrangement'
import { page } from '../page/state'

/** Has the map show the layers that are edited: of a network its nodes too. */
export function useInView(layers: readonly string[] = []): void {
  const names = layers.join()
  useEffect(() => {
    for (const id of names ? names.split(',') : []) {
      page.arrange((arrangement) => withVisible(arrangement, id, true))
    }
  }, [names])
}
