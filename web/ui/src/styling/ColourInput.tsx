import { Checkbox } from '@mantine/core'
import { colourOf, textOf } from './colour'
import classes from './styling.module.css'

/** A colour as the browser lets one choose it; how clear it is stays. */
export function ColourInput({
  label,
  value,
  disabled,
  onChange,
}: {
  label: string
  value: string | undefined
  disabled?: boolean
  onChange: (colour: string) => void
}) {
  const { hex, alpha } = colourOf(value)
  return (
    <input
      type="color"
      className={classes.colour}
      aria-label={label}
      value={hex}
      disabled={disabled}
      onChange={(event) =>
        onChange(textOf({ hex: event.currentTarget.value, alpha: value ? alpha : 1 }))
      }
    />
  )
}

/** A colour that may be left out. */
export function OptionalColour({
  label,
  value,
  first,
  onChange,
}: {
  label: string
  value: string | undefined
  /** Taken when it is switched on. */
  first: string
  onChange: (colour: string | undefined) => void
}) {
  return (
    <div className={classes.row}>
      <Checkbox
        size="xs"
        label={label}
        checked={value !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? first : undefined)}
      />
      <ColourInput label={label} value={value} disabled={value === undefined} onChange={onChange} />
    </div>
  )
}
