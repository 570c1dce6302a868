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

function quantity(value: number, unit: string, digits: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: digits,
  }).format(value)
}
