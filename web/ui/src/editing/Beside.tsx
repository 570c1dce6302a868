import { Button, Popover, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../drawing/numbers'
import type { ShapeChange } from '../map/api'
import { Tool } from './Tool'

type Beside = Extract<ShapeChange, { kind: 'buffer' | 'offset' }>

/** A shape at a distance from the one edited: asks how far, to which side, and how it goes round corners. */
export function Beside({
  kind,
  letter,
  line,
  corners: usual,
  busy,
  icon,
  onGiven,
}: {
  kind: Beside['kind']
  letter: string
  /** Beside a line, not around an area. */
  line: boolean
  corners: Beside['corners']
  busy: boolean
  icon: ReactNode
  onGiven: (change: Beside) => void
}) {
  const { t } = useTranslation('shape')
  const [opened, setOpened] = useState(false)
  const [text, setText] = useState('')
  const [side, setSide] = useState('1')
  const [corners, setCorners] = useState<Beside['corners']>(usual)
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const metres = number(text)
    const fine = metres !== null && metres > 0
    setWrong(!fine)
    if (!fine) return
    setOpened(false)
    onGiven({ kind, distance: metres * Number(side), corners })
  }
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      trapFocus
      returnFocus
      withArrow
    >
      <Popover.Target>
        <Tool
          label={t(`tool.${kind}`)}
          letter={letter}
          expanded={opened}
          disabled={busy}
          onClick={() => setOpened(!opened)}
        >
          {icon}
        </Tool>
      </Popover.Target>
      <Popover.Dropdown aria-label={t(`tool.${kind}`)}>
        <form onSubmit={submit}>
          <Stack gap="xs" w={220}>
            <TextInput
              size="xs"
              label={t('distance')}
              value={text}
              inputMode="decimal"
              error={wrong && t('wrongDistance')}
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
            />
            <SegmentedControl
              size="xs"
              aria-label={t('side')}
              value={side}
              onChange={setSide}
              data={
                line
                  ? [
                      { value: '1', label: t('left') },
                      { value: '-1', label: t('right') },
                    ]
                  : [
                      { value: '1', label: t('outwards') },
                      { value: '-1', label: t('inwards') },
                    ]
              }
            />
            <Select
              size="xs"
              label={t('corners')}
              comboboxProps={{ withinPortal: false }}
              allowDeselect={false}
              value={corners}
              onChange={(value) => setCorners((value as Beside['corners'] | null) ?? usual)}
              data={(['round', 'mitre', 'bevel'] as const).map((each) => ({
                value: each,
                label: t(`corner.${each}`),
              }))}
            />
            <Button size="xs" type="submit">
              {t(`go.${kind}`)}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
