import { useEffect, useRef } from 'react'

/**
 * Does what a tool does when its letter is pressed on the map or in a toolbar, and leaves the focus
 * on the map, where the crosshair is. Elsewhere letters are for writing.
 */
export function useLetter(letter: string | undefined, act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!letter) return
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (event.key.toLowerCase() !== letter || !here(event.target)) return
      event.preventDefault()
      document.getElementById('map')?.focus()
      latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [letter])
}

const here = (target: EventTarget | null) =>
  target === document.body ||
  (target instanceof Element &&
    target.matches('#map, [role="toolbar"] button, [role="toolbar"] [role="button"]'))
