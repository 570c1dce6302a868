import { Button, Checkbox, Divider, Group, Popover, Stack, TextInput } from '@mantine/core'
import { IconNumbers } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import type { Coordinate } from '../map/api'
import { usePreferences } from '../page/state'
import { names } from '../status/crs'
import { toMap } from '../status/projection'
import { coordinates, number, polar, step } from './numbers'

/** Places vertices by what is typed: the next side, or coordinates. */
export default function NumbersMenu({
  placed,
  onPlace,
}: {
  placed: Coordinate[]
  onPlace: (at: Coordinate) => void
}) {
  const { t } = useTranslation('drawing')
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Tool
          label={t('numbers.title')}
          letter="n"
          expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <IconNumbers size={18} />
        </Tool>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('numbers.title')}>
        <Stack gap="sm" w={260}>
          {placed.length > 0 && (
            <>
              <NextSide placed={placed} onPlace={onPlace} />
              <Divider />
            </>
          )}
          <ByCoordinates onPlace={onPlace} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function NextSide({
  placed,
  onPlace,
}: {
  placed: Coordinate[]
  onPlace: (at: Coordinate) => void
}) {
  const { t } = useTranslation('drawing')
  const [length, setLength] = useState('')
  const [angle, setAngle] = useState('')
  const [relative, setRelative] = useState(false)
  const [wrong, setWrong] = useState<'length' | 'angle' | null>(null)
  const [before, last] = placed.length > 1 ? placed : [undefined, placed[0]]
  const turning = relative && before !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const metres = number(length)
    const degrees = number(angle)
    if (metres === null || metres <= 0) setWrong('length')
    else if (degrees === null) setWrong('angle')
    else if (last) {
      const base = turning ? polar(before, last).azimuth : 0
      setWrong(null)
      onPlace(step(last, metres, base + degrees))
    }
  }
  return (
    <form onSubmit={submit} aria-label={t('numbers.side')}>
      <Stack gap={6}>
        <TextInput
          size="xs"
          label={t('numbers.length')}
          value={length}
          inputMode="decimal"
          error={wrong === 'length' && t('numbers.wrongLength')}
          onChange={(event) => setLength(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={t(turning ? 'numbers.turn' : 'numbers.azimuth')}
          value={angle}
          inputMode="decimal"
          error={wrong === 'angle' && t('numbers.wrongAngle')}
          onChange={(event) => setAngle(event.currentTarget.value)}
        />
        <Group justify="space-between">
          <Checkbox
            size="xs"
            label={t('numbers.relative')}
            checked={turning}
            disabled={before === undefined}
            onChange={(event) => setRelative(event.currentTarget.checked)}
          />
          <Button size="compact-sm" type="submit">
            {t('numbers.place')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function ByCoordinates({ onPlace }: { onPlace: (at: Coordinate) => void }) {
  const { t } = useTranslation('drawing')
  const crs = usePreferences((state) => state.crs)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const place = coordinates(text, crs)
    setWrong(place === null)
    if (place) onPlace(toMap(place.given, place.crs))
  }
  return (
    <form onSubmit={submit} aria-label={t('numbers.coordinates')}>
      <Stack gap={6}>
        <TextInput
          size="xs"
          label={`${t('numbers.coordinates')} (${names[crs]})`}
          value={text}
          error={wrong && t('numbers.wrongCoordinates')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="compact-sm" type="submit" style={{ alignSelf: 'end' }}>
          {t('numbers.place')}
        </Button>
      </Stack>
    </form>
  )
}
