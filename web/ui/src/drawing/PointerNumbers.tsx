import {
  Button,
  Checkbox,
  CloseButton,
  Group,
  Paper,
  Portal,
  SimpleGrid,
  Text,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Coordinate } from '../map/api'
import { focusMap } from '../map/focus'
import { usePreferences } from '../page/state'
import { useTown } from '../page/useTown'
import { systemOf } from '../status/crs'
import { placesOf } from '../status/places'
import { isGeographic } from '../status/projection'
import { useSystems } from '../status/useSystems'
import type { DrawingTools, PenState } from './api'
import { number, polar, step } from './numbers'

type Field = 'length' | 'angle' | 'x' | 'y'
const EMPTY: Record<Field, string> = { length: '', angle: '', x: '', y: '' }
const WIDTH = 270
const HEIGHT = 210

interface Props {
  tools: DrawingTools
  pen: PenState
  /** The digit that opened it. */
  typed: string
  onClose: () => void
}

/**
 * Numbers for the next vertex, beside the pointer: the side that follows it keeps to the length and
 * the angle as they are typed; Enter places the vertex where both are given, or coordinates.
 */
export default function PointerNumbers(props: Props) {
  return (
    <Portal>
      <Numbers {...props} />
    </Portal>
  )
}

/** Within the portal: what it has is there when its effects run, and takes the keyboard. */
function Numbers({ tools, pen: { placed, side }, typed, onClose }: Props) {
  const { t } = useTranslation('drawing')
  const crs = usePreferences((state) => state.crs)
  const systems = useSystems()
  const town = useTown()
  const system = systemOf(crs, systems)
  const degrees = isGeographic(system)
  const last = placed.at(-1)
  const before = placed.at(-2)
  const opening: Field = last ? 'length' : 'x'
  const [values, setValues] = useState({ ...EMPTY, [opening]: typed })
  const [relative, setRelative] = useState(false)
  const [wrong, setWrong] = useState<Field | null>(null)
  const [at] = useState(() => placeOf(tools.where()))
  const first = useRef<HTMLInputElement>(null)
  const turning = relative && before !== undefined
  const base = turning && last ? polar(before, last).azimuth : 0
  const length = number(values.length)
  const angle = number(values.angle)
  const azimuth = angle === null ? null : base + angle

  useEffect(() => {
    tools.hold({ length: length !== null && length > 0 ? length : null, azimuth })
  }, [tools, length, azimuth])
  useEffect(() => () => tools.hold({ length: null, azimuth: null }), [tools])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each vertex begins with its first number
  useEffect(() => {
    const input = first.current
    input?.focus()
    input?.setSelectionRange(input.value.length, input.value.length)
  }, [placed.length])

  const close = () => {
    onClose()
    focusMap()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const place = placeTyped()
    if (!place) return
    setWrong(null)
    setValues(EMPTY)
    tools.place(place)
  }
  const placeTyped = (): Coordinate | null => {
    if (!last || values.x || values.y) {
      const text = values.y ? `${values.x} ; ${values.y}` : values.x
      const [found] = placesOf(text, systems, town, crs)
      if (!found) setWrong(values.x ? 'y' : 'x')
      return found?.at ?? null
    }
    if (length === null || length <= 0) setWrong('length')
    else if (azimuth !== null) return step(last, length, azimuth)
    else if (values.angle || !side) setWrong('angle')
    // Without an angle the side goes to where it points.
    else return step(last, length, side.azimuth)
    return null
  }
  const field = (name: Field, label: string, error: string) => (
    <TextInput
      ref={name === opening ? first : undefined}
      size="xs"
      label={label}
      value={values[name]}
      inputMode="decimal"
      autoComplete="off"
      error={wrong === name && error}
      onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
    />
  )
  return (
    <Paper
      component="form"
      role="dialog"
      aria-label={t('numbers.title')}
      shadow="md"
      withBorder
      p="xs"
      w={WIDTH}
      style={{ position: 'fixed', zIndex: 200, ...at }}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    >
      <SimpleGrid cols={2} spacing="xs" verticalSpacing={6}>
        {last && (
          <>
            {field('length', t('numbers.length'), t('numbers.wrongLength'))}
            {field(
              'angle',
              t(turning ? 'numbers.turn' : 'numbers.azimuth'),
              t('numbers.wrongAngle'),
            )}
          </>
        )}
        {field('x', t(degrees ? 'numbers.longitude' : 'numbers.x'), wrongPlace())}
        {field('y', t(degrees ? 'numbers.latitude' : 'numbers.y'), wrongPlace())}
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt={4}>
        {system.name}
      </Text>
      {before && (
        <Checkbox
          size="xs"
          mt={4}
          label={t('numbers.relative')}
          checked={turning}
          onChange={(event) => setRelative(event.currentTarget.checked)}
        />
      )}
      <Group justify="space-between" mt={6}>
        <CloseButton size="sm" aria-label={t('numbers.close')} onClick={close} />
        <Button size="compact-sm" type="submit">
          {t('numbers.place')}
        </Button>
      </Group>
    </Paper>
  )

  function wrongPlace() {
    return t(crs === 'EPSG:4326' ? 'numbers.wrongDegrees' : 'numbers.wrongCoordinates')
  }
}

/** Beside the pointer, and whole on the page. */
function placeOf(pointer: [number, number] | null): { left: number; top: number } {
  const [x, y] = pointer ?? [innerWidth / 2, innerHeight / 2]
  return {
    left: Math.max(8, Math.min(x + 20, innerWidth - WIDTH - 8)),
    top: Math.max(8, Math.min(y + 20, innerHeight - HEIGHT - 8)),
  }
}
