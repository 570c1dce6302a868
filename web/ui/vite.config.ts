import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = 'http://127.0.0.1:8099'

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': server, '/tiles': server, '/ogc': server },
  },
  build: { target: 'es2022' },
  test: { include: ['src/**/*.test.ts'] },
})
