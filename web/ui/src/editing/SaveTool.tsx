import { Button } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useRef } from 'react'
import { useFocusKept } from './useFocusKept'

/** The button of a bar that saves what is drawn. */
export function SaveTool({
  label,
  saving,
  disabled,
  onSave,
}: {
  label: string
  saving?: boolean
  disabled: boolean
  onSave: () => void
}) {
  const button = useRef<HTMLButtonElement>(null)
  useFocusKept(button, disabled || saving === true)
  return (
    <Button
      ref={button}
      size="xs"
      leftSection={<IconDeviceFloppy size={16} aria-hidden />}
      loading={saving}
      disabled={disabled}
      onClick={onSave}
    >
      {label}
    </Button>
  )
}
