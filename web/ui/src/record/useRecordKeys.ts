import { useEffect, useRef } from 'react'
import { useNeighbours } from './useNeighbours'
import type { Subject } from './useSubject'

/** The form that Ctrl+S saves. */
export const FORM = 'record-form'

/** Ctrl+S saves, Alt with an arrow goes to the record before or after, also while typing. */
export function useRecordKeys(subject: Subject) {
  const { before, after, go } = useNeighbours(subject)
  const act = useRef<(event: KeyboardEvent) => boolean>(() => false)
  act.current = (event) => {
    const key = event.key.toLowerCase()
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key === 's') {
      const form = document.getElementById(FORM)
      if (form instanceof HTMLFormElement) form.requestSubmit()
      return form !== null
    }
    if (!event.altKey || event.ctrlKey || event.metaKey) return false
    const to = key === 'arrowup' ? before : key === 'arrowdown' ? after : undefined
    if (to) go(to)
    return to !== undefined
  }
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!document.querySelector('[aria-modal="true"]') && act.current(event))
        event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
