import { useEffect, useRef } from 'react'

/**
 * Does what a tool does when its letter is pressed on the map, in what lies under a click, or in a toolbar, and leaves the focus
 * on the map, where the crosshair is. Elsewhere letters are for writing.
 */
export function useLetter(letter: string | undefined, act: () => void): void {
  useKey(letter === undefined ? null : (key) => key.toLowerCase() === letter, act)
}

/** As useLetter, of any key that is wanted; null: none is. */
export function useKey(
  wanted: ((key: string) => boolean) | null,
  act: (key: string) => void,
  control = false,
): void {
  const latest = useRef({ wanted, act })
  latest.current = { wanted, act }
  const listens = wanted !== null
  useEffect(() => {
    if (!listens) return
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) !== control || event.altKey || event.defaultPrevented)
        return
      if (!latest.current.wanted?.(event.key) || !here(event.target)) return
      event.preventDefault()
      document.getElementById('map')?.focus()
      latest.current.act(event.key)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [listens, control])
}

const here = (target: EventTarget | null) =>
  target === document.body ||
  (target instanceof Element &&
    target.matches('#map, #stack, [role="toolbar"] button, [role="toolbar"] [role="button"]'))
