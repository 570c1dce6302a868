/** Sizes, kinds and addresses of the files of a record. */
import type { Document } from '../api/model'
import type { Language } from '../map/api'

const KILO = 1024
const UNITS = { fr: ['octets', 'Ko', 'Mo'], en: ['bytes', 'KB', 'MB'] } as const

export function fileSize(bytes: number, language: Language): string {
  const power = bytes >= KILO * KILO ? 2 : bytes >= KILO ? 1 : 0
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  return `${number.format(bytes / KILO ** power)} ${UNITS[language][power]}`
}

/** Whether a type is among those allowed; a type that the browser does not know is left to the server. */
export function accepted(accept: string[], type: string): boolean {
  return (
    accept.length === 0 ||
    type === '' ||
    accept.some(
      (each) => each === type || (each.endsWith('*') && type.startsWith(each.slice(0, -1))),
    )
  )
}

/** Those that the browser opens; the others are only saved. */
const OPENED = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
]

export const opens = ({ mediaType }: Document) => OPENED.includes(mediaType)

export const contentOf = ({ id }: Document, download = false) =>
  `/api/documents/${id}/content${download ? '?download=1' : ''}`

export const previewOf = ({ id }: Document) => `/api/documents/${id}/preview`
