import { Button, Popover, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Tool } from '../editing/Tool'

/** A tool that wants numbers first. */
export function Asking({
  label,
  field,
  go,
  initial = '',
  disabled,
  pressed,
  letter,
  icon,
  onGiven,
}: {
  label: string
  field: string
  go: string
  initial?: string
  disabled: boolean
  pressed: boolean
  letter: string
  icon: ReactNode
  onGiven: (numbers: number[]) => void
}) {
  const [opened, setOpened] = useState(false)
  const [text, setText] = useState(initial)
  const numbers = text
    .trim()
    .split(/[\s;]+/)
    .filter(Boolean)
    .map((word) => Number(word.replace(',', '.')))
  const fine = numbers.length > 0 && numbers.every((n) => n > 0)
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus withArrow>
      <Popover.Target>
        <Tool
          label={label}
          letter={letter}
          pressed={pressed}
          disabled={disabled}
          expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {icon}
        </Tool>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (!fine) return
            setOpened(false)
            onGiven(numbers)
          }}
        >
          <Stack gap="xs">
            <TextInput
              size="xs"
              label={field}
              value={text}
              inputMode="decimal"
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
            />
            <Button size="xs" type="submit" disabled={!fine}>
              {go}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
