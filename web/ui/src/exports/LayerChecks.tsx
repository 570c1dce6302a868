import { Checkbox, ScrollArea, Stack } from '@mantine/core'
import type { LayerInfo } from '../api/model'
import { useLanguage } from '../words/i18n'

interface Props {
  label: string
  layers: readonly LayerInfo[]
  value: string[]
  onChange: (chosen: string[]) => void
  /** Of the list before it scrolls, in pixels. */
  height: number
  disabled?: boolean
}

/** Layers to choose from, several at once. */
export function LayerChecks({ label, layers, value, onChange, height, disabled }: Props) {
  const language = useLanguage()
  return (
    <Checkbox.Group label={label} value={value} onChange={onChange}>
      <ScrollArea.Autosize mah={height} mt={4} viewportProps={{ tabIndex: 0, 'aria-label': label }}>
        <Stack gap={6} p={2}>
          {layers.map(({ id, title }) => (
            <Checkbox key={id} size="xs" value={id} label={title[language]} disabled={disabled} />
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Checkbox.Group>
  )
}
