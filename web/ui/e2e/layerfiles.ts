/** Layers that only a test has: tables of their own, and layer files in the folder that the server watches. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { json } from './api'
import { type Reach, sql } from './server'

/** The text of layer files, without their first lines, by the names of the layers. */
export type LayerFiles = Record<string, string>

/** Makes the tables and drops the layer files into the running server; answers when it serves them. */
export async function makeLayers(reach: Reach, tables: string, files: LayerFiles): Promise<void> {
  await sql(reach, tables)
  const folder = join(reach.data, 'layers')
  await mkdir(folder, { recursive: true })
  for (const [id, text] of Object.entries(files)) {
    await writeFile(join(folder, `${id}.yaml`), `id: ${id}\npublic: true${text}`)
  }
  const served = async () => {
    const { layers } = await json<{ layers: { id: string }[] }>(reach, '/api/layers')
    return Object.keys(files).every((id) => layers.some((layer) => layer.id === id))
  }
  for (let tries = 0; !(await served()); tries++) {
    if (tries > 100) throw new Error(`not served: ${Object.keys(files)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Takes the layer files away again: the other tests know nothing of them. */
export async function clearLayers(reach: Reach, files: LayerFiles): Promise<void> {
  for (const id of Object.keys(files)) await rm(join(reach.data, 'layers', `${id}.yaml`))
}
