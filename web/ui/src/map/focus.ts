/** Gives the keyboard to the map, where the arrows and the letters of the tools are heard. */
export const focusMap = (): void => document.getElementById('map')?.focus()
