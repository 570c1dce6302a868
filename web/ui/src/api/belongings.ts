/**
 * What a person leaves in this tab, such as drafts, steps that wait and the reason for reading
 * personal data. It is kept for whoever signs in again, and not handed to the next.
 */
const OURS = 'arpent.'
const OWNER = `${OURS}owner`

const stores = new Set<() => void>()

/** Forget empties what a store holds in memory. */
export const belongings = { add: (forget: () => void) => void stores.add(forget) }

/** Notes who is signed in; nobody takes nothing away. */
export function belongTo(login: string | undefined): void {
  if (!login) return
  const owner = sessionStorage.getItem(OWNER)
  if (owner !== null && owner !== login) {
    for (const forget of stores) forget()
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(OURS)) sessionStorage.removeItem(key)
    }
  }
  sessionStorage.setItem(OWNER, login)
}
