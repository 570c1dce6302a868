import { useEffect, useRef } from 'react'
import { focusMap } from '../map/focus'
import { isOneOf } from '../shortcuts/table'

/**
 * Does what a tool does when its letter is pressed on the map, in what lies under a click, or in a toolbar, and leaves the focus
 * on the map, where the crosshair is. Elsewhere letters are for writing.
 */
export function useLetter(letter: string | undefined, act: () => void): void {
  useKey(letter === undefined ? null : (event) => isOneOf([letter], event), act)
}

/** As useLetter, of any key that is wanted; null: none is. */
export function useKey(
  wanted: ((event: KeyboardEvent) => boolean) | null,
  act: (event: KeyboardEvent) => void,
): void {
  const latest = useRef({ wanted, act })
  latest.current = { wanted, act }
  const listens = wanted !== null
  useEffect(() => {
    if (!listens) return
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !latest.current.wanted?.(event) || !here(event.target)) return
      event.preventDefault()
      focusMap()
      latest.current.act(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [listens])
}

const here = (target: EventTarget | null) =>
  target === document.body ||
  (target instanceof Element &&
    target.matches('#map, #stack, [role="toolbar"] button, [role="toolbar"] [role="button"]'))
