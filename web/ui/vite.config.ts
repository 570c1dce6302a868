import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = 'http://127.0.0.1:8099'

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': server, '/tiles': server, '/ogc': server },
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1100,
    // What the first map needs is one file: 110 small ones compress 30 KB worse.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
    },
  },
  test: { include: ['src/**/*.test.ts'] },
})
