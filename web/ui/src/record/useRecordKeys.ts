import { useEffect, useRef } from 'react'
import { isOneOf, KEYS } from '../shortcuts/table'
import { useNeighbours } from './useNeighbours'
import type { Subject } from './useSubject'

/** The form that Ctrl+S saves. */
export const FORM = 'record-form'

/** Ctrl+S saves, Alt with an arrow goes to the record before or after, also while typing. */
export function useRecordKeys(subject: Subject) {
  const { before, after, go } = useNeighbours(subject)
  const act = useRef<(event: KeyboardEvent) => boolean>(() => false)
  act.current = (event) => {
    if (isOneOf(KEYS.record.save, event)) {
      const form = document.getElementById(FORM)
      if (form instanceof HTMLFormElement) form.requestSubmit()
      return form !== null
    }
    const to = isOneOf(KEYS.record.before, event)
      ? before
      : isOneOf(KEYS.record.after, event)
        ? after
        : undefined
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
