/** Moments as the browser's date and time fields write them, in the reader's time zone. */

/** Steps of the slider through the past. */
export const STEPS = 1000

export function localInput(time: number): string {
  const date = new Date(time)
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Null while the field holds no whole moment. */
export function ofLocalInput(text: string): number | null {
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}
