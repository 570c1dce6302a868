/** Sends a file with its progress, which fetch does not tell. */
import type { FeatureRef } from '../map/api'
import type { Problem } from './model'

export interface Sent {
  /** 0: the connection was lost. */
  status: number
  problem: Problem
}

export function upload(
  { layer, id }: FeatureRef,
  file: File,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const path = [layer, 'features', id].map(encodeURIComponent).join('/')
    request.open('POST', `/api/layers/${path}/documents?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.setRequestHeader('Accept-Language', document.documentElement.lang || 'fr')
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
    request.onload = () =>
      resolve({ status: request.status, problem: problemOf(request.responseText) })
    request.onerror = () => resolve({ status: 0, problem: {} })
    request.onabort = request.onerror
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function problemOf(text: string): Problem {
  try {
    return JSON.parse(text) as Problem
  } catch {
    return {}
  }
}
