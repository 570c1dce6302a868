import { Alert } from '@mantine/core'

/** What the server found wrong, a line each. */
export function Wrong({ lines }: { lines: string[] }) {
  if (lines.length === 0) return null
  return (
    <Alert color="red" role="alert">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </Alert>
  )
}
