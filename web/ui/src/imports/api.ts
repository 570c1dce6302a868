/** What the import assistant asks of the server. */
import { answer, http } from '../api/client'
import type { components } from '../api/schema'
import type { Job } from '../jobs/useJob'

type Schemas = components['schemas']
export type Plan = Schemas['Plan']
export type Reading = Schemas['Reading']
export type Inspection = Schemas['Inspection']
export type Sent = Schemas['Import']

/** A record that cannot be imported. */
export interface Reject {
  row: number
  reason: string
  values: string[]
}

/** What became of an import, or would. */
export interface Outcome {
  import: number
  dryRun: boolean
  written: boolean
  created: number
  updated: number
  unchanged: number
  skipped: number
  rejected: number
  references: number
  rejects: Reject[]
  columns: string[]
  cause: string
}

export const inspect = (id: number, reading?: Reading, table?: string) =>
  answer<Inspection>(
    http.POST('/api/imports/{id}/inspect', { params: { path: { id } }, body: { reading, table } }),
  )

export const run = (id: number, plan: Plan, dryRun: boolean) =>
  answer<Job>(
    http.POST('/api/imports/{id}/run', { params: { path: { id } }, body: { plan, dryRun } }),
  )
