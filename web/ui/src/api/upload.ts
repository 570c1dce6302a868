/** Sends a file with its progress, which fetch does not tell. */
import type { FeatureRef } from '../map/api'
import type { Problem } from './model'

export interface Sent {
  /** 0: the connection was lost. */
  status: number
  problem: Problem
  /** What the server said. */
  text: string
}

/** Attaches a file to a record. */
export function upload(
  { layer, id }: FeatureRef,
  file: File,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  const path = [layer, 'features', id].map(encodeURIComponent).join('/')
  const to = `/api/layers/${path}/documents?name=${encodeURIComponent(file.name)}`
  return send(to, file, file.type || 'application/octet-stream', progress, signal)
}

/** Sends files that are to be imported into a layer, such as the parts of a shapefile. */
export function uploadImport(
  layer: string,
  files: File[],
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  const form = new FormData()
  for (const file of files) form.append('file', file, file.name)
  return send(`/api/layers/${encodeURIComponent(layer)}/imports`, form, null, progress, signal)
}

function send(
  path: string,
  body: XMLHttpRequestBodyInit,
  type: string | null,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    if (type) request.setRequestHeader('Content-Type', type)
    request.setRequestHeader('Accept-Language', document.documentElement.lang || 'fr')
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
    request.onload = () =>
      resolve({
        status: request.status,
        problem: problemOf(request.responseText),
        text: request.responseText,
      })
    request.onerror = () => resolve({ status: 0, problem: {}, text: '' })
    request.onabort = request.onerror
    signal.addEventListener('abort', () => request.abort())
    request.send(body)
  })
}

function problemOf(text: string): Problem {
  try {
    return JSON.parse(text) as Problem
  } catch {
    return {}
  }
}
