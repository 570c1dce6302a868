/** Names of tables and fields, made from the words people give them. */

/** Small letters, digits and _, beginning with a letter: as the database likes names. */
export function nameOf(title: string): string {
  const plain = title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 50)
  return /^[0-9]/.test(plain) ? `n${plain}` : plain
}

/** A name that none of the others has. */
export function freeName(title: string, taken: readonly string[]): string {
  const name = nameOf(title)
  for (let i = 1; ; i++) {
    const tried = i === 1 ? name : `${name.slice(0, 46)}_${i}`
    if (!taken.includes(tried)) return tried
  }
}
