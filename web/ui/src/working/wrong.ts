/** What is wrong with a coverage or a network, as people read it. */
import type { Wrong } from './model'

/** Metres: a gap that is wider on the mean is rather a street or a place than a fault. */
export const WIDE = 2

/** Faults, and land that is nobody's and may well be so. */
export function sorted(wrong: Wrong[]): { faults: Wrong[]; free: Wrong[] } {
  const isFree = ({ kind, width = 0 }: Wrong) => kind === 'gap' && width > WIDE
  return { faults: wrong.filter((each) => !isFree(each)), free: wrong.filter(isFree) }
}
