import { defineConfig } from 'vitest/config'

/** Tests of the whole program in a real browser: one server, one browser, one test at a time. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    globalSetup: ['./e2e/setup.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['verbose'],
  },
})
