/** Lengths and areas in the reader's manner. */

/** Metres below a kilometre, kilometres from there. */
export function lengthText(metres: number, language: string): string {
  return metres < 1000
    ? quantity(metres, 'meter', metres < 100 ? 2 : 1, language)
    : quantity(metres / 1000, 'kilometer', 3, language)
}

/** Square metres below a hectare, hectares from there. */
export function areaText(squareMetres: number, language: string): string {
  if (squareMetres >= 10_000) return quantity(squareMetres / 10_000, 'hectare', 4, language)
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  return `${number.format(squareMetres)}\u00a0m²`
}

/** As areaText, in French with the hectares, ares and centiares of the land register beside it. */
export function surfaceText(squareMetres: number, language: string): string {
  const plain = areaText(squareMetres, language)
  const whole = Math.round(squareMetres)
  if (language !== 'fr' || whole < 100) return plain
  const parts = [
    [Math.floor(whole / 10_000), 'ha'],
    [Math.floor(whole / 100) % 100, 'a'],
    [whole % 100, 'ca'],
  ] as const
  const number = new Intl.NumberFormat(language)
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${number.format(count)}\u00a0${unit}`)
  const metres = new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(whole)
  return `${metres}\u00a0m² (${said.join('\u00a0')})`
}

function quantity(value: number, unit: string, digits: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: digits,
  }).format(value)
}
