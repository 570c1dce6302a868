import { defineConfig } from 'vitest/config'

/** Figures of the page in a real browser: printed, for a person to compare; none is asserted. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.bench.ts'],
    globalSetup: ['./e2e/setup.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
})
