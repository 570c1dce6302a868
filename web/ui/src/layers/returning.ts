/** The layer whose style was being chosen: the keyboard goes back to its row once the tree is there again. */
export const returning: { to: string | null } = { to: null }
