import { type RefObject, useLayoutEffect } from 'react'
import { focusMap } from '../map/focus'

/** A button that goes, or can be pressed no longer, leaves the focus to the map: it is never lost. */
export function useFocusKept(button: RefObject<HTMLElement | null>, disabled = false): void {
  useLayoutEffect(() => {
    if (disabled && document.activeElement === button.current) focusMap()
  }, [button, disabled])
  useLayoutEffect(() => {
    const element = button.current
    return () => {
      if (element !== null && document.activeElement === element) focusMap()
    }
  }, [button])
}
