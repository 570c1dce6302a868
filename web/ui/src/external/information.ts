/** What a service tells of a place, as tables of names and values. */

export type Table = [name: string, value: string][]

/** The tables of a GeoJSON collection. */
export function tablesOf(text: string): Table[] {
  const { features } = JSON.parse(text) as { features?: { properties?: unknown }[] }
  return (features ?? []).map(({ properties }) => tableOf(properties ?? {})).filter((t) => t.length)
}

/** What has a value among properties; shapes and what is made of parts are left out. */
export function tableOf(properties: object): Table {
  return Object.entries(properties)
    .filter(([, value]) => value !== null && value !== '' && typeof value !== 'object')
    .map(([name, value]) => [name, String(value)])
}

/** The words of HTML, rows of its tables on a line each; nothing of it is run or fetched. */
export function wordsOf(html: string): string {
  const inert = new DOMParser().parseFromString(html, 'text/html')
  for (const element of inert.querySelectorAll('style, script, title, head')) element.remove()
  const rows = [...inert.querySelectorAll('tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim() ?? '').join(' : '),
  )
  const words = rows.length > 0 ? rows : (inert.body.textContent ?? '').split('\n')
  return plain(words.join('\n'))
}

/** A text without empty lines; "" for one that says that there is nothing. */
export function plain(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
  const empty = /^(no features were found|search returned no results|aucun résultat)/i
  return lines.length === 0 || empty.test(lines[0] ?? '') || isHeadline(lines)
    ? ''
    : lines.join('\n')
}

/** MapServer's answer of nothing is its headline alone. */
const isHeadline = (lines: string[]) => lines.every((line) => /^GetFeatureInfo results:/.test(line))
