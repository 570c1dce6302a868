/** Runs once the page has laid out what was just changed, a panel that opens beside the map for one. */
export function afterLayout(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run))
}
