import type { TestProject } from 'vitest/node'
import { type Reach, startServer } from './server'

declare module 'vitest' {
  interface ProvidedContext {
    reach: Reach
  }
}

/** Starts the program once for all files, and stops it whatever happened. */
export default async function setup(project: TestProject) {
  const { reach, stop } = await startServer()
  project.provide('reach', reach)
  return stop
}
